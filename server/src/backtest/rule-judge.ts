import { type AlarmRule, conditionHolds } from '../domain/alarms/condition.ts';
import { staysThrough, storedValue, type ValueKind } from './bucket-bounds.ts';
import { type Occurrence, OccurrenceRecorder } from './occurrence-recorder.ts';

/**
 * Runs a rule over the history of its one point, reading by reading. Whole stretches whose values cannot turn the condition are passed at once.
 */
export class RuleJudge {
  readonly #recorder: OccurrenceRecorder;
  readonly #kind: ValueKind;

  constructor(rule: AlarmRule, kind: ValueKind, tell: (occurrence: Occurrence) => void) {
    this.#recorder = new OccurrenceRecorder(rule, tell);
    this.#kind = kind;
  }

  get rule(): AlarmRule {
    return this.#recorder.rule;
  }

  /** Null: nothing usable has been seen yet. */
  get holds(): boolean | null {
    const { sinceMs, holds } = this.#recorder.state;
    return sinceMs === null ? null : holds;
  }

  /** Hot path: nearly every reading says what the one before it said. */
  reading(atMs: number, stored: number, isUsable: boolean): void {
    const value = storedValue(stored, this.#kind);
    const { holds, active, uncertain, sinceMs } = this.#recorder.state;
    const isSettled = isUsable && holds === active && !uncertain && sinceMs !== null;
    if (!isSettled || conditionHolds(this.rule.condition, value, holds) !== holds) {
      this.#recorder.take({ type: 'reading', atMs, value, quality: isUsable ? 'good' : 'bad' });
    }
    if (isUsable) this.#recorder.saw(stored, stored);
  }

  /** Nothing of the source is known from here on. */
  lost(atMs: number): void {
    this.#recorder.take({ type: 'reading', atMs, value: null, quality: 'bad' });
  }

  /** False: some value of the stretch may turn the condition, or it is not known whether it counts. */
  canPass(low: number, high: number): boolean {
    const { sinceMs, holds, uncertain } = this.#recorder.state;
    return sinceMs !== null && !uncertain && staysThrough(this.rule.condition, { low, high, kind: this.#kind }, holds);
  }

  /** Values of a stretch for which `canPass` is true. */
  pass(low: number, high: number): void {
    this.#recorder.saw(low, high);
  }

  /** The history is over: delays run up to here, and what stands is told. */
  end(atMs: number): void {
    this.#recorder.take({ type: 'time', atMs });
    this.#recorder.end();
  }
}
