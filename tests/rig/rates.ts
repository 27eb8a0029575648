import { setTimeout as sleep } from 'node:timers/promises';
import { unitFault } from './faults/unit-faults.ts';
import type { RigLine } from './line.ts';
import type { Recoveries, Recovery } from './truth/recovery.ts';
import type { RigDevice } from './truth/serving.ts';

/** Polling of the healthy devices of one line while so many others are dead, counted at the devices. */
export interface RatePhase {
  dead: readonly string[];
  seconds: number;
  /** Requests of each healthy device per period. 1: every due poll. */
  perPeriod: { mean: number; worst: number; worstDevice: string };
}

export interface LineRates {
  line: string;
  phases: RatePhase[];
  /** Of the units that were dead, after the last phase. */
  back: { device: string; recovery: Recovery | undefined }[];
}

export interface RateOptions {
  recoveries: Recoveries;
  periodMs: number;
  /** How long nobody, one and two are dead. */
  phaseMs: readonly [number, number, number];
  warmUpMs: number;
  patienceMs: number;
}

/** One dead unit more in each phase: somewhere in the middle, then the last. */
export async function measureRates(line: RigLine, options: RateOptions): Promise<LineRates> {
  const { devices } = line.options;
  const dying = [devices[Math.floor(devices.length / 2)], devices.at(-1)] as RigDevice[];
  const silence = unitFault('silence');
  const rates: LineRates = { line: line.options.id, phases: [], back: [] };
  const ends: (() => void)[] = [];
  await sleep(options.warmUpMs);
  for (const [dead, phaseMs] of options.phaseMs.entries()) {
    const last = dying[dead - 1];
    if (last !== undefined) ends.push(line.misbehave(last, silence).end);
    const healthy = devices.filter((device) => !dying.slice(0, dead).includes(device));
    rates.phases.push(await count(healthy, { phaseMs, periodMs: options.periodMs, dead: dying.slice(0, dead) }));
  }
  for (const end of ends) end();
  const atMs = Date.now();
  const patience = new AbortController();
  const tired = sleep(options.patienceMs, undefined, { signal: patience.signal }).catch(() => undefined);
  const backs = dying.map((device) => options.recoveries.back(device, atMs).done);
  const recoveries = await Promise.all(backs.map((done) => Promise.race([done, tired])));
  patience.abort();
  rates.back = dying.map((device, i) => ({ device: device.id, recovery: recoveries[i] ?? undefined }));
  return rates;
}

async function count(
  healthy: readonly RigDevice[],
  { phaseMs, periodMs, dead }: { phaseMs: number; periodMs: number; dead: readonly RigDevice[] },
): Promise<RatePhase> {
  const before = healthy.map((device) => device.requests);
  const fromMs = performance.now();
  await sleep(phaseMs);
  const lastedMs = performance.now() - fromMs;
  const rates = healthy.map((device, i) => ((device.requests - (before[i] ?? 0)) * periodMs) / lastedMs);
  const worst = Math.min(...rates);
  return {
    dead: dead.map((device) => device.id),
    seconds: lastedMs / 1000,
    perPeriod: {
      mean: rates.reduce((sum, rate) => sum + rate, 0) / rates.length,
      worst,
      worstDevice: healthy[rates.indexOf(worst)]?.id ?? '',
    },
  };
}
