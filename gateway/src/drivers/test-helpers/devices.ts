import type {
  ModbusAttributes,
  ModbusProfile,
  ModbusTable,
  MqttProfile,
  PointBinding,
} from '@plantroom/device-profiles';
import type { DeviceRuntime } from '../../config/gateway-config.ts';

const meaning = {
  equipment: 'eq',
  class: 'power-meter',
  name: { zh: '点', en: 'point' },
  kind: 'number',
  unit: 'none',
  lane: 'live',
  range: null,
  deadband: 0,
  poll: 'normal',
  decode: () => undefined,
} as const satisfies Partial<PointBinding>;

interface Place {
  table?: ModbusTable;
  /** One address, or those of a combined point. */
  at: number | number[];
  length?: number;
  poll?: PointBinding['poll'];
  more?: ModbusAttributes['more'];
  write?: PointBinding['write'];
}

/** A device whose points lie where the test says. */
export function modbusDevice(
  id: string,
  points: Record<string, Place>,
  options: { unitId?: number; modbus?: ModbusProfile['modbus']; periodMs?: number } = {},
): DeviceRuntime & { profile: ModbusProfile } {
  const periodMs = options.periodMs ?? 1000;
  return {
    id,
    connection: 'line',
    unitId: options.unitId ?? 1,
    parameters: {},
    pollMs: { fast: periodMs, normal: periodMs, slow: periodMs * 10 },
    silenceMs: () => 3 * periodMs,
    bindings: Object.entries(points).map(
      ([point, { table = 'input', at, length = 1, poll = 'normal', more, write }]) => ({
        ...meaning,
        equipment: id,
        point,
        poll,
        at: {
          protocol: 'modbus',
          table,
          addresses: typeof at === 'number' ? [at] : at,
          length,
          ...(more === undefined ? {} : { more }),
        },
        ...(write === undefined ? {} : { write }),
      }),
    ),
    profile: {
      profile: 'test/device',
      vendor: 'Test',
      model: 'Device',
      sources: ['test'],
      certainty: 'B',
      serves: {},
      silence: { polls: 3 },
      protocol: 'modbus',
      modbus: options.modbus ?? {},
      poll: { fast: '1s', normal: '1s', slow: '10s' },
      points: [],
    },
  };
}

export function mqttDevice(
  id: string,
  points: Record<string, { topic: string; path: string }>,
  options: { mqtt?: Partial<MqttProfile['mqtt']>; parameters?: DeviceRuntime['parameters'] } = {},
): DeviceRuntime & { profile: MqttProfile } {
  return {
    id,
    connection: 'line',
    unitId: 1,
    parameters: options.parameters ?? {},
    pollMs: { fast: 1000, normal: 1000, slow: 1000 },
    silenceMs: () => 90_000,
    bindings: Object.entries(points).map(([point, { topic, path }]) => ({
      ...meaning,
      equipment: id,
      point,
      at: { protocol: 'mqtt', topic, path },
    })),
    profile: {
      profile: 'test/sensor',
      vendor: 'Test',
      model: 'Sensor',
      sources: ['test'],
      certainty: 'B',
      serves: {},
      silence: { after: '90s' },
      protocol: 'mqtt',
      mqtt: { topic: 't', ...options.mqtt },
      points: [],
    },
  };
}
