import type { Catalog, ModbusProfile, ProfileParameter } from '@plantroom/device-profiles';
import { expandNumberList } from '@plantroom/device-profiles';
import { compileBindings } from '@plantroom/device-profiles/decode';
import { isModbusDevice, type ModbusDevice } from '../../drivers/modbus/modbus-device.ts';

type Value = string | number | readonly number[];

/** A device as this profile would have it at that unit, one equipment a role, with the first thing that each parameter allows. */
export function deviceOfProfile(catalog: Catalog, profile: ModbusProfile, unitId: number): ModbusDevice | undefined {
  const serves = Object.entries(profile.serves).map(([role, { parameters }]) => ({
    role,
    equipment: role,
    parameters: valuesFor(parameters),
  }));
  const { bindings } = compileBindings({ catalog, profile, serves, parameters: valuesFor(profile.parameters) });
  const device = {
    id: profile.profile,
    profile,
    connection: 'probe',
    unitId,
    bindings,
    pollMs: { fast: 1000, normal: 1000, slow: 1000 },
    silenceMs: () => 1000,
    parameters: {},
  };
  return bindings.length > 0 && isModbusDevice(device) ? device : undefined;
}

function valuesFor(declared: Readonly<Record<string, ProfileParameter>> | undefined): Record<string, Value> {
  return Object.fromEntries(Object.entries(declared ?? {}).map(([name, parameter]) => [name, valueFor(parameter)]));
}

function valueFor({ default: stated, kind, min }: ProfileParameter): Value {
  if (stated !== undefined) return Array.isArray(stated) ? expandNumberList(stated) : stated;
  if (kind === 'string') return 'x';
  const first = Math.max(1, min ?? 1);
  return kind === 'number' ? first : [first];
}
