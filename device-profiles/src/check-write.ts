import type { ClassPoint, EquipmentClass } from './class-schema.ts';
import { encodeModbusWrite } from './encode/encode-modbus.ts';
import { rawCodes } from './encode/inverse-meaning.ts';
import { notAllowed } from './nearest.ts';
import type { DeviceProfile, ModbusPoint, ModbusProfile, MqttPoint } from './profile-schema.ts';
import { rawBits } from './raw-types.ts';
import { mayBeWritten } from './write-path.ts';

type SayField = (field: (string | number)[], message: string) => void;

/** Whether a point that is called writable can be, and may be. */
export function checkWrite(
  point: ModbusPoint | MqttPoint,
  of: { profile: DeviceProfile; served: EquipmentClass; canonical: ClassPoint },
  say: SayField,
): void {
  const { write } = point;
  if (write === undefined) return;
  const { profile, served, canonical } = of;
  if (!mayBeWritten(served)) {
    say(['write'], `nothing of class ${served.class} may ever be written: it is read-only, whatever a profile says`);
    return;
  }
  if (canonical.kind === 'string' || canonical.kind === 'counter') {
    say(['write'], `a ${canonical.kind} cannot be written`);
    return;
  }
  checkLimits(point, canonical, say);
  if (profile.protocol === 'modbus') checkModbusWrite(point as ModbusPoint, { profile, canonical }, say);
  else checkTemplates(point as MqttPoint, profile, say);
}

function checkLimits(point: ModbusPoint | MqttPoint, canonical: ClassPoint, say: SayField): void {
  const { min, max, codes } = point.write ?? {};
  if (canonical.kind === 'number') {
    if (codes !== undefined) say(['write', 'codes'], 'a number has min and max, not codes');
    if (min === undefined || max === undefined) say(['write'], 'a number needs min and max, in the class unit');
    else if (min >= max) say(['write', 'min'], `min ${min} must be below max ${max}`);
    const [low, high] = canonical.range ?? [-Infinity, Infinity];
    for (const [name, value] of [
      ['min', min],
      ['max', max],
    ] as const) {
      if (value !== undefined && (value < low || value > high)) {
        say(['write', name], `${value} lies outside the point's range [${low}, ${high}]`);
      }
    }
    return;
  }
  for (const name of ['min', 'max'] as const) {
    if (point.write?.[name] !== undefined)
      say(['write', name], `only numbers have ${name}, this is a ${canonical.kind}`);
  }
  const map = (point as ModbusPoint).write?.map ?? point.map;
  const known = map ? [...rawCodes(map).keys()] : canonical.kind === 'boolean' ? [false, true] : undefined;
  if (known === undefined) say(['write'], 'an enum needs a map to be written: from its codes to those of the device');
  for (const [i, code] of (codes ?? []).entries()) {
    if (known && !known.includes(code))
      say(['write', 'codes', i], notAllowed(code, 'a code of the map.', known.map(String)));
  }
}

function checkModbusWrite(
  point: ModbusPoint,
  { profile, canonical }: { profile: ModbusProfile; canonical: ClassPoint },
  say: SayField,
): void {
  const { at, write } = point;
  const own = write?.at;
  if (own === undefined && (at.table === 'discrete' || at.table === 'input')) {
    say(['write', 'at'], `table ${at.table} cannot be written: give the coil or holding register that is`);
  }
  const table = own?.table ?? at.table;
  const type = own?.type ?? at.type;
  if ((table === 'coil') !== (type === 'bool')) say(['write', 'at'], `a ${table} cannot take type ${type}`);
  if (at.type === 'string' || type === 'string') say(['write'], 'a string cannot be written');
  if (at.radix !== undefined) say(['write'], 'a number kept as digits of another base cannot be written');
  if (at.also !== undefined || point.combine !== undefined)
    say(['write'], 'a value of several addresses cannot be written');
  if (point.match !== undefined) say(['write'], 'a pattern (match) has no one register value that could be written');
  const whole = point.bits?.from === 0 && point.bits.count === rawBits[at.type];
  if (point.bits !== undefined && !whole && own === undefined) {
    say(['write'], 'a bit field cannot be written: the other bits of its register would be overwritten');
  }
  if (write?.map !== undefined && canonical.kind !== 'enum' && canonical.kind !== 'boolean') {
    say(['write', 'map'], `a map needs an enum or a boolean, this is a ${canonical.kind}`);
  }
  const states = Object.keys(canonical.states ?? {});
  for (const [raw, code] of Object.entries(write?.map ?? {})) {
    const fits = canonical.kind === 'boolean' ? typeof code === 'boolean' : states.includes(String(code));
    if (!fits) say(['write', 'map', raw], notAllowed(code, 'a state of the point.', states));
  }
  const address = own?.address ?? at.address;
  const last = address + Math.max(1, rawBits[type] / 16) - 1;
  const bad = (profile.modbus.forbidden ?? []).find(([from, to]) => address <= to && last >= from);
  if (bad) say(['write', 'at'], `${address} lies in the forbidden range [${bad}]`);
  if (write?.function === 'single' && last > address)
    say(['write', 'function'], `single writes one register, ${type} has more`);
  if (write?.min === undefined || write.max === undefined || canonical.kind !== 'number' || type === 'string') return;
  const compiled = encodeModbusWrite(point, { canonical, order: 'ABCD', address });
  for (const name of ['min', 'max'] as const) {
    const encoded = compiled?.encode(write[name] ?? 0);
    if (encoded && 'refused' in encoded) say(['write', name], encoded.refused);
  }
}

function checkTemplates(point: MqttPoint, profile: DeviceProfile, say: SayField): void {
  const topic = point.write?.topic ?? '';
  const payload = point.write?.payload ?? '';
  const declared = Object.keys(profile.parameters ?? {});
  for (const [name] of [...topic.matchAll(/(?<=\{)[^{}]*(?=\})/g)]) {
    if (!declared.includes(name)) say(['write', 'topic'], notAllowed(name, 'a declared parameter.', declared));
  }
  if (/[+#]/.test(topic)) say(['write', 'topic'], `"${topic}" may not contain the wildcards + and #`);
  for (const [name] of [...payload.matchAll(/(?<=\{)[a-z0-9-]+(?=\})/g)]) {
    if (name !== 'value' && !declared.includes(name)) {
      say(['write', 'payload'], notAllowed(name, 'a declared parameter.', ['value', ...declared]));
    }
  }
}
