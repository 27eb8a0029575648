import type { CurrentValues } from '../current/current-values.ts';
import { accept, advance, loseSample, remember } from '../domain/alarms/signal.ts';
import type { RuleSources } from './evaluate-input.ts';
import { resume } from './evaluate-late.ts';
import type { Plant } from './plant.ts';
import type { RuleEntry } from './rule-book.ts';
import { feedsOf } from './rule-feeds.ts';
import { type Known, sampleOf } from './signal-samples.ts';
import type { UnitOfWork } from './unit-of-work.ts';

/** Of several gateways the slowest sets the pace, but not further behind the others than this. */
const maxLagMs = 10_000;

/** Wire times up to which each gateway has told everything, as far as the inputs have been processed. */
export class SignalClock {
  readonly #watermarks = new Map<string, number>();

  watermark(gateway: string, atMs: number): void {
    this.#watermarks.set(gateway, atMs);
  }

  /** Null: the gateway has not told any. */
  reachedMs(gateway: string): number | null {
    return this.#watermarks.get(gateway) ?? null;
  }

  /** Up to when a rule can be judged; null: none of its gateways is there. `behind`: the points whose gateway lags too far, and how far it has come. */
  reachOf(entry: RuleEntry, plant: Plant): { toMs: number; behind: ReadonlyMap<number, number> } | null {
    const { places, gateways } = feedsOf(entry, plant);
    const [only] = gateways;
    if (only !== undefined && gateways.length === 1) {
      const toMs = this.#reachedBy(only, plant);
      return toMs === null ? null : { toMs, behind: noneBehind };
    }
    const reached = places.map((place) => (place === undefined ? null : this.#reachedBy(place.gateway, plant)));
    const known = reached.filter((ms) => ms !== null);
    if (known.length === 0) return null;
    const toMs = Math.max(Math.min(...known), Math.max(...known) - maxLagMs);
    return {
      toMs,
      behind: new Map(reached.flatMap((ms, operand) => (ms !== null && ms < toMs ? [[operand, ms]] : []))),
    };
  }

  #reachedBy(gateway: string, plant: Plant): number | null {
    return plant.gateways.get(gateway)?.online === false ? null : this.reachedMs(gateway);
  }
}

const noneBehind: ReadonlyMap<number, number> = new Map();

/** A reading of one of the points of a rule: it counts when its time has come. */
export function takeSample(work: UnitOfWork, entry: RuleEntry, point: string, known: Known, plant: Plant): void {
  if (entry.plan !== null) work.accept(entry, sampleOf(entry, point, known, plant));
}

/** Looks at a point anew: its source is gone, or its readings overflowed the queue. */
export function refreshSample(
  work: UnitOfWork,
  entry: RuleEntry,
  point: string,
  { current, plant }: Pick<RuleSources, 'current' | 'plant'>,
): void {
  const signal = work.signalOf(entry);
  const held = current.get(point);
  if (held === undefined || signal === null || entry.plan === null) return;
  const sample = sampleOf(entry, point, { ...held, atMs: held.wireTimeMs }, plant);
  if (sample.usable) work.signal(entry, { signal: accept(signal, sample), told: [] });
  else work.signal(entry, loseSample(entry.plan, signal, sample));
}

/** A point of the rule has been born again. */
export function bringBackSample(
  work: UnitOfWork,
  entry: RuleEntry,
  point: string,
  { current, plant }: Pick<RuleSources, 'current' | 'plant'>,
): void {
  const signal = work.signalOf(entry);
  const held = current.get(point);
  if (held === undefined || signal === null) return;
  const sample = { ...sampleOf(entry, point, { ...held, atMs: held.wireTimeMs }, plant), back: true };
  work.signal(entry, { signal: accept(remember(signal), sample), told: [] });
}

/** All points anew: the rule is new or another one now. */
export function seedSignal(
  work: UnitOfWork,
  entry: RuleEntry,
  { current, plant }: Pick<RuleSources, 'current' | 'plant'>,
): void {
  for (const point of entry.plan?.points ?? []) {
    const held = current.get(point);
    if (held !== undefined) takeSample(work, entry, point, { ...held, atMs: held.wireTimeMs }, plant);
  }
}

/** Everything up to this time has come: judges what waited for it, and lets the delays go on. */
export function advanceSignal(
  work: UnitOfWork,
  entry: RuleEntry,
  { clock, plant, current }: Pick<RuleSources, 'clock' | 'plant' | 'current'>,
): void {
  const { plan } = entry;
  const reach = plan === null ? null : clock.reachOf(entry, plant);
  if (plan === null || reach === null) return;
  markBehind(work, entry, { behind: reach.behind, current, plant });
  const signal = work.signalOf(entry);
  if (signal === null) return;
  work.signal(entry, advance(plan, signal, reach.toMs));
  work.evaluate(entry, { type: 'time', atMs: reach.toMs });
  const core = work.signalOf(entry)?.core;
  if (!entry.isResuming || core === undefined || core.truth === null) return;
  if (core.operands.every((sample) => sample === null || sample.usable || sample.away !== true))
    resume(work, entry, core.atMs ?? reach.toMs);
}

/** Nobody knows what a point says whose gateway lags far behind the others of the rule; when it has caught up, its newest value counts. */
function markBehind(
  work: UnitOfWork,
  entry: RuleEntry,
  { behind, current, plant }: { behind: ReadonlyMap<number, number>; current: CurrentValues; plant: Plant },
): void {
  const { plan } = entry;
  if (behind.size === 0 && !work.signalOf(entry)?.core.operands.some((sample) => sample?.behind)) return;
  for (const [operand, point] of (plan?.points ?? []).entries()) {
    const signal = work.signalOf(entry);
    const sample = signal?.core.operands[operand];
    if (plan === null || signal === null || !sample) continue;
    const reachedMs = behind.get(operand);
    if (reachedMs !== undefined && sample.usable) {
      const lost = { operand, atMs: reachedMs, value: sample.value, usable: false, behind: true };
      work.signal(entry, loseSample(plan, signal, lost));
    } else if (reachedMs === undefined && sample.behind === true) {
      const held = current.get(point);
      if (held !== undefined)
        takeSample(work, entry, point, { ...held, atMs: Math.max(held.wireTimeMs, sample.atMs) }, plant);
    }
  }
}
