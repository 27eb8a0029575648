import { join } from 'node:path';
import type { Clock } from '@plantroom/contracts';
import { Random } from '../rig/random.ts';
import { Field } from './field.ts';
import { Hop } from './hop.ts';
import type { HopName, ProgramName } from './plan.ts';
import { longestDelayMs } from './plan.ts';
import { periodMs, pointsPerUnit } from './points.ts';
import type { Program } from './program.ts';
import { makePrograms } from './programs.ts';
import { writeSiteFiles } from './site-files.ts';

export interface BedOptions {
  /** Its own, empty. */
  folder: string;
  pointsPerSecond: number;
  historian: 'duckdb' | 'influxdb';
  broker: 'embedded' | 'mosquitto';
  seed: number;
  freePort: () => Promise<number>;
  clock: Clock;
}

/** The whole installation with a hop in each of its connections. */
export interface Bed {
  field: Field;
  hops: ReadonlyMap<HopName, readonly Hop[]>;
  programs: ReadonlyMap<ProgramName, Program>;
  units: number;
  url: string;
  /** InfluxDB without a hop. */
  influxUrl: string;
  metricsUrl: string;
  dataDir: string;
  adminPassword: string;
  stop(): Promise<void>;
}

const unitsPerLine = 4;
const timeoutMs = 5000;
const adminPassword = 'chaos and order';

export async function openBed(options: BedOptions): Promise<Bed> {
  const { folder, freePort, clock, seed, historian } = options;
  const wanted = Math.ceil((options.pointsPerSecond * periodMs) / 1000 / pointsPerUnit);
  const lines = Math.max(1, Math.ceil(wanted / unitsPerLine));
  const isInflux = historian === 'influxdb';
  const linePorts: number[] = [];
  for (let i = 0; i < lines; i++) linePorts.push(await freePort());
  const hopOf = async (name: string, target: number): Promise<Hop> =>
    new Hop({ port: await freePort(), target, clock, random: new Random(seed, `hop ${name}`) });
  const [http, mqtt, influxd, influxdRpc, metricsPort] = [
    await freePort(),
    await freePort(),
    await freePort(),
    await freePort(),
    await freePort(),
  ];
  const field = new Field({
    ports: linePorts,
    unitsPerLine,
    account: { longestGapMs: timeoutMs - longestDelayMs - 500, appendMs: 300 },
    clock,
  });
  const hops = new Map<HopName, Hop[]>([
    ['field', await Promise.all(linePorts.map((port, i) => hopOf(`field ${i}`, port)))],
    ['gateway-broker', [await hopOf('gateway-broker', mqtt)]],
    ['server-broker', [await hopOf('server-broker', mqtt)]],
    ['gateway-historian', [await hopOf('gateway-historian', isInflux ? influxd : http)]],
  ]);
  if (isInflux) hops.set('server-influxd', [await hopOf('server-influxd', influxd)]);
  const portsOf = (name: HopName): number[] => (hops.get(name) ?? []).map((hop) => hop.port);
  const portOf = (name: HopName): number => portsOf(name)[0] ?? 0;
  const files = writeSiteFiles(folder, { ports: portsOf('field'), unitsPerLine, timeoutMs, metricsPort });
  const programs = makePrograms({
    folder,
    files,
    historian,
    broker: options.broker,
    adminPassword,
    ports: {
      http,
      mqtt,
      influxd,
      influxdRpc,
      gatewayBroker: portOf('gateway-broker'),
      serverBroker: portOf('server-broker'),
      gatewayHistorian: portOf('gateway-historian'),
      serverInfluxd: portOf('server-influxd'),
    },
    clock,
  });
  const each = [...hops.values()].flat();
  const stop = async (): Promise<void> => {
    for (const program of [...programs.values()].reverse()) await program.stop();
    for (const hop of each) await hop.close();
    await field.close();
  };
  try {
    await field.listen();
    for (const hop of each) await hop.listen();
    for (const program of programs.values()) await program.start();
  } catch (error) {
    await stop().catch(() => undefined);
    throw error;
  }
  return {
    field,
    hops,
    programs,
    units: lines * unitsPerLine,
    url: `http://127.0.0.1:${http}`,
    influxUrl: `http://127.0.0.1:${influxd}`,
    metricsUrl: `http://127.0.0.1:${metricsPort}`,
    dataDir: join(folder, 'data'),
    adminPassword,
    stop,
  };
}
