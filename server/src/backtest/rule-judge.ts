import type { BacktestOccurrence } from '@plantroom/contracts';
import {
  type AlarmRule,
  conditionHolds,
  evaluateRule,
  initialRuleState,
  type RuleState,
} from '../domain/alarms/condition.ts';
import { staysThrough, storedValue, type ValueKind } from './bucket-bounds.ts';

/** An occurrence under way or over; times of wire time. */
export type Occurrence = BacktestOccurrence;

/**
 * Runs the live rule over history, reading by reading, and writes down when it raised and returned. Whole stretches whose values cannot turn the
 * condition are passed at once.
 */
export class RuleJudge {
  readonly rule: AlarmRule;
  readonly #kind: ValueKind;
  readonly #tell: (occurrence: Occurrence) => void;
  #state: RuleState = initialRuleState;
  #open: { onsetMs: number; raisedMs: number } | null = null;
  #low = Number.POSITIVE_INFINITY;
  #high = Number.NEGATIVE_INFINITY;

  /** `tell` gets each occurrence when it is over, in order of time. */
  constructor(rule: AlarmRule, kind: ValueKind, tell: (occurrence: Occurrence) => void) {
    this.rule = rule;
    this.#kind = kind;
    this.#tell = tell;
  }

  /** Null: nothing usable has been seen yet. */
  get holds(): boolean | null {
    return this.#state.sinceMs === null ? null : this.#state.holds;
  }

  /** Hot path: nearly every reading says what the one before it said. */
  reading(atMs: number, stored: number, isUsable: boolean): void {
    const value = storedValue(stored, this.#kind);
    const { holds, active, uncertain, sinceMs } = this.#state;
    if (isUsable && holds === active && !uncertain && sinceMs !== null) {
      if (conditionHolds(this.rule.condition, value, holds) === holds) {
        if (holds) this.pass(stored, stored);
        return;
      }
    }
    const stood = this.#open;
    this.#take({ type: 'reading', atMs, value, quality: isUsable ? 'good' : 'bad' });
    if (!isUsable || !this.#state.holds) return;
    const isNew = !holds && (stood === null || this.#open !== stood);
    this.#low = isNew ? stored : Math.min(this.#low, stored);
    this.#high = isNew ? stored : Math.max(this.#high, stored);
  }

  /** Nothing of the source is known from here on. */
  lost(atMs: number): void {
    this.#take({ type: 'reading', atMs, value: null, quality: 'bad' });
  }

  /** False: some value of the stretch may turn the condition, or it is not known whether it counts. */
  canPass(low: number, high: number): boolean {
    const { sinceMs, holds, uncertain } = this.#state;
    return sinceMs !== null && !uncertain && staysThrough(this.rule.condition, { low, high, kind: this.#kind }, holds);
  }

  /** Values of a stretch for which `canPass` is true. */
  pass(low: number, high: number): void {
    if (!this.#state.holds) return;
    this.#low = Math.min(this.#low, low);
    this.#high = Math.max(this.#high, high);
  }

  /** Wire time has come this far. */
  time(atMs: number): void {
    this.#take({ type: 'time', atMs });
  }

  /** What still stands. */
  end(): void {
    if (this.#open !== null) this.#close(null);
  }

  #take(input: Parameters<typeof evaluateRule>[2]): void {
    const { state, edges } = evaluateRule(this.rule, this.#state, input);
    this.#state = state;
    for (const edge of edges) {
      if (edge.type === 'raised') this.#open = { onsetMs: edge.onsetMs, raisedMs: edge.atMs };
      else this.#close(edge.atMs);
    }
  }

  #close(returnedMs: number | null): void {
    const open = this.#open;
    this.#open = null;
    if (open === null) return;
    const isKnown = this.#low <= this.#high;
    this.#tell({ ...open, returnedMs, low: isKnown ? this.#low : null, high: isKnown ? this.#high : null });
  }
}
