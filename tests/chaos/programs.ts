import { type ChildProcess, fork, spawn } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import type { Clock } from '@plantroom/contracts';
import { eventually } from '@plantroom/contracts/testing';
import type { ProcessSpec } from '../../scripts/stack/managed-process.ts';
import { stackProcesses } from '../../scripts/stack/processes.ts';
import { peer } from '../helpers/peers.ts';
import { influxdSettings } from '../helpers/run-influxd.ts';
import type { ProgramName } from './plan.ts';
import { Program } from './program.ts';
import type { SiteFiles } from './site-files.ts';

export interface ProgramsOptions {
  folder: string;
  files: SiteFiles;
  historian: 'duckdb' | 'influxdb';
  broker: 'embedded' | 'mosquitto';
  adminPassword: string;
  /** Where each listens, and where its clients reach it through their hops. */
  ports: {
    http: number;
    mqtt: number;
    influxd: number;
    influxdRpc: number;
    gatewayBroker: number;
    serverBroker: number;
    gatewayHistorian: number;
    serverInfluxd: number;
  };
  clock: Clock;
}

/** The installation of a run, each part with the addresses of its own hops. Broker and database come first. */
export function makePrograms(options: ProgramsOptions): Map<ProgramName, Program> {
  const { folder, files, historian, broker, ports, clock, adminPassword } = options;
  const isInflux = historian === 'influxdb';
  const specs = stackProcesses({
    dataDir: join(folder, 'data'),
    httpPort: ports.http,
    mqttPort: ports.mqtt,
    ...(broker === 'mosquitto' ? { mqttUrl: `mqtt://127.0.0.1:${ports.mqtt}` } : {}),
    gatewayToken: 'chaos-token',
    siteFile: files.siteFile,
    gatewayFile: files.gatewayFile,
    simulators: false,
    environment: { PLANTROOM_ADMIN_PASSWORD: adminPassword, PLANTROOM_PROFILE_DIRS: files.catalog },
  });
  const hops: Partial<Record<string, Record<string, string>>> = {
    server: {
      PLANTROOM_MQTT_URL: `mqtt://127.0.0.1:${ports.serverBroker}`,
      ...(isInflux ? { INFLUX_URL: `http://127.0.0.1:${ports.serverInfluxd}` } : {}),
    },
    gateway: {
      PLANTROOM_MQTT_URL: `mqtt://127.0.0.1:${ports.gatewayBroker}`,
      PLANTROOM_HISTORIAN_URL: `http://127.0.0.1:${ports.gatewayHistorian}`,
      ...(isInflux ? { PLANTROOM_HISTORIAN_TOKEN: 'none' } : {}),
    },
  };
  const program = (
    name: ProgramName,
    rest: Pick<ConstructorParameters<typeof Program>[0], 'begin' | 'ready'>,
  ): Program => new Program({ name, logFile: join(folder, `${name}.log`), clock, ...rest });
  const all = new Map<ProgramName, Program>();
  if (isInflux) all.set('influxd', program('influxd', influxd(join(folder, 'influxd'), ports)));
  if (broker === 'mosquitto') all.set('broker', program('broker', mosquitto(folder, ports.mqtt)));
  for (const spec of specs) {
    const environment = { ...spec.environment, ...hops[spec.name] };
    all.set(spec.name as ProgramName, program(spec.name as ProgramName, own({ ...spec, environment })));
  }
  return all;
}

interface Way {
  begin: () => ChildProcess;
  ready: (child: ChildProcess) => Promise<void>;
}

const piped = ['ignore', 'pipe', 'pipe'] as const;

function own({ command, environment, nodeOptions = [] }: ProcessSpec): Way {
  const [module, ...args] = command;
  return {
    begin: () =>
      fork(module, args, {
        execArgv: [...nodeOptions],
        env: { ...process.env, ...environment },
        stdio: [...piped, 'ipc'],
      }),
    ready: (child) => new Promise((resolve) => child.once('message', () => resolve())),
  };
}

function mosquitto(folder: string, port: number): Way {
  const config = join(folder, 'mosquitto.conf');
  writeFileSync(config, `listener ${port} 127.0.0.1\nallow_anonymous true\npersistence false\n`);
  return {
    begin: () => spawn(peer('mosquitto').program(), ['-c', config], { stdio: [...piped] }),
    ready: () => eventually(() => accepts(port), { what: 'mosquitto listens' }),
  };
}

function influxd(folder: string, ports: { influxd: number; influxdRpc: number }): Way {
  mkdirSync(folder, { recursive: true });
  const config = join(folder, 'influxdb.conf');
  writeFileSync(config, influxdSettings(folder, { http: ports.influxd, rpc: ports.influxdRpc }));
  return {
    begin: () => spawn(peer('influxd').program(), ['-config', config], { stdio: [...piped] }),
    ready: async () => {
      await eventually(async () => (await fetch(`http://127.0.0.1:${ports.influxd}/ping`)).arrayBuffer(), {
        what: 'influxd answers',
      });
    },
  };
}

function accepts(port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1', () => {
      socket.destroy();
      resolve();
    });
    socket.once('error', reject);
  });
}
