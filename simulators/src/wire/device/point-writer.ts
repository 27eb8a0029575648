import { unit } from '@plantroom/contracts';
import type { EquipmentClass, ModbusPoint } from '@plantroom/device-profiles';
import { exceptionCodes } from '../modbus/pdu.ts';
import { addressesOf } from './address.ts';
import type { ModbusDeviceOptions } from './modbus-device.ts';
import { servedBy } from './served-device.ts';

interface Writable {
  equipment: string;
  point: ModbusPoint;
  kind: EquipmentClass['points'][string]['kind'];
  /** Raw number → class value; undefined: the raw number means nothing. */
  mean(raw: number): number | boolean | undefined;
}

type Take = (table: 'coil' | 'holding', start: number, words: readonly number[]) => number | undefined;

/** What the profile says may be written, as a device takes it: one point of one register or coil a request. Answers an exception code, or nothing. */
export function pointWriter(
  { device, classes }: Pick<ModbusDeviceOptions, 'device' | 'classes'>,
  set: NonNullable<ModbusDeviceOptions['setValue']>,
): Take {
  const writable = new Map<string, Writable>();
  for (const point of device.profile.points) {
    if (point.write === undefined) continue;
    const table = point.write.at?.table ?? (point.at.table === 'coil' ? 'coil' : 'holding');
    const place = { ...point, at: { ...point.at, ...point.write.at } };
    for (const served of servedBy(device, point.role)) {
      const found = classes.get(device.profile.serves[served.role]?.class ?? '')?.points[point.point];
      const [address] = addressesOf(place, { ...device.parameters, ...served.parameters });
      if (found === undefined || address === undefined) continue;
      const { kind } = found;
      writable.set(`${table} ${address}`, { equipment: served.equipment, point, kind, mean: meaning(point, found) });
    }
  }
  return (table, start, words) => {
    const target = writable.get(`${table} ${start}`);
    const [word] = words;
    if (target === undefined || word === undefined || words.length !== 1) return exceptionCodes.illegalAddress;
    const signed = (target.point.write?.at?.type ?? target.point.at.type) === 's16' && word > 0x7fff;
    const value = target.mean(signed ? word - 0x1_0000 : word);
    const { min, max } = target.point.write ?? {};
    const outside =
      typeof value === 'number' && target.kind === 'number' && (value < (min ?? value) || value > (max ?? value));
    if (value === undefined || outside || !set(target.equipment, target.point.point, value))
      return exceptionCodes.illegalValue;
    return undefined;
  };
}

function meaning(
  point: ModbusPoint,
  found: EquipmentClass['points'][string],
): (raw: number) => number | boolean | undefined {
  const map = point.write?.map ?? point.map;
  if (map !== undefined) return (raw) => map[String(raw)];
  if (found.kind === 'boolean') return (raw) => (raw === 1 ? true : raw === 0 ? false : undefined);
  const from = unit(point.unit ?? found.unit);
  // Class units are base units.
  return (raw) =>
    Number(((raw * (point.scale ?? 1) + (point.offset ?? 0)) * from.factor + from.offset).toPrecision(12));
}
