import { type UnitName, unit } from '@plantroom/contracts';
import type { ClassPoint, DeviceProfile, EquipmentClass, ModbusPoint } from '@plantroom/device-profiles';
import { isFloat, limitsOf } from '../encode/words.ts';
import type { ReaderOf, ReadPoint, ServedDevice } from './served-device.ts';

/** What a fault needs to know of a point to falsify it. */
export interface SaidPoint {
  isCounter: boolean;
  range: ClassPoint['range'];
  /** Where the counter begins again at 0, in the class unit; left out: nowhere that one could meet. */
  end?: number;
}

export interface SaidSource {
  /** Reads what the device says of a point: the model's value, as faults of the wire leave it. */
  saidReader(equipment: string, point: string, about: SaidPoint): ReadPoint;
}

/** What a device says of its points. */
export function saidReaders(
  device: ServedDevice,
  classes: ReadonlyMap<string, EquipmentClass>,
  source: SaidSource,
): ReaderOf {
  const unknown: SaidPoint = { isCounter: false, range: undefined };
  return (equipment, name) => {
    // Of several roles of an equipment the last that has such a point.
    const about = device.serves.reduce<SaidPoint>((found, { role, equipment: id }) => {
      const point = classes.get(device.profile.serves[role]?.class ?? '')?.points[name];
      if (id !== equipment || point === undefined) return found;
      const { kind, range, unit: classUnit } = point;
      return { isCounter: kind === 'counter', range, ...endOf(device.profile, { role, name }, classUnit) };
    }, unknown);
    return source.saidReader(equipment, name, about);
  };
}

function endOf(
  profile: DeviceProfile,
  { role, name }: { role: string; name: string },
  classUnit: UnitName,
): { end?: number } {
  if (profile.protocol !== 'modbus') return {};
  const point = profile.points.find((p) => p.point === name && (p.role ?? role) === role);
  const raw = point === undefined ? undefined : rawEnd(point);
  if (point === undefined || raw === undefined || raw > Number.MAX_SAFE_INTEGER) return {};
  return { end: raw * (point.scale ?? 1) * unit(point.unit ?? classUnit).factor };
}

function rawEnd({ wrap, at, scaleBy, bits }: ModbusPoint): number | undefined {
  if (wrap === 'never' || scaleBy !== undefined || at.type === 'string' || isFloat(at.type)) return undefined;
  if (wrap !== undefined) return wrap;
  if (bits !== undefined) return 2 ** bits.count;
  return at.radix !== undefined || at.type.startsWith('s') ? undefined : Number(limitsOf(at.type, at.encoding)[1] + 1n);
}
