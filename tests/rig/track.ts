import type { Clock } from '@plantroom/contracts';
import type { LineFault } from './faults/line-faults.ts';
import type { UnitFault } from './faults/unit-fault.ts';
import type { RigLine } from './line.ts';
import type { Random } from './random.ts';
import { pause, within } from './time.ts';
import type { Recoveries, Recovery } from './truth/recovery.ts';
import type { RigDevice } from './truth/serving.ts';

/** One fault, from its beginning until the device was back. */
export interface Injection {
  fault: string;
  line: string;
  devices: readonly string[];
  fromMs: number;
  toMs: number;
  /** Requests or connections that it met. */
  hits: number;
  /** One for each device; undefined: it did not come back while the rig waited. */
  back: (Recovery | undefined)[];
}

export interface TrackOptions {
  clock: Clock;
  line: RigLine;
  recoveries: Recoveries;
  random: Random;
  periodMs: number;
  /** A device that is well again is left alone for so many polls. */
  restPolls: number;
  /** How long faults last, polls; each time one of them. */
  lengths: readonly number[];
  /** After this (monotonic, ms) no fault begins; left out with `once`. */
  untilMs?: number;
  /** Left out: the deck is dealt again and again. */
  once?: boolean;
  /** So long a device is waited for, ms. */
  patienceMs: number;
  onInjection(injection: Injection): void;
}

/** A fault that meets nothing (its unit is not asked just now) goes on, up to so many times its length; one that is dealt only once, as long as there is patience. */
const mostLengths = 4;

/** Deals faults to devices, one at a time, and sees each device come back before the next. */
export async function unitTrack(
  { devices, faults }: { devices: readonly RigDevice[]; faults: readonly UnitFault[] },
  options: TrackOptions,
): Promise<void> {
  const { line, random } = options;
  let turn = 0;
  await deal(faults, options, (fault) => {
    const device = devices[turn++ % devices.length] as RigDevice;
    const on = line.misbehave(device, fault);
    return Promise.resolve({
      devices: [device],
      lengthPolls: random.pick(options.lengths),
      hits: on.hits,
      countsHits: true,
      end: () => Promise.resolve(on.end()),
    });
  });
}

export async function lineTrack({ faults }: { faults: readonly LineFault[] }, options: TrackOptions): Promise<void> {
  const { line, random } = options;
  await deal(faults, options, async (fault) => {
    const on = await line.misbehaveAsLine(fault);
    const lengthPolls = Math.max(fault.atLeastPolls ?? 0, random.pick(options.lengths));
    return { devices: line.options.devices, lengthPolls, countsHits: fault.unseen !== true, ...on };
  });
}

interface Begun {
  devices: readonly RigDevice[];
  lengthPolls: number;
  hits(): number;
  countsHits: boolean;
  end(): Promise<void>;
}

async function deal<Fault extends { name: string }>(
  faults: readonly Fault[],
  options: TrackOptions,
  begin: (fault: Fault) => Promise<Begun>,
): Promise<void> {
  const { clock, random, once, restPolls } = options;
  for (let deck = random.shuffled(faults); ; deck = random.shuffled(faults)) {
    for (const fault of deck) {
      await pause(clock, options.periodMs * (restPolls + random.next()));
      if (options.untilMs !== undefined && clock.monotonicMs() > options.untilMs) return;
      await inject(fault, await beginOf(fault, { begin, clock }), options);
    }
    if (once === true) return;
  }
}

async function beginOf<Fault>(
  fault: Fault,
  { begin, clock }: { begin: (fault: Fault) => Promise<Begun>; clock: Clock },
): Promise<Begun & { fromMs: number }> {
  const fromMs = clock.nowMs();
  return { ...(await begin(fault)), fromMs };
}

async function inject(fault: { name: string }, on: Begun & { fromMs: number }, options: TrackOptions): Promise<void> {
  const { clock, periodMs, recoveries, line, patienceMs, onInjection } = options;
  const lengthMs = on.lengthPolls * periodMs;
  await pause(clock, lengthMs);
  const mostMs = options.once === true ? patienceMs : lengthMs * mostLengths;
  while (on.countsHits && on.hits() === 0 && clock.nowMs() - on.fromMs < mostMs) await pause(clock, 20);
  await on.end();
  // What it was asked before it is well again, it still answers first.
  await pause(clock, line.backlogMs(on.devices));
  const toMs = clock.nowMs();
  const backs = on.devices.map((device) => recoveries.back(device, toMs).done);
  const back = await Promise.all(backs.map((done) => within(clock, patienceMs, done)));
  const devices = on.devices.map((device) => device.id);
  onInjection({ fault: fault.name, line: line.options.id, devices, fromMs: on.fromMs, toMs, hits: on.hits(), back });
}
