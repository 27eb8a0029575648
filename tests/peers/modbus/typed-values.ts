import type { Catalog, EquipmentClass, ModbusProfile, PointBinding } from '@plantroom/device-profiles';
import { compileBindings } from '@plantroom/device-profiles/decode';

export type NumberType = 'u16' | 's16' | 'u32' | 's32' | 'u64' | 's64' | 'f32' | 'f64';
export type Order = 'ABCD' | 'CDAB' | 'BADC' | 'DCBA';
export const orders: readonly Order[] = ['ABCD', 'CDAB', 'BADC', 'DCBA'];

/** Values whose bytes all differ, and the ends of each type as far as a double holds them exactly. */
export const testValues: Record<NumberType, readonly number[]> = {
  u16: [0x0102, 0, 65535],
  s16: [0x0102, -2, -32768, 32767],
  u32: [0x01020304, 4294967295],
  s32: [0x01020304, -0x01020304, -2147483648, 2147483647],
  u64: [0x01020304050607, 2 ** 53 - 1],
  s64: [0x01020304050607, -0x01020304050607],
  f32: [123.456, -0.001, 1e20].map(Math.fround),
  f64: [Math.PI, -1e-300, 12345678.9],
};

const bits: Record<NumberType, number> = { u16: 16, s16: 16, u32: 32, s32: 32, u64: 64, s64: 64, f32: 32, f64: 64 };

export function registersOf(type: NumberType): number {
  return bits[type] / 16;
}

/** A writable point of this type and order, compiled as from any profile. */
export function numberBinding(
  type: NumberType,
  order: Order,
  address: number,
  table: 'holding' | 'input',
): PointBinding {
  return binding({ type, order, table, address }, { kind: 'number', writable: table === 'holding' });
}

export function stringBinding(registers: number, address: number): PointBinding {
  return binding(
    { type: 'string', order: 'ABCD', table: 'holding', address, length: registers },
    { kind: 'string', writable: false },
  );
}

function binding(
  at: ModbusProfile['points'][number]['at'],
  { kind, writable }: { kind: 'number' | 'string'; writable: boolean },
): PointBinding {
  const name = { zh: '值', en: 'Value' };
  const equipmentClass: EquipmentClass = {
    class: 'peer',
    name,
    system: 'environment',
    points: {
      value: { name, kind, unit: 'none', ...(kind === 'number' ? { range: [-1e308, 1e308] as [number, number] } : {}) },
    },
    alarms: {},
    failureModes: {},
  };
  const profile: ModbusProfile = {
    profile: 'test/peer',
    vendor: 'Test',
    model: 'Peer',
    sources: ['test'],
    certainty: 'A',
    serves: { it: { class: 'peer' } },
    silence: { polls: 3 },
    protocol: 'modbus',
    modbus: {},
    poll: { fast: '1s', normal: '1s', slow: '1s' },
    points: [{ point: 'value', at, ...(writable ? { write: { min: -1e308, max: 1e308, settleMs: 0 } } : {}) }],
  };
  const catalog: Catalog = {
    classes: new Map([['peer', equipmentClass]]),
    profiles: new Map([['test/peer', profile]]),
  };
  const { bindings, problems } = compileBindings({ catalog, profile, serves: [{ role: 'it', equipment: 'eq' }] });
  const [only] = bindings;
  if (only === undefined) throw new Error(JSON.stringify(problems));
  return only;
}
