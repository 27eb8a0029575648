import type { AlarmRule } from '../domain/alarms/condition.ts';
import { accept, advance, initialSignal, type Signal } from '../domain/alarms/signal.ts';
import type { SignalPlan } from '../domain/alarms/signal-plan.ts';
import { storedValue, type ValueKind } from './bucket-bounds.ts';
import { type Occurrence, OccurrenceRecorder } from './occurrence-recorder.ts';

/** What became known of a point: a value that counts or not, or (null) that there is none. */
export interface PointNews {
  atMs: number;
  stored: number | null;
  isUsable: boolean;
  /** There is none because its device is not there. */
  isAway?: boolean;
  /** No single value, but those of a stretch that changes nothing. */
  passed?: { low: number; high: number };
}

/** Runs a rule over several points, over time or within operating states, on their history in order of time. */
export class SignalJudge {
  readonly plan: SignalPlan;
  readonly #recorder: OccurrenceRecorder;
  readonly #kinds: readonly ValueKind[];
  #signal: Signal;

  constructor(
    { rule, plan }: { rule: AlarmRule; plan: SignalPlan },
    kinds: ReadonlyMap<string, ValueKind>,
    tell: (occurrence: Occurrence) => void,
  ) {
    this.plan = plan;
    this.#recorder = new OccurrenceRecorder(rule, tell);
    this.#kinds = plan.points.map((point) => kinds.get(point) ?? 'number');
    this.#signal = initialSignal(plan);
  }

  /** One piece of news of the point of this number. All of one moment have to come before `advance` to it. */
  news(operand: number, { atMs, stored, isUsable, isAway = false, passed }: PointNews): void {
    if (passed !== undefined) {
      if (operand === 0) this.#recorder.saw(passed.low, passed.high);
      return;
    }
    const value = stored === null ? null : storedValue(stored, this.#kinds[operand] ?? 'number');
    const sample = { operand, atMs, value, usable: isUsable && stored !== null };
    this.#signal = accept(this.#signal, isAway ? { ...sample, away: true } : sample);
  }

  /** Everything up to this time has been told. */
  advance(toMs: number): void {
    const { signal, told } = advance(this.plan, this.#signal, toMs);
    this.#signal = signal;
    for (const reading of told) this.#recorder.take(reading);
    const own = signal.core.operands[0];
    if (own?.usable && own.value !== null && typeof own.value !== 'string') {
      this.#recorder.saw(Number(own.value), Number(own.value));
    }
  }

  end(atMs: number): void {
    this.advance(atMs);
    this.#recorder.take({ type: 'time', atMs });
    this.#recorder.end();
  }
}
