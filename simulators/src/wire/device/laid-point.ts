import type { PointValue } from '@plantroom/contracts';
import type { ByteOrder, ModbusPoint } from '@plantroom/device-profiles';
import { encodeModbus } from '../encode/encode-modbus.ts';
import {
  isLowFirst,
  isPair,
  type NarrowType,
  narrowField,
  narrowType,
  swappedBytes,
  swapsBytes,
} from '../encode/encode-narrow.ts';
import type { EncodeOptions } from '../encode/encoded-words.ts';
import { fromWords, registersOf } from '../encode/words.ts';
import type { RegisterBank } from '../modbus/register-bank.ts';

/** Lays a value of one point into its registers. */
export type LayValue = (value: PointValue) => void;

export interface LaidWhere extends EncodeOptions {
  bank: RegisterBank;
  addresses: readonly number[];
}

/** What does not hang on the value is worked out here: points are laid again with every request. */
export function layingOf(point: ModbusPoint, where: LaidWhere): LayValue {
  const { bank, addresses, ...options } = where;
  const { order } = options;
  const wide: LayValue = (value) => {
    const encoded = encodeModbus(point, value, options);
    if (encoded === undefined) return;
    for (const address of addresses) {
      // Other points may lie in the same register: what says so already is left as it is.
      const so = point.match === undefined ? undefined : means(bank, { point, address, order });
      if (so === undefined || so !== value) bank.put(point.at.table, address, encoded);
    }
  };
  const type = narrowType(point.at);
  if (type === undefined || (point.match !== undefined && !unsigned.has(type))) return wide;
  const lay = narrowLaying(point, { ...where, type });
  return (value) => (value === null ? wide(value) : lay(value));
}

const unsigned: ReadonlySet<NarrowType> = new Set(['bool', 'u16', 'u32']);

/** Straight into the words of the bank. */
function narrowLaying(
  point: ModbusPoint,
  where: LaidWhere & { type: NarrowType },
): (value: Exclude<PointValue, null>) => void {
  const { bank, addresses, type } = where;
  const { match } = point;
  const order = point.at.order ?? where.order ?? 'ABCD';
  const swaps = swapsBytes(order);
  const two = isPair(type);
  const lowAt = two && !isLowFirst(order) ? 1 : 0;
  const words = bank.wordsOf(point.at.table);
  const field = narrowField(point, where);
  const held = (address: number): number => {
    const high = two ? (words[address + 1 - lowAt] ?? 0) << 16 : 0;
    const bits = high | (words[address + lowAt] ?? 0);
    return swaps ? swappedBytes(bits) : bits;
  };
  let last: PointValue = null;
  let bits = 0;
  let mask = 0;
  return (value) => {
    // Most values are what they were a second ago. A float tells 0 from -0.
    if (!Object.is(value, last)) {
      bits = swaps ? swappedBytes(field.bits(value)) : field.bits(value);
      mask = swaps ? swappedBytes(field.mask(value)) : field.mask(value);
      last = value;
    }
    for (const address of addresses) {
      if (match !== undefined && fits(held(address), match) === value) continue;
      bank.lay(words, address + lowAt, bits, mask);
      if (two) bank.lay(words, address + 1 - lowAt, bits >>> 16, mask >>> 16);
    }
  };
}

/** Whether bits are one of the patterns. */
function fits(bits: number, patterns: NonNullable<ModbusPoint['match']>): boolean {
  for (const { mask, value } of patterns) if ((bits & mask) >>> 0 === value) return true;
  return false;
}

/** As `fits`, for words of any width. */
function means(
  bank: RegisterBank,
  { point, address, order }: { point: ModbusPoint; address: number; order: ByteOrder | undefined },
): boolean {
  const { table, type, length, encoding } = point.at;
  const words = [...bank.get(table, address, registersOf(type, length))];
  const raw = fromWords(words, type, {
    order: point.at.order ?? order ?? 'ABCD',
    ...(encoding === undefined ? {} : { encoding }),
  });
  return (point.match ?? []).some(({ mask, value }) => (BigInt(raw) & BigInt(mask)) === BigInt(value));
}
