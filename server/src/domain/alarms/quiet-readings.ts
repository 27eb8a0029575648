import type { PointValue } from '@plantroom/contracts';
import { conditionHolds } from './condition.ts';
import { accept, advance, nextWakeMs, type Signal } from './signal.ts';
import { comparisonsOf, type PlannedComparison } from './signal-comparisons.ts';
import type { Memo, Sample } from './signal-nodes.ts';
import type { SignalPlan } from './signal-plan.ts';

/** Values that change none of the comparisons of a point: that of the last judgement, and numbers within bounds. */
interface Calm {
  value: PointValue;
  /** Greater than, at most, less than, at least. */
  over: number;
  most: number;
  under: number;
  least: number;
}

/** What a point told quietly, changed in place: nearly every reading ends here. */
interface Tail {
  calm: Calm;
  /** Up to here the rule itself knows the point. */
  knownMs: number;
  /** The newest that has been judged, or would have been; NaN: none. */
  judgedMs: number;
  judged: PointValue;
  /** One that still has to be; NaN: none. */
  aheadMs: number;
  ahead: PointValue;
}

/** Up to when everything has come of a gateway, and been judged; null: it has not told any. */
export interface Watermarks {
  reachedMs(gateway: string): number | null;
}

export interface QuietSource {
  /** That of all points of the rule. */
  gateway: string;
  clock: Watermarks;
}

/**
 * Readings of a rule over several points that change nothing it says or remembers, kept beside its signal until something else looks at it. Then
 * they are taken in, and the signal is what it would have been with each of them in its turn.
 */
export class QuietReadings {
  readonly #plan: SignalPlan;
  readonly #signal: Signal;
  readonly #gateway: string;
  readonly #clock: Watermarks;
  /** By operand; null: each of its readings is news. */
  readonly #tails: (Tail | null)[] = [];
  #isEmpty = true;

  /** Null: the signal is on its way somewhere. */
  static beside(plan: SignalPlan, signal: Signal, source: QuietSource): QuietReadings | null {
    const { core, waiting, checkpoints, twin } = signal;
    if (plan.tellsAll || core.atMs === null || waiting.length > 0 || checkpoints.length > 0 || twin !== null)
      return null;
    return core.operands.some((sample) => sample?.behind) ? null : new QuietReadings(plan, signal, source);
  }

  private constructor(plan: SignalPlan, signal: Signal, { gateway, clock }: QuietSource) {
    this.#plan = plan;
    this.#signal = signal;
    this.#gateway = gateway;
    this.#clock = clock;
  }

  /** Takes a usable reading, if it changes nothing. False: nothing has been taken. The same reading may be told again. */
  note(operand: number, { atMs, value }: { atMs: number; value: PointValue }): boolean {
    const reachedMs = this.#clock.reachedMs(this.#gateway);
    if (reachedMs === null) return false;
    let tail = this.#tails[operand];
    if (tail === undefined) {
      tail = tailOf(this.#plan, this.#signal, operand);
      this.#tails[operand] = tail;
    }
    if (tail === null || atMs <= tail.knownMs) return false;
    if (atMs <= tail.judgedMs || atMs <= tail.aheadMs) return true;
    if (atMs <= reachedMs || tail.aheadMs > reachedMs || !isCalm(tail.calm, value)) return false;
    tail.judgedMs = tail.aheadMs;
    tail.judged = tail.ahead;
    tail.aheadMs = atMs;
    tail.ahead = value;
    this.#isEmpty = false;
    return true;
  }

  /** The signal with all of them. */
  signal(): Signal {
    if (this.#isEmpty) return this.#signal;
    let signal = this.#signal;
    const newest: Sample[] = [];
    for (const [operand, tail] of this.#tails.entries()) {
      if (!tail) continue;
      if (!Number.isNaN(tail.judgedMs)) signal = judged(signal, sampleOf(operand, tail.judgedMs, tail.judged));
      if (!Number.isNaN(tail.aheadMs)) newest.push(sampleOf(operand, tail.aheadMs, tail.ahead));
    }
    for (const sample of newest) signal = accept(signal, sample);
    const reachedMs = this.#clock.reachedMs(this.#gateway) ?? 0;
    // What time alone changes is for whoever brings the time to tell and to store.
    const isWoken = (nextWakeMs(this.#plan, signal) ?? Infinity) <= reachedMs;
    return isWoken ? signal : advance(this.#plan, signal, reachedMs).signal;
  }
}

const sampleOf = (operand: number, atMs: number, value: PointValue): Sample => ({ operand, atMs, value, usable: true });

/** It changed nothing but the point itself. */
function judged(signal: Signal, sample: Sample): Signal {
  const { core } = signal;
  const operands = core.operands.with(sample.operand, sample);
  return { ...signal, core: { ...core, operands, atMs: Math.max(core.atMs ?? 0, sample.atMs) } };
}

function tailOf(plan: SignalPlan, { core }: Signal, operand: number): Tail | null {
  const sample = core.operands[operand];
  const comparisons = comparisonsOf(plan, operand);
  if (!sample?.usable || comparisons === null || core.atMs === null) return null;
  return {
    calm: calmOf(comparisons, sample.value, core.memos),
    knownMs: Math.max(core.atMs, sample.atMs),
    judgedMs: Number.NaN,
    judged: null,
    aheadMs: Number.NaN,
    ahead: null,
  };
}

function isCalm({ value: last, over, most, under, least }: Calm, value: PointValue): boolean {
  if (value === last) return true;
  return typeof value === 'number' && value > over && value <= most && value < under && value >= least;
}

function calmOf(comparisons: readonly PlannedComparison[], value: PointValue, memos: readonly Memo[]): Calm {
  const calm: Calm = { value, over: -Infinity, most: Infinity, under: Infinity, least: -Infinity };
  for (const { condition, memo } of comparisons) {
    const held = memos[memo]?.holds ?? false;
    const holds = conditionHolds(condition, value, held);
    if (condition.type !== 'limit' || holds === null) {
      calm.most = -Infinity;
      continue;
    }
    const back = held ? (condition.deadband ?? 0) : 0;
    if (condition.kind === 'HH' || condition.kind === 'H') {
      const limit = condition.limit - back;
      if (holds) calm.over = Math.max(calm.over, limit);
      else calm.most = Math.min(calm.most, limit);
    } else {
      const limit = condition.limit + back;
      if (holds) calm.under = Math.min(calm.under, limit);
      else calm.least = Math.max(calm.least, limit);
    }
  }
  return calm;
}
