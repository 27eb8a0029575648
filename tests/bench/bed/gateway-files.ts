import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { freePort } from '../../helpers/free-ports.ts';
import { fleetAddress, fleetPort, floats } from './fleet-addresses.ts';

/** The point of a counting Modbus device, and how often it is polled. */
export const readsPoint = 'reads';
export const readsPollMs = 200;

/** The MQTT point whose value counts the messages of its device. */
export const counterPoint = 'messages';

export interface GatewayFiles {
  folder: string;
  config: string;
  /** Of the gateway's metrics page. */
  metricsPort: number;
}

interface Uplinks {
  /** Left out: no Sparkplug. */
  broker?: string;
  /** Of a receiver of version 2. Left out: no line protocol, unless there is an InfluxDB. */
  linePort?: number;
  /** In place of `linePort`: an InfluxDB. */
  influxUrl?: string;
  /** Left out: it is asked for its version. */
  influxApi?: 'v1';
}

const point = (name: string): string =>
  `  ${name}: { name: { zh: ${name}, en: ${name} }, kind: number, unit: none, range: [-1e9, 1e9] }`;

const classFile = (name: string, points: readonly string[]): string =>
  [
    `class: ${name}`,
    `name: { zh: ${name}, en: ${name} }`,
    'system: power',
    'points:',
    ...points.map(point),
    'alarms: {}',
    'failureModes: {}',
    '',
  ].join('\n');

const head = (model: string, served: string): string[] => [
  `profile: bench/${model}`,
  'vendor: bench',
  `model: ${model}`,
  "sources: ['tests/bench']",
  'certainty: A',
  `serves: { unit: { class: ${served} } }`,
];

function writeCatalog(folder: string): void {
  mkdirSync(join(folder, 'catalog/classes'), { recursive: true });
  mkdirSync(join(folder, 'catalog/profiles/bench'), { recursive: true });
  const names = Array.from({ length: floats }, (_, i) => `value-${i + 1}`);
  writeFileSync(join(folder, 'catalog/classes/bench-meter.yaml'), classFile('bench-meter', names));
  writeFileSync(
    join(folder, 'catalog/profiles/bench/meter.yaml'),
    [
      ...head('meter', 'bench-meter'),
      'protocol: modbus',
      'silence: { polls: 3 }',
      'modbus: { order: ABCD, timeoutMs: 2000 }',
      'poll: { fast: 1s, normal: 1s, slow: 1s }',
      'points:',
      ...names.map((name, i) => `  - { point: ${name}, at: { table: holding, address: ${i * 2}, type: f32 } }`),
      '',
    ].join('\n'),
  );
  writeFileSync(join(folder, 'catalog/classes/bench-counter.yaml'), classFile('bench-counter', [readsPoint]));
  writeFileSync(
    join(folder, 'catalog/profiles/bench/counter.yaml'),
    [
      ...head('counter', 'bench-counter'),
      'protocol: modbus',
      'silence: { polls: 100 }',
      'modbus: { timeoutMs: 2000 }',
      `poll: { fast: ${readsPollMs}ms, normal: ${readsPollMs}ms, slow: ${readsPollMs}ms }`,
      'points:',
      `  - { point: ${readsPoint}, at: { table: input, address: 0, type: u16 } }`,
      '',
    ].join('\n'),
  );
  const sensor = [counterPoint, 'temperature', 'humidity'];
  writeFileSync(join(folder, 'catalog/classes/bench-sensor.yaml'), classFile('bench-sensor', sensor));
  writeFileSync(
    join(folder, 'catalog/profiles/bench/sensor.yaml'),
    [
      ...head('sensor', 'bench-sensor'),
      'protocol: mqtt',
      'silence: { after: 5min }',
      'parameters: { name: { name: { zh: 名称, en: name }, kind: string } }',
      "mqtt: { topic: 'bench/{name}' }",
      'points:',
      ...sensor.map((name) => `  - { point: ${name}, at: { path: ${name}, type: number } }`),
      '',
    ].join('\n'),
  );
}

function lineUplink({ linePort, influxUrl, influxApi }: Uplinks): string[] {
  if (linePort !== undefined) return [`  lineProtocol: { url: 'http://127.0.0.1:${linePort}', api: v2 }`];
  if (influxUrl === undefined) return [];
  return [`  lineProtocol: { url: '${influxUrl}'${influxApi === undefined ? '' : `, api: ${influxApi}`} }`];
}

async function writeConfig(
  folder: string,
  parts: { connections: string[]; devices: string[] } & Uplinks,
): Promise<GatewayFiles> {
  writeCatalog(folder);
  const metricsPort = await freePort();
  const config = join(folder, 'gateway.yaml');
  writeFileSync(
    config,
    [
      'gateway: bench-gateway',
      'site: bench-site',
      'catalogs: [catalog]',
      'connections:',
      ...parts.connections,
      'devices:',
      ...parts.devices,
      'uplinks:',
      ...(parts.broker === undefined ? [] : [`  sparkplug: { url: '${parts.broker}' }`]),
      ...lineUplink(parts),
      'outbox: { file: outbox.db }',
      `metricsPort: ${metricsPort}`,
      '',
    ].join('\n'),
  );
  return { folder, config, metricsPort };
}

/** A gateway file for `devices` of the Modbus fleet, each on a connection of its own. */
export function writeFleetFiles(
  folder: string,
  { devices, ...uplinks }: { devices: number } & Uplinks,
): Promise<GatewayFiles> {
  const all = Array.from({ length: devices }, (_, i) => i);
  return writeConfig(folder, {
    ...uplinks,
    connections: all.map(
      (i) => `  - { id: line-${i}, protocol: modbus, transport: tcp, host: ${fleetAddress(i)}, port: ${fleetPort} }`,
    ),
    devices: all.map(
      (i) => `  - { id: meter-${i}, profile: bench/meter, connection: line-${i}, serves: { unit: unit-${i} } }`,
    ),
  });
}

/**
 * A gateway file for `devices` MQTT sensors that publish to `bench/sensor-<n>` on the broker of the uplink, and for counting Modbus devices
 * (tests/helpers/counting-device.ts) on these ports.
 */
export function writeSensorFiles(
  folder: string,
  { devices, counters = [], ...uplinks }: { devices: number; counters?: readonly number[] } & Uplinks,
): Promise<GatewayFiles> {
  const all = Array.from({ length: devices }, (_, i) => i);
  return writeConfig(folder, {
    ...uplinks,
    connections: [
      ...(devices === 0 ? [] : [`  - { id: sensors, protocol: mqtt, url: '${uplinks.broker}' }`]),
      ...counters.map(
        (port, i) => `  - { id: counter-${i}, protocol: modbus, transport: tcp, host: 127.0.0.1, port: ${port} }`,
      ),
    ],
    devices: [
      ...all.map(
        (i) =>
          `  - { id: sensor-${i}, profile: bench/sensor, connection: sensors, parameters: { name: sensor-${i} }, serves: { unit: unit-${i} } }`,
      ),
      ...counters.map(
        (_, i) =>
          `  - { id: counter-${i}, profile: bench/counter, connection: counter-${i}, unitId: 1, serves: { unit: counter-${i} } }`,
      ),
    ],
  });
}
