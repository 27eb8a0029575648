import type { Alarm, WorkOrder } from '@plantroom/contracts';
import { evaluateRule, type RuleInput, type RuleState } from '../domain/alarms/condition.ts';
import {
  type AlarmEffect,
  type AlarmEvent,
  type JournalRecord,
  type Transition,
  transition,
} from '../domain/alarms/machine.ts';
import type { RuleEntry } from './rule-book.ts';

export interface EntryChange {
  state: RuleState;
  alarm: Alarm;
}

type OrderEffect = Extract<AlarmEffect, { type: 'request-order' | 'condition-cleared' }>;

/** What came out of a committed unit of work, for those who look on. */
export interface Outcome {
  alarms: Alarm[];
  /** Alarms to be sounded. */
  announced: Alarm[];
  workOrders: WorkOrder[];
}

/**
 * Changes that are committed together or not at all. Evaluating touches nothing outside: it looks through to the entries and
 * keeps what would change beside them.
 */
export class UnitOfWork {
  readonly nowMs: number;
  readonly changes = new Map<RuleEntry, EntryChange>();
  readonly journal: (JournalRecord & { equipment: string | null })[] = [];
  readonly orderEffects: { entry: RuleEntry; effect: OrderEffect }[] = [];
  readonly orders = new Map<string, WorkOrder>();
  readonly #announced = new Set<RuleEntry>();
  readonly #alarmChanged = new Set<RuleEntry>();
  readonly #toStore = new Set<RuleEntry>();

  constructor(nowMs: number) {
    this.nowMs = nowMs;
  }

  view(entry: RuleEntry): EntryChange {
    return this.changes.get(entry) ?? entry;
  }

  /** Runs the rule; what it raises or returns goes to the alarm. */
  evaluate(entry: RuleEntry, input: RuleInput): void {
    const before = this.view(entry);
    const result = evaluateRule(entry.definition, before.state, input);
    if (result.state === before.state) return;
    // A condition that never held leaves nothing worth a row.
    if (before.state.holds || before.state.active || result.state.holds || result.state.active)
      this.#toStore.add(entry);
    this.changes.set(entry, { state: result.state, alarm: before.alarm });
    for (const edge of result.edges) this.apply(entry, edge);
    if (result.state.uncertain !== before.state.uncertain) {
      const atMs = input.type === 'source-lost' ? this.nowMs : input.atMs;
      this.apply(entry, { type: 'quality', uncertain: result.state.uncertain, atMs });
    }
  }

  apply(entry: RuleEntry, event: AlarmEvent): Transition {
    const before = this.view(entry);
    const result = transition(entry.definition, before.alarm, { event, nowMs: this.nowMs });
    if (result.alarm === before.alarm) return result;
    this.setAlarm(entry, result.alarm);
    for (const effect of result.effects) {
      if (effect.type === 'journal') this.record(effect.entry, entry);
      else if (effect.type === 'announce') this.#announced.add(entry);
      else this.orderEffects.push({ entry, effect });
    }
    return result;
  }

  setAlarm(entry: RuleEntry, alarm: Alarm): void {
    this.changes.set(entry, { state: this.view(entry).state, alarm });
    this.#alarmChanged.add(entry);
    this.#toStore.add(entry);
  }

  setState(entry: RuleEntry, state: RuleState): void {
    this.changes.set(entry, { state, alarm: this.view(entry).alarm });
    this.#toStore.add(entry);
  }

  record(journal: JournalRecord, entry: RuleEntry): void {
    this.journal.push({ ...journal, equipment: entry.definition.equipment });
  }

  stored(): { alarm: Alarm; rule: RuleState }[] {
    return [...this.#toStore].map((entry) => {
      const { alarm, state } = this.view(entry);
      return { alarm, rule: state };
    });
  }

  /** Whether there is anything to write. */
  get dirty(): boolean {
    return this.#toStore.size > 0 || this.journal.length > 0;
  }

  outcome(): Outcome {
    return {
      alarms: [...this.#alarmChanged].map((entry) => this.view(entry).alarm),
      announced: [...this.#announced].map((entry) => this.view(entry).alarm),
      workOrders: [...this.orders.values()],
    };
  }
}
