import { PlantroomError, type PointValue } from '@plantroom/contracts';
import type { ByteOrder, ModbusPoint } from '@plantroom/device-profiles';
import type { EncodedWords, EncodeOptions } from './encoded-words.ts';
import { toRawMeaning } from './meaning.ts';

/** Smallest and largest integer by type. */
const limits = {
  bool: [0, 1],
  u16: [0, 0xffff],
  s16: [-0x8000, 0x7fff],
  u32: [0, 0xffff_ffff],
  s32: [-0x8000_0000, 0x7fff_ffff],
} as const;

type NarrowType = keyof typeof limits | 'f32';

const scratch = new DataView(new ArrayBuffer(4));
const wholeWord = [0xffff];
const wholePair = [0xffff, 0xffff];

/** The type, if plain numbers hold the value: at most 32 bits, two's complement. Most registers are like that, and many are laid each second. */
export function narrowType({ type, encoding, radix }: ModbusPoint['at']): NarrowType | undefined {
  if (encoding !== undefined || radix !== undefined) return undefined;
  switch (type) {
    case 'string':
    case 'u64':
    case 's64':
    case 'f64':
      return undefined;
    default:
      return type;
  }
}

/** As `encodeModbus`, for a point of a narrow type and a value that is there. Throws ENCODE_NOT_FINITE. */
export function encodeNarrow(
  point: ModbusPoint,
  value: Exclude<PointValue, null>,
  { type, ...options }: EncodeOptions & { type: NarrowType },
): EncodedWords {
  const order = point.at.order ?? options.order ?? 'ABCD';
  const lay = (bits: number): number[] => words(bits, { type, order });
  if (point.match !== undefined) {
    const { bits, mask } = pattern(point.match, value === true);
    return { words: lay(bits), mask: lay(mask) };
  }
  const raw = Number(toRawMeaning(point, value, options.classUnit)) / (options.factor ?? 1);
  const mask = isPair(type) ? wholePair : wholeWord;
  if (type === 'f32') {
    scratch.setFloat32(0, raw);
    return { words: lay(scratch.getUint32(0)), mask };
  }
  const integer = Math.round(raw);
  if (!Number.isFinite(integer))
    throw new PlantroomError('ENCODE_NOT_FINITE', `point ${point.point}: ${raw} cannot be laid into ${type}`);
  if (point.bits === undefined) return { words: lay(clamp(integer, limits[type])), mask };
  const from = point.bits.from + (options.bitShift ?? 0);
  const ones = 2 ** point.bits.count - 1;
  const half = (ones + 1) / 2;
  const field = clamp(integer, point.bits.signed === true ? [-half, half - 1] : [0, ones]) & ones;
  return { words: lay(field << from), mask: lay(ones << from) };
}

/** True takes the first pattern; false leaves every pattern by clearing its bits, or by setting them where the pattern is all zeros. */
function pattern(patterns: NonNullable<ModbusPoint['match']>, value: boolean): { bits: number; mask: number } {
  const [first] = patterns;
  if (value && first !== undefined) return { bits: first.value, mask: first.mask };
  let bits = 0;
  let mask = 0;
  for (const one of patterns) {
    mask |= one.mask;
    if (one.value === 0) bits |= one.mask;
  }
  return { bits, mask };
}

/** The low 16 or 32 bits of a whole number. */
function words(bits: number, { type, order }: { type: NarrowType; order: ByteOrder }): number[] {
  const swapsBytes = order === 'BADC' || order === 'DCBA';
  const low = swapped(bits & 0xffff, swapsBytes);
  if (!isPair(type)) return [low];
  const high = swapped((bits >>> 16) & 0xffff, swapsBytes);
  return order === 'CDAB' || order === 'DCBA' ? [low, high] : [high, low];
}

function isPair(type: NarrowType): boolean {
  return type.endsWith('32');
}

function swapped(word: number, isSwapped: boolean): number {
  return isSwapped ? ((word & 0xff) << 8) | (word >> 8) : word;
}

function clamp(value: number, [low, high]: readonly [number, number]): number {
  return Math.min(high, Math.max(low, value));
}
