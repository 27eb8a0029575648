import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { LogFile } from './stack/log-file.ts';
import { consoleText } from './stack/log-line.ts';
import { ManagedProcess, type ReadyMessage } from './stack/managed-process.ts';
import { stackProcesses } from './stack/processes.ts';

/** `npm start`: broker, server, simulated building and gateway as processes of their own, watched until Ctrl-C. */
const env = process.env;
const dataDir = resolve(env.PLANTROOM_DATA_DIR ?? 'data');

function portOf(name: string, fallback: number): number {
  const text = env[name];
  if (text === undefined || text === '') return fallback;
  const port = Number(text);
  if (!Number.isInteger(port) || port < 1 || port > 65535) {
    console.error(`${name} is "${text}"; allowed: a port from 1 to 65535`);
    process.exit(2);
  }
  return port;
}

/** The token by which our own gateway writes to our own server: made once, kept beside the data. */
function gatewayToken(): string {
  if (env.PLANTROOM_GATEWAY_TOKEN) return env.PLANTROOM_GATEWAY_TOKEN;
  const file = join(dataDir, 'gateway-token');
  if (!existsSync(file)) writeFileSync(file, randomBytes(24).toString('base64url'), { mode: 0o600 });
  return readFileSync(file, 'utf8').trim();
}

mkdirSync(dataDir, { recursive: true });
const specs = stackProcesses({
  dataDir,
  httpPort: portOf('PLANTROOM_HTTP_PORT', 8080),
  mqttPort: portOf('PLANTROOM_MQTT_PORT', 1883),
  gatewayToken: gatewayToken(),
  ...(env.PLANTROOM_MQTT_URL ? { mqttUrl: env.PLANTROOM_MQTT_URL } : {}),
  ...(env.INFLUX_URL ? { historianUrl: env.INFLUX_URL, historianToken: env.INFLUX_TOKEN ?? '' } : {}),
  ...(env.PLANTROOM_SITE_FILE ? { siteFile: env.PLANTROOM_SITE_FILE } : {}),
  ...(env.PLANTROOM_GATEWAY_FILE ? { gatewayFile: env.PLANTROOM_GATEWAY_FILE } : {}),
  simulators: env.PLANTROOM_SIMULATORS !== 'off',
});

const logs = new Map(specs.map(({ name }) => [name, new LogFile(join(dataDir, 'logs', `${name}.log`))]));
const processes = specs.map(
  (spec) =>
    new ManagedProcess(spec, {
      line(name, stream, line) {
        logs.get(name)?.write(line);
        const text = consoleText(stream, line);
        if (text !== undefined) console.error(`  ${name}: ${text}`);
      },
      exited(name, code, willRestart) {
        const next = willRestart ? 'it is started again' : 'it stays down, the rest runs on';
        console.error(`  ${name} ended with code ${code}; ${next} (log: ${join(dataDir, 'logs', `${name}.log`)})`);
      },
    }),
);

let stopping = false;
async function stop(): Promise<void> {
  if (stopping) return;
  stopping = true;
  console.log('\nStopping …');
  for (const child of [...processes].reverse()) await child.stop();
  console.log('Everything has stopped; the data is in', dataDir);
  process.exit(0);
}
process.on('SIGINT', () => void stop());
process.on('SIGTERM', () => void stop());
process.on('SIGHUP', () => void stop());

function report(name: string, ready: ReadyMessage | undefined): void {
  if (ready !== undefined) console.log(`  ✓ ${name}${typeof ready.url === 'string' ? ` ${ready.url}` : ''}`);
}

console.log('Plantroom (机房) is starting …');
const ready = new Map<string, ReadyMessage | undefined>();
const start = async (child: ManagedProcess): Promise<void> => {
  const message = await child.start();
  ready.set(child.spec.name, message);
  if (!stopping) report(child.spec.name, message);
};
// The gateway last: it would only complain that nobody answers yet.
const isGateway = ({ spec }: ManagedProcess): boolean => spec.name === 'gateway';
await Promise.all(processes.filter((child) => !isGateway(child)).map(start));
if (!stopping) await Promise.all(processes.filter(isGateway).map(start));

const server = ready.get('server');
if (server !== undefined && !stopping) {
  const password = typeof server.adminPassword === 'string' ? server.adminPassword : undefined;
  const signIn =
    password === undefined
      ? 'admin, with the password printed at the first start (or PLANTROOM_ADMIN_PASSWORD to set another)'
      : `admin / ${password}   (printed this once; change it under Users)`;
  console.log(
    `\n  Dashboard  ${server.url}\n  Sign-in    ${signIn}\n  Data       ${dataDir}\n\nCtrl-C stops everything.`,
  );
}
