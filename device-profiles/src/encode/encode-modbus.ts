import type { PointValue } from '@plantroom/contracts';
import type { ByteOrder } from '../address-schema.ts';
import type { EncodedWrite, PointWrite } from '../binding.ts';
import type { ClassPoint } from '../class-schema.ts';
import type { ModbusPoint } from '../profile-schema.ts';
import { inverseLinear, rawCodes } from './inverse-meaning.ts';
import { isFloatType, rawLimits, rawWriter } from './raw-writer.ts';
import { limitTest, offered, refusal } from './value-limits.ts';

export interface WriteTarget {
  canonical: Pick<ClassPoint, 'kind' | 'unit'>;
  /** The profile's byte order where neither write nor point names one. */
  order: ByteOrder;
  /** Zero-based PDU address, parameters already applied. */
  address: number;
}

/** Undefined: the profile does not call the point writable. Whether its class may be written at all is decided by the caller. */
export function encodeModbusWrite(point: ModbusPoint, target: WriteTarget): PointWrite | undefined {
  const { write } = point;
  if (write === undefined) return undefined;
  const type = write.at?.type ?? point.at.type;
  const table = write.at?.table ?? (point.at.table === 'coil' ? 'coil' : 'holding');
  const order = write.at?.order ?? point.at.order ?? target.order;
  const map = write.map ?? point.map;
  const codes = map && rawCodes(map);
  const test = limitTest({ canonical: target.canonical, write, ...(codes ? { known: codes.keys() } : {}) });
  const toRaw = rawOf(point, target, codes);
  const { encoding } = point.at;
  const lay = rawWriter(type, order, encoding === undefined ? {} : { encoding });
  const float = isFloatType(type);
  const [low, high] = table === 'coil' ? [0, 1] : rawLimits(type, encoding);
  const absent = absentWords(point, lay, type === point.at.type);
  return {
    encode(value) {
      const refused = test(value);
      if (refused !== undefined) return { refused };
      const exact = toRaw(value);
      const raw = float ? exact : Math.round(exact);
      if (!(raw >= low && raw <= high)) return { refused: refusal(value, `what fits into ${type}, ${low} to ${high}`) };
      const words = table === 'coil' ? [raw] : lay(raw);
      if (absent.has(words.join()))
        return { refused: refusal(value, `anything but ${words.join()}, which means "not available"`) };
      const single = write.function === undefined ? words.length === 1 : write.function === 'single';
      return { request: { protocol: 'modbus', table, address: target.address, words, single } satisfies EncodedWrite };
    },
    agrees(wanted, readBack) {
      if (typeof wanted !== 'number' || typeof readBack !== 'number' || codes) return wanted === readBack;
      const [a, b] = [toRaw(wanted), toRaw(readBack)];
      return float ? Math.abs(a - b) <= 1e-6 * Math.max(Math.abs(a), Math.abs(b)) : Math.round(a) === Math.round(b);
    },
    ...offered({ write, ...(codes ? { known: codes.keys() } : {}) }),
    settleMs: write.settleMs,
  };
}

/** NaN where the value has no raw number; the limits have let only known codes through. */
function rawOf(
  point: ModbusPoint,
  { canonical }: WriteTarget,
  codes: ReadonlyMap<number | boolean, number> | undefined,
): (value: PointValue) => number {
  if (codes)
    return (value) => (typeof value === 'string' || value === null ? Number.NaN : codes.get(value)) ?? Number.NaN;
  if (canonical.kind === 'boolean') return (value) => (value === true ? 1 : 0);
  const linear = inverseLinear(point, canonical.unit);
  return (value) => (typeof value === 'number' ? linear(value) : Number.NaN);
}

/** Registers that would read as "not available": no value may be written as one of them. */
function absentWords(point: ModbusPoint, lay: (raw: number) => number[], sameType: boolean): ReadonlySet<string> {
  if (!sameType || point.write?.at !== undefined) return new Set();
  return new Set((point.absent ?? []).map((value) => lay(Number(value)).join()));
}
