import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { ProcessSpec } from './managed-process.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));

/**
 * The gateway as it is built. Left to itself V8 lets garbage grow to as much as is alive and more, and its young generation to a hundred
 * megabytes where the machine has many; these bounds cost some CPU and keep a gateway of 10,000 points below 150 MB (`npm run bench -- gateway-memory`).
 */
export const gatewayProgram = {
  module: join(root, 'gateway/dist/main.js'),
  // DEP0169: url.parse() in mqtt.js, which Node says only of code outside node_modules.
  nodeOptions: ['--max-semi-space-size=8', '--heap-growing-percent=30', '--disable-warning=DEP0169'],
} as const;

export interface StackOptions {
  dataDir: string;
  httpPort: number;
  /** Port of the embedded broker; with `mqttUrl` no broker is started. */
  mqttPort: number;
  mqttUrl?: string;
  gatewayToken: string;
  /** Address that gateways write line protocol to, with its token; left out: the server itself. */
  historianUrl?: string;
  historianToken?: string;
  siteFile?: string;
  gatewayFile?: string;
  /** Ports of the simulated building by listener (`METERS`, `FIRE` …) and `SIM_PORT`; left out: the defaults of simulators/demo. */
  simulatorEnvironment?: Record<string, string>;
  /** Left out: true. */
  simulators?: boolean;
  /** Anything else for every process. */
  environment?: Record<string, string>;
}

/** The processes of a whole installation, in the order in which they start. */
export function stackProcesses(options: StackOptions): ProcessSpec[] {
  const mqttUrl = options.mqttUrl ?? `mqtt://127.0.0.1:${options.mqttPort}`;
  const shared = {
    ...options.environment,
    ...options.simulatorEnvironment,
    PLANTROOM_DATA_DIR: options.dataDir,
    PLANTROOM_MQTT_URL: mqttUrl,
    PLANTROOM_MQTT_PORT: String(options.mqttPort),
    PLANTROOM_HTTP_PORT: String(options.httpPort),
    PLANTROOM_GATEWAY_TOKEN: options.gatewayToken,
    PLANTROOM_HISTORIAN_URL: options.historianUrl ?? `http://127.0.0.1:${options.httpPort}`,
    PLANTROOM_HISTORIAN_TOKEN:
      options.historianUrl === undefined ? options.gatewayToken : (options.historianToken ?? ''),
    PLANTROOM_SITE_FILE: options.siteFile ?? join(root, 'simulators/demo/site.yaml'),
  };
  const broker = { name: 'broker', command: [join(root, 'server/src/broker-main.ts')] as const, environment: shared };
  const simulators = {
    name: 'simulators',
    command: [join(root, 'simulators/src/main.ts')] as const,
    environment: shared,
  };
  return [
    ...(options.mqttUrl === undefined ? [broker] : []),
    { name: 'server', command: [join(root, 'server/src/main.ts')], environment: shared },
    ...(options.simulators === false ? [] : [simulators]),
    {
      name: 'gateway',
      command: [gatewayProgram.module, '--config', options.gatewayFile ?? join(root, 'simulators/demo/gateway.yaml')],
      nodeOptions: gatewayProgram.nodeOptions,
      environment: shared,
    },
  ];
}
