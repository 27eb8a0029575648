import { type UnitName, unit } from '@plantroom/contracts';
import type { ModbusPoint } from '../profile-schema.ts';
import { rawBits } from '../raw-types.ts';

/**
 * The value, in the class unit, at which a counter begins again at 0; undefined where it does not or nobody can say (floats, signed
 * integers, a factor that only the device knows).
 */
export function modulusOf(point: ModbusPoint, classUnit: UnitName): number | undefined {
  const raw = point.wrap ?? rawModulus(point);
  if (raw === undefined || raw === 'never' || point.scaleBy !== undefined || (point.offset ?? 0) !== 0)
    return undefined;
  return raw * (point.scale ?? 1) * unit(point.unit ?? classUnit).factor;
}

function rawModulus({ at, bits }: ModbusPoint): number | undefined {
  if (!['u16', 'u32', 'u64'].includes(at.type)) return undefined;
  if (bits) return 2 ** bits.count;
  if (at.radix !== undefined) return at.radix ** (rawBits[at.type] / 16);
  if (at.encoding === 'bcd') return 10 ** (rawBits[at.type] / 4);
  return at.encoding === undefined ? 2 ** rawBits[at.type] : undefined;
}
