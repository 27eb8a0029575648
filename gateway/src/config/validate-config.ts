import type { Problem } from '@plantroom/contracts';
import Type, { type TSchema } from 'typebox';
import Value from 'typebox/value';
import type { ConfigSource } from './config-source.ts';
import {
  type ConnectionConfig,
  DeviceConfig,
  GatewayConfig,
  ModbusSerialConnection,
  ModbusServerConnection,
  ModbusTcpConnection,
  MqttConnection,
} from './gateway-config.ts';
import { type ModbusTransport, packetFaults, sharedLineFault } from './line-identity.ts';
import { schemaFaults, withNumbersFromEnvironment } from './schema-check.ts';
import { uplinkFaults } from './uplink-check.ts';

/** An entry of the file, and where it stands. */
export interface Located<T> {
  pointer: string;
  value: T;
}

export interface ValidConfig {
  /** Everything but connections and devices; undefined when the file as a whole cannot be used. */
  head: Omit<GatewayConfig, 'connections' | 'devices'> | undefined;
  connections: Located<ConnectionConfig>[];
  devices: Located<DeviceConfig>[];
  /** Ids of entries that are left out, as far as they have one: what refers to them is not wrong itself. */
  leftOut: { connections: Set<string> };
  problems: Problem[];
}

const entries = Type.Array(Type.Unknown(), { minItems: 1 });
const Head = Type.Object(
  { ...GatewayConfig.properties, connections: entries, devices: entries },
  { additionalProperties: false },
);
const modbusSchemas: Record<ModbusTransport, TSchema> = {
  tcp: ModbusTcpConnection,
  'rtu-over-tcp': ModbusTcpConnection,
  rtu: ModbusSerialConnection,
  'tcp-server': ModbusServerConnection,
};

/** The schema that an entry says it follows, so that its faults are told against that one alone; or which words it could say. */
function schemaOf(entry: Record<string, unknown>): { schema: TSchema } | { key: string; allowed: string[] } {
  const { protocol, transport } = entry;
  if (protocol === 'mqtt') return { schema: MqttConnection };
  if (protocol !== 'modbus') return { key: 'protocol', allowed: ['modbus', 'mqtt'] };
  const schema = Object.hasOwn(modbusSchemas, String(transport))
    ? modbusSchemas[transport as ModbusTransport]
    : undefined;
  return schema === undefined ? { key: 'transport', allowed: Object.keys(modbusSchemas) } : { schema };
}

/** The file against its schema, entry by entry, so that one faulty connection or device does not take the others with it. */
export function validateConfig(source: ConfigSource): ValidConfig {
  const valid: ValidConfig = {
    head: undefined,
    connections: [],
    devices: [],
    leftOut: { connections: new Set() },
    problems: [...source.problems],
  };
  const whole = withNumbersFromEnvironment(Head, source.value, { source, pointer: '' });
  const faults = source.value === undefined ? [] : schemaFaults(Head, whole);
  valid.problems.push(...faults.map((fault) => source.problem(fault.pointer, fault.message)));
  const { connections, devices } = (typeof whole === 'object' && whole !== null ? whole : {}) as Record<
    string,
    unknown
  >;
  for (const entry of located(connections, '/connections')) takeConnection(entry, { source, valid });
  for (const entry of located(devices, '/devices')) takeDevice(entry, { source, valid });
  const inEntry = /^\/(connections|devices)\/\d+\//;
  const fatal = source.value === undefined || faults.length > 0 || source.problems.some((p) => !inEntry.test(p.path));
  if (!fatal && Value.Check(Head, whole)) {
    const { connections: _connections, devices: _devices, ...head } = whole;
    const contradictions = uplinkFaults(head.uplinks);
    valid.problems.push(...contradictions.map(({ path, message }) => source.problem(`/uplinks${path}`, message)));
    if (contradictions.length === 0) valid.head = head;
  }
  return valid;
}

interface Taking {
  source: ConfigSource;
  valid: ValidConfig;
}

function takeConnection({ pointer, value }: Located<unknown>, { source, valid }: Taking): void {
  const entry = (typeof value === 'object' && value !== null ? value : {}) as Record<string, unknown>;
  const { id } = entry;
  const found = schemaOf(entry);
  const faults: Problem[] = [];
  if ('schema' in found) {
    faults.push(...check<ConnectionConfig>(found.schema, { pointer, value }, { source, into: valid.connections }));
  } else {
    const said = JSON.stringify(entry[found.key]) ?? 'missing';
    faults.push(source.problem(`${pointer}/${found.key}`, `is ${said}, allowed are ${found.allowed.join(', ')}`));
  }
  const same = valid.connections.findIndex((c) => c.value.id === id && c.pointer !== pointer);
  if (same >= 0)
    faults.push(source.problem(`${pointer}/id`, `"${String(id)}" is used twice; connection ids are unique`));
  const taken = valid.connections.find((c) => c.pointer === pointer)?.value;
  if (taken?.protocol === 'modbus') {
    const others = valid.connections.flatMap((c) =>
      c.pointer !== pointer && c.value.protocol === 'modbus' ? [c.value] : [],
    );
    for (const { path, message } of [...packetFaults(taken), ...sharedLineFault(taken, others)]) {
      faults.push(source.problem(pointer + path, message));
    }
  }
  if (faults.length === 0 && !hasProblem(valid, pointer)) return;
  valid.problems.push(...faults);
  valid.connections = valid.connections.filter((c) => c.pointer !== pointer);
  if (typeof id === 'string' && same < 0) valid.leftOut.connections.add(id);
}

function takeDevice({ pointer, value }: Located<unknown>, { source, valid }: Taking): void {
  const faults = check<DeviceConfig>(DeviceConfig, { pointer, value }, { source, into: valid.devices });
  const id = (value as { id?: unknown } | null)?.id;
  if (valid.devices.some((d) => d.value.id === id && d.pointer !== pointer)) {
    faults.push(source.problem(`${pointer}/id`, `"${String(id)}" is used twice; device ids are unique`));
  }
  if (faults.length === 0 && !hasProblem(valid, pointer)) return;
  valid.problems.push(...faults);
  valid.devices = valid.devices.filter((d) => d.pointer !== pointer);
}

/** Takes the entry when it fits; else says why not. */
function check<T>(
  schema: TSchema,
  { pointer, value }: Located<unknown>,
  { source, into }: { source: ConfigSource; into: Located<T>[] },
): Problem[] {
  const filled = withNumbersFromEnvironment(schema, value, { source, pointer });
  const faults = schemaFaults(schema, filled);
  if (faults.length === 0) into.push({ pointer, value: filled as T });
  return faults.map((fault) => source.problem(pointer + fault.pointer, fault.message));
}

/** Whether something was already found inside this entry (a variable that is not set). */
function hasProblem(valid: ValidConfig, pointer: string): boolean {
  return valid.problems.some((p) => p.path.startsWith(`${pointer}/`));
}

function located(list: unknown, pointer: string): Located<unknown>[] {
  return Array.isArray(list) ? list.map((value, i) => ({ pointer: `${pointer}/${i}`, value })) : [];
}
