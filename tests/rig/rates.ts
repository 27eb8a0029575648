import type { Clock } from '@plantroom/contracts';
import { unitFault } from './faults/unit-faults.ts';
import type { RigLine } from './line.ts';
import { pause, within } from './time.ts';
import type { Completed, PollCount } from './truth/completed.ts';
import type { Recoveries, Recovery } from './truth/recovery.ts';
import type { RigDevice } from './truth/serving.ts';

/** So many units of a line were dead from one time to another, UTC ms. */
export interface RatePhase {
  dead: readonly string[];
  healthy: readonly RigDevice[];
  fromMs: number;
  toMs: number;
}

export interface RatesMeasured {
  line: string;
  phases: RatePhase[];
  /** Of the units that were dead, after the last phase. */
  back: { device: string; sinceMs: number; recovery: Recovery | undefined }[];
}

/** Polls of the healthy devices of a line and of those of an equal line without dead units, in the same time. */
export interface LineRates {
  line: string;
  phases: { dead: number; periods: number; own: PollCount; control: PollCount }[];
  back: RatesMeasured['back'];
}

export interface RateOptions {
  clock: Clock;
  recoveries: Recoveries;
  /** How long nobody, one and two are dead. */
  phaseMs: readonly [number, number, number];
  warmUpMs: number;
  patienceMs: number;
}

/** One dead unit more in each phase: somewhere in the middle, then the last. */
export async function measureRates(line: RigLine, options: RateOptions): Promise<RatesMeasured> {
  const { devices } = line.options;
  const { clock } = options;
  const dying = [devices[Math.floor(devices.length / 2)], devices.at(-1)] as RigDevice[];
  const silence = unitFault('silence');
  const rates: RatesMeasured = { line: line.options.id, phases: [], back: [] };
  const ends: (() => void)[] = [];
  await pause(clock, options.warmUpMs);
  for (const [count, phaseMs] of options.phaseMs.entries()) {
    const last = dying[count - 1];
    if (last !== undefined) ends.push(line.misbehave(last, silence).end);
    const dead = dying.slice(0, count);
    const fromMs = clock.nowMs();
    await pause(clock, phaseMs);
    const healthy = devices.filter((device) => !dead.includes(device));
    rates.phases.push({ dead: dead.map((device) => device.id), healthy, fromMs, toMs: clock.nowMs() });
  }
  for (const end of ends) end();
  const sinceMs = clock.nowMs();
  const backs = dying.map((device) => options.recoveries.back(device, sinceMs).done);
  const recoveries = await Promise.all(backs.map((done) => within(clock, options.patienceMs, done)));
  rates.back = dying.map((device, i) => ({ device: device.id, sinceMs, recovery: recoveries[i] }));
  return rates;
}

/** When everything has been stored. Without a sound line the first phase, in which nobody was dead, takes its place. */
export function compareRates(
  { line, phases, back }: RatesMeasured,
  { control, completed, periodMs }: { control: readonly RigDevice[]; completed: Completed; periodMs: number },
): LineRates {
  const [first] = phases;
  const lengthOf = (time: RatePhase): number => time.toMs - time.fromMs;
  return {
    line,
    phases: phases.map((phase) => {
      const own = completed.within(phase.healthy, phase);
      const periods = lengthOf(phase) / periodMs;
      if (control.length > 0 || first === undefined)
        return { dead: phase.dead.length, periods, own, control: completed.within(control, phase) };
      const before = completed.within(first.healthy, first);
      const share = lengthOf(phase) / lengthOf(first);
      const scaled = { ...before, mean: before.mean * share, worst: before.worst * share };
      return { dead: phase.dead.length, periods, own, control: scaled };
    }),
    back,
  };
}
