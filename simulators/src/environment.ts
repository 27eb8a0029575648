import { homedir } from 'node:os';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { PlantroomError } from '@plantroom/contracts';

/** What the simulators take from the environment; read here and nowhere else (the demo's gateway file fills its own `${…}` from `all`). */
export interface SimulatorEnvironment {
  /** Control port, `PLANTROOM_SIM_PORT`; left out: 8090. */
  controlPort: number;
  /** `PLANTROOM_DATA_DIR`; left out: ./data. */
  dataDir: string;
  /** `PLANTROOM_SIM_SEED`; left out: 1. Counts only while there is no snapshot. */
  seed: number;
  /** Where the building's calendar begins, `PLANTROOM_SIM_BEGIN`, UTC ms; left out: now. Counts only while there is no snapshot. */
  beginMs?: number;
  /** `PLANTROOM_SIM_GATEWAY_FILE` and `PLANTROOM_SIM_SITE_FILE`; left out: the demo's. */
  gatewayFile: string;
  siteFile: string;
  mqttUrl: string;
  logLevel: string;
  all: Readonly<Record<string, string | undefined>>;
}

/** A seed is 32 bits. */
export const mostSeed = 0xffff_ffff;

const demoFolder = fileURLToPath(new URL('../demo/', import.meta.url));

/** Throws ENV_INVALID naming variable, value and what is allowed. */
export function readEnvironment(all: Readonly<Record<string, string | undefined>> = process.env): SimulatorEnvironment {
  const text = (name: string, fallback: string): string => all[name] || fallback;
  const integer = (name: string, options: { fallback: number; max: number }): number => {
    const given = all[name];
    if (given === undefined || given === '') return options.fallback;
    const value = Number(given);
    if (Number.isInteger(value) && value >= 0 && value <= options.max) return value;
    throw new PlantroomError('ENV_INVALID', `${name} is "${given}"; allowed: a whole number from 0 to ${options.max}`);
  };
  const begin = all.PLANTROOM_SIM_BEGIN || undefined;
  const hasOffset = begin === undefined || /^\d{4}-\d\d-\d\dT.*(Z|[+-]\d\d:\d\d)$/.test(begin);
  if (begin !== undefined && (!hasOffset || Number.isNaN(Date.parse(begin))))
    throw new PlantroomError(
      'ENV_INVALID',
      `PLANTROOM_SIM_BEGIN is "${begin}"; allowed: a time with offset, such as 2026-07-01T08:00+08:00`,
    );
  return {
    ...(begin === undefined ? {} : { beginMs: Date.parse(begin) }),
    controlPort: integer('PLANTROOM_SIM_PORT', { fallback: 8090, max: 65_535 }),
    dataDir: resolve(text('PLANTROOM_DATA_DIR', './data').replace(/^~/, homedir())),
    seed: integer('PLANTROOM_SIM_SEED', { fallback: 1, max: mostSeed }),
    gatewayFile: text('PLANTROOM_SIM_GATEWAY_FILE', `${demoFolder}gateway.yaml`),
    siteFile: text('PLANTROOM_SIM_SITE_FILE', `${demoFolder}site.yaml`),
    mqttUrl: text('PLANTROOM_MQTT_URL', 'mqtt://127.0.0.1:1883'),
    logLevel: text('PLANTROOM_LOG_LEVEL', 'info'),
    all,
  };
}
