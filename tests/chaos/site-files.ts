import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import {
  counterName,
  firstCounter,
  gateway,
  meter,
  meterClass,
  overheatDelayMs,
  periodMs,
  pointsPerUnit,
  site,
  temperatureRegister,
  zone,
  zoneClass,
} from './points.ts';

export interface SiteFiles {
  catalog: string;
  gatewayFile: string;
  siteFile: string;
}

export interface SiteOptions {
  /** Where the gateway reaches each line. */
  ports: readonly number[];
  unitsPerLine: number;
  timeoutMs: number;
  metricsPort: number;
}

const both = (text: string): { zh: string; en: string } => ({ zh: text, en: text });
/** Filled in by the gateway. */
const fromEnvironment = (name: string): string => `${'$'}{${name}}`;
const names = Array.from({ length: pointsPerUnit }, (_, i) => counterName(i));

/** Catalogue, gateway file and site file of a run, as an integrator would write them. JSON is YAML. */
export function writeSiteFiles(folder: string, options: SiteOptions): SiteFiles {
  const catalog = join(folder, 'catalog');
  write(join(catalog, 'classes', `${meterClass}.yaml`), meterClassFile());
  write(join(catalog, 'classes', `${zoneClass}.yaml`), zoneClassFile());
  write(join(catalog, 'profiles/chaos/unit.yaml'), profile(options.timeoutMs));
  const gatewayFile = join(folder, 'gateway.yaml');
  write(gatewayFile, gatewayConfig(options));
  const siteFile = join(folder, 'site.yaml');
  const units = options.ports.flatMap((_, line) =>
    Array.from({ length: options.unitsPerLine }, (_unit, i) => line * options.unitsPerLine + i),
  );
  write(siteFile, {
    site,
    name: both('Chaos'),
    timeZone: 'Asia/Shanghai',
    spaces: [{ id: 'b1', kind: 'building', name: both('Chaos') }],
    equipment: units.flatMap((unit) => [
      { id: meter(unit), class: meterClass, space: 'b1', name: both(meter(unit)) },
      { id: zone(unit), class: zoneClass, space: 'b1', name: both(zone(unit)) },
    ]),
  });
  return { catalog, gatewayFile, siteFile };
}

function meterClassFile(): unknown {
  const point = (name: string): unknown => ({ name: both(name), kind: 'number', unit: 'none', range: [0, 4294967295] });
  return {
    class: meterClass,
    name: both('Meter of the chaos run'),
    system: 'power',
    points: Object.fromEntries(names.map((name) => [name, point(name)])),
    alarms: {},
    failureModes: {},
  };
}

function zoneClassFile(): unknown {
  const alarm = (name: string, more: object): unknown => ({
    ...more,
    opensOrder: true,
    failureMode: name,
    name: both(name),
    cause: both('scripted'),
    consequence: both('none'),
    response: both('none'),
    timeToRespond: '5min',
  });
  const order = (name: string): unknown => ({
    name: both(name),
    order: { title: both(name), skills: ['fire'], minutes: 30, checklist: [both('look')] },
  });
  return {
    class: zoneClass,
    name: both('Zone of the chaos run'),
    system: 'fire',
    readOnly: true,
    points: {
      fire: {
        name: both('fire'),
        kind: 'boolean',
        unit: 'none',
        lane: 'safety',
        words: { true: both('fire'), false: both('normal') },
      },
      temperature: { name: both('temperature'), kind: 'number', unit: 'degC', range: [-40, 200] },
    },
    alarms: {
      fire: alarm('fire', {
        point: 'fire',
        condition: { type: 'off-normal', values: [true] },
        onDelay: '0s',
        offDelay: '0s',
        priority: 'critical',
        latching: true,
        lifeSafety: true,
      }),
      overheat: alarm('overheat', {
        point: 'temperature',
        condition: { type: 'limit', kind: 'H', limit: 60, deadband: 2 },
        onDelay: `${overheatDelayMs}ms`,
        offDelay: '10s',
        priority: 'high',
      }),
    },
    failureModes: { fire: order('fire'), overheat: order('overheat') },
  };
}

function profile(timeoutMs: number): unknown {
  const period = `${periodMs}ms`;
  return {
    profile: 'chaos/unit',
    vendor: 'Chaos',
    model: 'unit',
    sources: ['Own map: every answer carries a new running count'],
    certainty: 'A',
    protocol: 'modbus',
    serves: { meter: { class: meterClass }, zone: { class: zoneClass } },
    silence: { polls: 10 },
    modbus: { timeoutMs, order: 'ABCD', maxRegisters: 125 },
    poll: { fast: period, normal: period, slow: period },
    points: [
      ...names.map((point, i) => ({
        point,
        role: 'meter',
        at: { table: 'input', address: firstCounter + 2 * i, type: 'u32' },
      })),
      {
        point: 'temperature',
        role: 'zone',
        unit: 'degC',
        at: { table: 'input', address: temperatureRegister, type: 'u16' },
      },
      { point: 'fire', role: 'zone', at: { table: 'discrete', address: 0, type: 'bool' } },
    ],
  };
}

function gatewayConfig({ ports, unitsPerLine, metricsPort }: SiteOptions): unknown {
  return {
    gateway,
    site,
    catalogs: ['catalog'],
    connections: ports.map((port, line) => ({
      id: `line-${line + 1}`,
      protocol: 'modbus',
      transport: 'tcp',
      host: '127.0.0.1',
      port,
    })),
    devices: ports.flatMap((_, line) =>
      Array.from({ length: unitsPerLine }, (_unit, i) => {
        const unit = line * unitsPerLine + i;
        return {
          id: `unit-${unit + 1}`,
          profile: 'chaos/unit',
          connection: `line-${line + 1}`,
          unitId: i + 1,
          serves: { meter: meter(unit), zone: zone(unit) },
        };
      }),
    ),
    uplinks: {
      lineProtocol: {
        url: fromEnvironment('PLANTROOM_HISTORIAN_URL'),
        token: fromEnvironment('PLANTROOM_HISTORIAN_TOKEN'),
      },
      sparkplug: { url: fromEnvironment('PLANTROOM_MQTT_URL') },
    },
    outbox: { file: 'outbox.sqlite' },
    metricsPort,
  };
}

function write(file: string, content: unknown): void {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, `${JSON.stringify(content, undefined, 2)}\n`);
}
