import { expect } from 'vitest';
import { evaluateRule, initialRuleState, type RuleEdge, type RuleInput, type RuleState } from '../alarms/condition.ts';
import {
  closeLate,
  followLate,
  initialLateState,
  type LateAct,
  type LateOutcome,
  type LateRule,
  type LateState,
  rememberFormer,
  rememberResumed,
} from '../alarms/late-track.ts';

export type Sample = Extract<RuleInput, { type: 'reading' }>;

export const normal = 20;
export const high = 90;
export const at = (atMs: number, value: number): Sample => ({ type: 'reading', atMs, value, quality: 'good' });
export const ruleWith = (more: Partial<LateRule> = {}): LateRule => ({
  condition: { type: 'limit', kind: 'H', limit: 80 },
  onDelayMs: 0,
  offDelayMs: 0,
  lifeSafety: false,
  ...more,
});

/** A rule with its live and late side, and the alarm as far as it is active. */
export class Judge {
  state: RuleState = initialRuleState;
  late: LateState = initialLateState;
  isActive = false;
  readonly liveEdges: RuleEdge[] = [];
  /** Raised live while the alarm stood already. */
  readonly merged: RuleEdge[] = [];
  readonly acts: LateAct[] = [];
  readonly #rule: LateRule;

  constructor(rule: LateRule) {
    this.#rule = rule;
  }

  live(input: RuleInput): void {
    const before = this.state;
    const { state, edges } = evaluateRule(this.#rule, before, input);
    this.state = state;
    if (state.sinceMs !== before.sinceMs) this.late = rememberFormer(this.late, before);
    for (const edge of edges) {
      const isNews = (edge.type === 'raised') !== this.isActive;
      this.isActive = edge.type === 'raised';
      if (isNews) this.liveEdges.push(edge);
      else this.merged.push(edge);
    }
  }

  resume(sample: Sample): void {
    this.live(sample);
    this.late = rememberResumed(this.late, this.state, sample.atMs);
  }

  follow(reading: Sample): void {
    this.#take(followLate(this.#rule, this.#sides(), reading));
  }

  close(current: Sample | null = null): void {
    this.#take(closeLate(this.#rule, this.#sides(), current));
  }

  #sides() {
    return { late: this.late, live: { state: this.state, isActive: this.isActive } };
  }

  #take({ late, live, acts }: LateOutcome): void {
    this.late = late;
    this.state = live;
    this.acts.push(...acts);
    for (const act of acts) if (act.type === 'apply') this.isActive = act.edge.type === 'raised';
  }

  /** All that has been told of the equipment, in order of its times. */
  told(): RuleEdge[] {
    const told = [...this.liveEdges];
    for (const act of this.acts) {
      if (act.type === 'apply') told.push(act.edge);
      else if (act.type === 'historical') told.push(...act.edges);
      else {
        const { edge } = act;
        const late = told.findIndex(({ type, atMs }) => type === edge.type && atMs >= edge.atMs);
        expect(late).toBeGreaterThanOrEqual(0);
        told[late] = edge;
      }
    }
    return told.toSorted((a, b) => a.atMs - b.atMs || (a.type < b.type ? -1 : 1));
  }
}

export function truth(rule: LateRule, samples: readonly Sample[]): RuleEdge[] {
  let state = initialRuleState;
  const all: RuleEdge[] = [];
  for (const sample of samples) {
    const result = evaluateRule(rule, state, sample);
    state = result.state;
    all.push(...result.edges);
  }
  return all;
}

export const raised = (onsetMs: number, atMs = onsetMs): RuleEdge => ({ type: 'raised', onsetMs, atMs, value: high });
export const returned = (atMs: number): RuleEdge => ({ type: 'returned', atMs, value: normal });
