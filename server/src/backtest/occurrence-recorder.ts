import type { BacktestOccurrence } from '@plantroom/contracts';
import {
  type AlarmRule,
  evaluateRule,
  initialRuleState,
  type RuleInput,
  type RuleState,
} from '../domain/alarms/condition.ts';

/** An occurrence under way or over; times of wire time. */
export type Occurrence = BacktestOccurrence;

/** Runs the live rule and writes down when it raised and returned, and what the value was meanwhile. */
export class OccurrenceRecorder {
  readonly rule: AlarmRule;
  readonly #tell: (occurrence: Occurrence) => void;
  #state: RuleState = initialRuleState;
  #open: { onsetMs: number; raisedMs: number } | null = null;
  #low = Number.POSITIVE_INFINITY;
  #high = Number.NEGATIVE_INFINITY;

  /** `tell` gets each occurrence when it is over, in order of time. */
  constructor(rule: AlarmRule, tell: (occurrence: Occurrence) => void) {
    this.rule = rule;
    this.#tell = tell;
  }

  get state(): RuleState {
    return this.#state;
  }

  take(input: RuleInput): void {
    const { holds } = this.#state;
    const stood = this.#open;
    const { state, edges } = evaluateRule(this.rule, this.#state, input);
    this.#state = state;
    for (const edge of edges) {
      if (edge.type === 'raised') this.#open = { onsetMs: edge.onsetMs, raisedMs: edge.atMs };
      else this.#close(edge.atMs);
    }
    if (!state.holds || holds || (stood !== null && this.#open === stood)) return;
    this.#low = Number.POSITIVE_INFINITY;
    this.#high = Number.NEGATIVE_INFINITY;
  }

  /** Values while the condition may be true; they count if it is. */
  saw(low: number, high: number): void {
    if (!this.#state.holds) return;
    this.#low = Math.min(this.#low, low);
    this.#high = Math.max(this.#high, high);
  }

  /** Tells what still stands. */
  end(): void {
    if (this.#open !== null) this.#close(null);
  }

  #close(returnedMs: number | null): void {
    const open = this.#open;
    this.#open = null;
    if (open === null) return;
    const isKnown = this.#low <= this.#high;
    this.#tell({ ...open, returnedMs, low: isKnown ? this.#low : null, high: isKnown ? this.#high : null });
  }
}
