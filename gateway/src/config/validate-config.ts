import type { Problem } from '@plantroom/contracts';
import Type, { type TSchema } from 'typebox';
import Value from 'typebox/value';
import type { ConfigSource } from './config-source.ts';
import {
  type ConnectionConfig,
  DeviceConfig,
  GatewayConfig,
  ModbusConnection,
  MqttConnection,
} from './gateway-config.ts';
import { schemaFaults, withNumbersFromEnvironment } from './schema-check.ts';

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
const connectionSchemas: Record<ConnectionConfig['protocol'], TSchema> = {
  modbus: ModbusConnection,
  mqtt: MqttConnection,
};
const protocols = Object.keys(connectionSchemas);

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
    valid.head = head;
  }
  return valid;
}

interface Taking {
  source: ConfigSource;
  valid: ValidConfig;
}

function takeConnection({ pointer, value }: Located<unknown>, { source, valid }: Taking): void {
  const { id, protocol } = (typeof value === 'object' && value !== null ? value : {}) as Record<string, unknown>;
  const schema = connectionSchemas[protocol as ConnectionConfig['protocol']];
  const faults: Problem[] = [];
  if (schema === undefined) {
    const allowed = `allowed are ${protocols.join(', ')}`;
    faults.push(source.problem(`${pointer}/protocol`, `is ${JSON.stringify(protocol) ?? 'missing'}, ${allowed}`));
  } else {
    faults.push(...check<ConnectionConfig>(schema, { pointer, value }, { source, into: valid.connections }));
  }
  const same = valid.connections.findIndex((c) => c.value.id === id && c.pointer !== pointer);
  if (same >= 0)
    faults.push(source.problem(`${pointer}/id`, `"${String(id)}" is used twice; connection ids are unique`));
  const line = lineOf(value);
  const shared = valid.connections.find((c) => c.pointer !== pointer && lineOf(c.value) === line);
  if (line !== undefined && shared !== undefined) {
    const message = `leads to ${line} as "${shared.value.id}" does; all devices of one address share one connection`;
    faults.push(source.problem(pointer, message));
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

function lineOf(connection: unknown): string | undefined {
  const { protocol, host, port } = (connection ?? {}) as Record<string, unknown>;
  return protocol === 'modbus' && host !== undefined ? `${String(host)}:${String(port)}` : undefined;
}

function located(list: unknown, pointer: string): Located<unknown>[] {
  return Array.isArray(list) ? list.map((value, i) => ({ pointer: `${pointer}/${i}`, value })) : [];
}
