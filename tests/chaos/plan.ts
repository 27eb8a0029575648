import type { Random } from '../rig/random.ts';

export const programNames = ['gateway', 'server', 'broker', 'influxd'] as const;
export type ProgramName = (typeof programNames)[number];

/** Every connection of the line; `field`: between the gateway and the devices. */
export const hopNames = ['field', 'gateway-broker', 'server-broker', 'gateway-historian', 'server-influxd'] as const;
export type HopName = (typeof hopNames)[number];

export type ChaosEvent =
  /** `kill -9`, and started again after the pause. */
  | { atMs: number; kind: 'kill'; program: ProgramName; pauseMs: number }
  /** All connections reset, new ones refused for a while. */
  | { atMs: number; kind: 'cut'; hop: HopName; forMs: number }
  | { atMs: number; kind: 'black-hole' | 'stall'; hop: HopName; forMs: number }
  | { atMs: number; kind: 'delay'; hop: HopName; forMs: number; fromMs: number; toMs: number }
  | { atMs: number; kind: 'throttle'; hop: HopName; forMs: number; bytesPerSecond: number };
export type ChaosKind = ChaosEvent['kind'];

/** A fault of equipment, set in a simulated device. */
export interface ScriptedFault {
  /** From the begin of the chaos. */
  atMs: number;
  /** Left out: it stays. */
  forMs?: number;
  /** Number of the device. */
  unit: number;
  /** `fire`: life safety, at once. `overheat`: a limit with a delay. */
  kind: FaultKind;
}
export const faultKinds = ['fire', 'overheat'] as const;
export type FaultKind = (typeof faultKinds)[number];

export interface Plan {
  events: ChaosEvent[];
  faults: ScriptedFault[];
}

export interface PlanOptions {
  events: number;
  units: number;
  programs: readonly ProgramName[];
  hops: readonly HopName[];
  random: Random;
}

/** Longest delay of one chunk. The ledger's proof of an answer rests on its being far below the time-out of the devices. */
export const longestDelayMs = 1500;

/** How long a fault that passes lasts. A fire is polled once at least; a high temperature is over before the delay of its alarm is. */
const passingMs: Record<FaultKind, readonly [number, number]> = { fire: [2500, 5000], overheat: [1500, 2500] };
/** Between the starts of two events: many are still under way when the next begins. */
const gapMs = [1500, 8500] as const;
const kinds: readonly (readonly [ChaosKind, number])[] = [
  ['kill', 9],
  ['cut', 4],
  ['black-hole', 3],
  ['stall', 2],
  ['delay', 3],
  ['throttle', 2],
];
/** A target is left alone for so long after an event has ended, so that there is something to break again. */
const restMs = 1500;
/** What a program needs to run again, for the plan only: the run waits until it does. */
const restartMs = 4000;

/** Pure: which event when. One target is in one event at a time, different ones overlap. */
export function makePlan({ events: count, units, programs, hops, random }: PlanOptions): Plan {
  const events: ChaosEvent[] = [];
  const freeAtMs = new Map<string, number>();
  let atMs = 0;
  while (events.length < count) {
    atMs += random.within(...gapMs);
    const kind = pickKind(random);
    const free = (targets: readonly string[]): string[] => targets.filter((t) => (freeAtMs.get(t) ?? 0) <= atMs);
    const target = free(kind === 'kill' ? programs : hops);
    if (target.length === 0) continue;
    const event = makeEvent(kind, { atMs, target: random.pick(target), random });
    events.push(event);
    const [name, lastsMs] =
      event.kind === 'kill' ? [event.program, event.pauseMs + restartMs] : [event.hop, event.forMs];
    freeAtMs.set(name, atMs + lastsMs + restMs);
  }
  return { events, faults: makeFaults({ events: count, units, random }, atMs) };
}

/** Each in an equipment of its own, so that every alarm has one cause. Two of three stay. */
function makeFaults(
  { events, units, random }: Pick<PlanOptions, 'events' | 'units' | 'random'>,
  lastMs: number,
): ScriptedFault[] {
  const all = Array.from({ length: units }, (_, unit) => faultKinds.map((kind) => ({ unit, kind }))).flat();
  return random
    .shuffled(all)
    .slice(0, Math.max(6, Math.floor((events * 3) / 4)))
    .map(({ unit, kind }, i): ScriptedFault => {
      const atMs = random.within(0, lastMs);
      return i % 3 === 2 ? { atMs, forMs: random.within(...passingMs[kind]), unit, kind } : { atMs, unit, kind };
    })
    .sort((a, b) => a.atMs - b.atMs);
}

function makeEvent(
  kind: ChaosKind,
  { atMs, target, random }: { atMs: number; target: string; random: Random },
): ChaosEvent {
  if (kind === 'kill') return { atMs, kind, program: target as ProgramName, pauseMs: random.within(0, 6000) };
  const hop = target as HopName;
  switch (kind) {
    case 'cut':
      return { atMs, kind, hop, forMs: random.within(0, 3000) };
    case 'black-hole':
      return { atMs, kind, hop, forMs: random.within(3000, 12_000) };
    case 'stall':
      return { atMs, kind, hop, forMs: random.within(1000, 8000) };
    case 'delay': {
      const fromMs = random.within(20, 500);
      return {
        atMs,
        kind,
        hop,
        forMs: random.within(3000, 10_000),
        fromMs,
        toMs: random.within(fromMs, longestDelayMs),
      };
    }
    case 'throttle':
      return { atMs, kind, hop, forMs: random.within(3000, 10_000), bytesPerSecond: random.within(20_000, 100_000) };
  }
}

function pickKind(random: Random): ChaosKind {
  const total = kinds.reduce((sum, [, weight]) => sum + weight, 0);
  let at = random.within(1, total);
  for (const [kind, weight] of kinds) {
    at -= weight;
    if (at <= 0) return kind;
  }
  return 'kill';
}
