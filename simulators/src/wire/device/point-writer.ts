import { unit } from '@plantroom/contracts';
import type { EquipmentClass, ModbusPoint } from '@plantroom/device-profiles';
import { fromWords, registersOf } from '../encode/words.ts';
import { exceptionCodes } from '../modbus/pdu.ts';
import { addressesOf } from './address.ts';
import type { ModbusDeviceOptions } from './modbus-device.ts';
import { servedBy } from './served-device.ts';

interface Writable {
  equipment: string;
  point: ModbusPoint;
  kind: EquipmentClass['points'][string]['kind'];
  /** Registers, or coils, that one value fills. */
  count: number;
  rawOf(words: readonly number[]): number;
  /** Raw number → class value; undefined: the raw number means nothing. */
  mean(raw: number): number | boolean | undefined;
}

type Take = (table: 'coil' | 'holding', start: number, words: readonly number[]) => number | undefined;

/** What the profile says may be written, as a device takes it: whole values, one or several that lie side by side. Answers an exception code, or nothing. */
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
      const { type, encoding } = place.at;
      const order = place.at.order ?? device.profile.modbus.order ?? 'ABCD';
      const options = { order, ...(encoding === undefined ? {} : { encoding }) };
      writable.set(`${table} ${address}`, {
        equipment: served.equipment,
        point,
        kind,
        count: table === 'coil' ? 1 : registersOf(type),
        rawOf: (words) => (table === 'coil' ? (words[0] ?? 0) : fromWords(words, type, options)),
        mean: meaning(point, found),
      });
    }
  }
  return (table, start, words) => {
    const taken: [Writable, number | boolean][] = [];
    // Nothing is set before all of it has been understood.
    for (let at = 0; at < words.length; ) {
      const target = writable.get(`${table} ${start + at}`);
      if (target === undefined || at + target.count > words.length) return exceptionCodes.illegalAddress;
      const value = meantValue(target, words.slice(at, at + target.count));
      if (value === undefined) return exceptionCodes.illegalValue;
      taken.push([target, value]);
      at += target.count;
    }
    const refused = taken.some(([{ equipment, point }, value]) => !set(equipment, point.point, value));
    return refused ? exceptionCodes.illegalValue : undefined;
  };
}

/** Undefined: the device takes no such value. */
function meantValue({ point, kind, rawOf, mean }: Writable, words: readonly number[]): number | boolean | undefined {
  const value = mean(rawOf(words));
  if (typeof value !== 'number') return value;
  const { min = value, max = value } = point.write ?? {};
  const outside = kind === 'number' && (value < min || value > max);
  return outside || !Number.isFinite(value) ? undefined : value;
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
