import type { Clock } from '@plantroom/contracts';
import type { Random } from '../rig/random.ts';
import type { Bed } from './bed.ts';
import type { Hop, HopMode } from './hop.ts';
import type { ChaosEvent, HopName, Plan, ScriptedFault } from './plan.ts';

export interface PerformOptions {
  bed: Pick<Bed, 'field' | 'hops' | 'programs'>;
  random: Random;
  clock: Clock;
  /** An event has begun, or a fault was set. */
  onBegin: (what: string) => void;
}

/** Plays the plan by its times. Resolves when every event is over and every program runs again; rejects when one never does. */
export async function perform({ events, faults }: Plan, options: PerformOptions): Promise<void> {
  const { bed, clock, onBegin } = options;
  const beganMs = clock.monotonicMs();
  const until = (atMs: number): Promise<void> => pause(clock, beganMs + atMs - clock.monotonicMs());
  const script = async ({ atMs, forMs, unit, kind }: ScriptedFault): Promise<void> => {
    await until(atMs);
    bed.field.set(unit, kind);
    onBegin(`fault ${kind} of unit ${unit + 1}${forMs === undefined ? '' : ` for ${forMs} ms`}`);
    if (forMs === undefined) return;
    await until(atMs + forMs);
    bed.field.clear(unit, kind);
  };
  // What one target has to bear comes one after the other, even where a restart takes longer than the plan thought.
  const turns = new Map<string, Promise<void>>();
  const underWay: Promise<void>[] = faults.map(script);
  for (const event of events) {
    await until(event.atMs);
    const target = event.kind === 'kill' ? event.program : event.hop;
    const turn = (turns.get(target) ?? Promise.resolve()).then(() => act(event, options));
    turns.set(target, turn);
    underWay.push(turn);
    // Told at the end, where it is waited for.
    turn.catch(() => undefined);
  }
  await Promise.all(underWay);
}

async function act(event: ChaosEvent, { bed, clock, random, onBegin }: PerformOptions): Promise<void> {
  if (event.kind === 'kill') {
    const program = bed.programs.get(event.program);
    if (program === undefined) return;
    await program.usable();
    onBegin(`kill ${event.program}, again after ${event.pauseMs} ms`);
    await program.kill();
    if (event.program === 'gateway') bed.field.gatewayKilled();
    await pause(clock, event.pauseMs);
    await program.start();
    return;
  }
  const hops = some(bed.hops.get(event.hop) ?? [], { hop: event.hop, random });
  const of = event.hop === 'field' ? ` (${hops.length} lines)` : '';
  onBegin(`${event.kind} ${event.hop}${of} for ${event.forMs} ms`);
  const mode = modeOf(event);
  for (const hop of hops) {
    hop.set(mode);
    if (event.kind === 'cut') hop.cut();
  }
  await pause(clock, event.forMs);
  for (const hop of hops) hop.set({ kind: 'pass' });
}

function modeOf(event: Exclude<ChaosEvent, { kind: 'kill' }>): HopMode {
  if (event.kind === 'delay') return { kind: 'delay', fromMs: event.fromMs, toMs: event.toMs };
  if (event.kind === 'throttle') return { kind: 'throttle', bytesPerSecond: event.bytesPerSecond };
  return { kind: event.kind === 'cut' ? 'refuse' : event.kind };
}

/** In the field some of the lines, or all of them, as when their switch is at fault. */
function some(all: readonly Hop[], { hop, random }: { hop: HopName; random: Random }): readonly Hop[] {
  if (hop !== 'field' || random.within(1, 3) === 1) return all;
  return random.shuffled(all).slice(0, random.within(1, Math.max(1, Math.floor(all.length / 3))));
}

export function pause(clock: Clock, ms: number): Promise<void> {
  return new Promise((resolve) => clock.after(Math.max(0, ms), resolve));
}
