import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ManagedProcess } from '../../scripts/stack/managed-process.ts';
import { stackProcesses } from '../../scripts/stack/processes.ts';
import { ApiClient } from './api-client.ts';
import { freePort } from './free-ports.ts';

export const adminPassword = 'correct horse battery staple';

const simulatorListeners = ['METERS', 'INCOMER', 'PUMPROOM', 'FIRE', 'AHU1', 'AHU2', 'ELEVATORS', 'HVAC'];

export interface StackSettings {
  /** Left out: a new temporary folder, removed by `destroy`. */
  dataDir?: string;
  /** Left out: the embedded broker. */
  mqttUrl?: string;
  /** Left out: the embedded historian. */
  influxUrl?: string;
  siteFile?: string;
  gatewayFile?: string;
  simulators?: boolean;
  environment?: Record<string, string>;
  /** Ports to keep over a restart; left out: free ones. */
  ports?: StackPorts;
}

export interface StackPorts {
  http: number;
  mqtt: number;
  sim: number;
  listeners: Record<string, number>;
}

export interface RunningStack {
  url: string;
  ports: StackPorts;
  dataDir: string;
  api: ApiClient;
  process(name: string): ManagedProcess;
  /** The last lines a process printed, for messages. */
  output(name: string): string;
  sim<T>(method: string, path: string, body?: unknown): Promise<T>;
  /** Stops every process; the data stays. */
  stop(): Promise<void>;
  /** Stops and removes the data. */
  destroy(): Promise<void>;
}

async function takePorts(): Promise<StackPorts> {
  const listeners: Record<string, number> = {};
  for (const name of simulatorListeners) listeners[name] = await freePort();
  return { http: await freePort(), mqtt: await freePort(), sim: await freePort(), listeners };
}

/** The whole installation on free ports with a data folder of its own, as `npm start` runs it. */
export async function startStack(settings: StackSettings = {}): Promise<RunningStack> {
  const dataDir = settings.dataDir ?? mkdtempSync(join(tmpdir(), 'plantroom-stack-'));
  const ports = settings.ports ?? (await takePorts());
  const url = `http://127.0.0.1:${ports.http}`;
  const output = new Map<string, string[]>();
  const specs = stackProcesses({
    dataDir,
    httpPort: ports.http,
    mqttPort: ports.mqtt,
    gatewayToken: 'stack-test-token',
    ...(settings.mqttUrl === undefined ? {} : { mqttUrl: settings.mqttUrl }),
    ...(settings.influxUrl === undefined ? {} : { historianUrl: settings.influxUrl }),
    ...(settings.siteFile === undefined ? {} : { siteFile: settings.siteFile }),
    ...(settings.gatewayFile === undefined ? {} : { gatewayFile: settings.gatewayFile }),
    ...(settings.simulators === undefined ? {} : { simulators: settings.simulators }),
    simulatorEnvironment: {
      PLANTROOM_SIM_PORT: String(ports.sim),
      ...Object.fromEntries(
        Object.entries(ports.listeners).map(([name, port]) => [`PLANTROOM_SIM_${name}_PORT`, String(port)]),
      ),
    },
    environment: {
      PLANTROOM_ADMIN_PASSWORD: adminPassword,
      ...(settings.influxUrl === undefined ? {} : { INFLUX_URL: settings.influxUrl }),
      ...settings.environment,
    },
  });
  const processes = specs.map(
    (spec) =>
      new ManagedProcess(spec, {
        line(name, _stream, line) {
          const lines = output.get(name) ?? [];
          output.set(name, [...lines.slice(-200), line]);
        },
        exited: () => undefined,
      }),
  );
  const lastOutput = (name: string): string => (output.get(name) ?? []).join('\n');
  const stop = async (): Promise<void> => {
    for (const child of [...processes].reverse()) await child.stop();
  };
  await Promise.all(
    processes.map(async (child) => {
      if ((await child.start()) === undefined) {
        await stop();
        throw new Error(`${child.spec.name} did not start:\n${lastOutput(child.spec.name)}`);
      }
    }),
  );
  const api = new ApiClient(url);
  await api.signIn('admin', adminPassword);
  return {
    url,
    ports,
    dataDir,
    api,
    process(name) {
      const found = processes.find((child) => child.spec.name === name);
      if (found === undefined)
        throw new Error(`no process "${name}"; there are ${specs.map((spec) => spec.name).join(', ')}`);
      return found;
    },
    output: lastOutput,
    async sim(method, path, body) {
      const answer = await fetch(`http://127.0.0.1:${ports.sim}${path}`, {
        method,
        ...(body === undefined ? {} : { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
      });
      const text = await answer.text();
      if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${text}`);
      return text === '' ? undefined : JSON.parse(text);
    },
    stop,
    async destroy() {
      await stop();
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}
