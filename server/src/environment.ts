import path from 'node:path';
import { defaultHostId, PlantroomError } from '@plantroom/contracts';

export interface ServerEnvironment {
  httpPort: number;
  httpHost: string;
  dataDir: string;
  mqttUrl: string;
  /** `postgres://…`; the SQLite file in the data folder otherwise. */
  databaseUrl: string;
  /** Null: the embedded historian. */
  influx: { url: string; token?: string; org?: string; bucket: string } | null;
  /** Null: a random one, printed once at the first start. */
  adminPassword: string | null;
  gatewayToken: string | null;
  siteFile: string | null;
  /** Where metrics of foreign Sparkplug nodes go; null: under the names that they have. */
  mappingFile: string | null;
  /** How long a Sparkplug message that is missing may still come, ms. */
  reorderMs: number;
  /** The longest that an operator may shelve an alarm, ms. */
  maxShelvingMs: number;
  profileDirs: string[];
  logLevel: string;
  hostId: string;
}

const logLevels = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'];

/** The one place that reads the server's environment. Throws with the variable, its value and what is allowed. */
export function readEnvironment(env: NodeJS.ProcessEnv): ServerEnvironment {
  const dataDir = path.resolve(env.PLANTROOM_DATA_DIR || './data');
  const logLevel = env.PLANTROOM_LOG_LEVEL || 'info';
  if (!logLevels.includes(logLevel)) throw invalid('PLANTROOM_LOG_LEVEL', logLevel, logLevels.join(', '));
  return {
    httpPort: port(env, 'PLANTROOM_HTTP_PORT', 8080),
    httpHost: env.PLANTROOM_HTTP_HOST || '127.0.0.1',
    dataDir,
    mqttUrl: env.PLANTROOM_MQTT_URL || `mqtt://127.0.0.1:${port(env, 'PLANTROOM_MQTT_PORT', 1883)}`,
    databaseUrl: env.DATABASE_URL || path.join(dataDir, 'plantroom.sqlite'),
    influx: influx(env),
    adminPassword: env.PLANTROOM_ADMIN_PASSWORD || null,
    gatewayToken: env.PLANTROOM_GATEWAY_TOKEN || null,
    siteFile: env.PLANTROOM_SITE_FILE || null,
    mappingFile: env.PLANTROOM_MAPPING_FILE || null,
    reorderMs: within(env, 'PLANTROOM_REORDER_MS', { fallback: 1_000, least: 100, most: 60_000 }),
    maxShelvingMs: 60_000 * within(env, 'PLANTROOM_MAX_SHELVING_MINUTES', { fallback: 480, least: 1, most: 10_080 }),
    profileDirs: (env.PLANTROOM_PROFILE_DIRS ?? '').split(path.delimiter).filter((folder) => folder !== ''),
    logLevel,
    hostId: env.PLANTROOM_HOST_ID || defaultHostId,
  };
}

function influx(env: NodeJS.ProcessEnv): ServerEnvironment['influx'] {
  const url = env.INFLUX_URL;
  if (!url) return null;
  if (!/^https?:\/\//.test(url)) throw invalid('INFLUX_URL', url, 'an http:// or https:// address');
  return {
    url,
    bucket: env.INFLUX_BUCKET || 'plantroom',
    ...(env.INFLUX_TOKEN ? { token: env.INFLUX_TOKEN } : {}),
    ...(env.INFLUX_ORG ? { org: env.INFLUX_ORG } : {}),
  };
}

const port = (env: NodeJS.ProcessEnv, name: string, fallback: number): number =>
  within(env, name, { fallback, least: 0, most: 65_535 });

function within(
  env: NodeJS.ProcessEnv,
  name: string,
  { fallback, least, most }: { fallback: number; least: number; most: number },
): number {
  const text = env[name];
  if (text === undefined || text === '') return fallback;
  const value = Number(text);
  if (!Number.isInteger(value) || value < least || value > most)
    throw invalid(name, text, `a whole number from ${least} to ${most}`);
  return value;
}

function invalid(name: string, value: string, allowed: string): PlantroomError {
  return new PlantroomError('ENVIRONMENT_INVALID', `${name} is "${value}"; allowed: ${allowed}`);
}
