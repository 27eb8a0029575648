import { type PointValue, type UnitName, unit } from '@plantroom/contracts';
import type { ClassPoint, DeviceProfile, EquipmentClass, ModbusPoint } from '@plantroom/device-profiles';
import { isFloat, limitsOf } from '../encode/words.ts';
import type { ServedDevice, ValueOf } from './served-device.ts';

/** What a fault needs to know of a point to falsify it. */
export interface SaidPoint {
  isCounter: boolean;
  range: ClassPoint['range'];
  /** Where the counter begins again at 0, in the class unit; left out: nowhere that one could meet. */
  end?: number;
}

export interface SaidSource {
  /** What the device says of a point: the model's value, as faults of the wire leave it. */
  said(equipment: string, point: string, about: SaidPoint): PointValue | undefined;
}

/** What a device says of its points. */
export function saidValues(
  device: ServedDevice,
  classes: ReadonlyMap<string, EquipmentClass>,
  source: SaidSource,
): ValueOf {
  // By equipment and then by point: this is asked for every register of every poll.
  const about = new Map<string, Map<string, SaidPoint>>();
  for (const { role, equipment } of device.serves) {
    const points = about.get(equipment) ?? new Map<string, SaidPoint>();
    about.set(equipment, points);
    for (const [name, point] of Object.entries(classes.get(device.profile.serves[role]?.class ?? '')?.points ?? {}))
      points.set(name, {
        isCounter: point.kind === 'counter',
        range: point.range,
        ...endOf(device.profile, { role, name }, point.unit),
      });
  }
  const unknown: SaidPoint = { isCounter: false, range: undefined };
  return (equipment, point) => source.said(equipment, point, about.get(equipment)?.get(point) ?? unknown);
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
