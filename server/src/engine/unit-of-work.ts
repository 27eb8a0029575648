import type { Alarm, AlarmDefinition, PositionFlood, TestMode, WorkOrder } from '@plantroom/contracts';
import type { AlarmEffect, AlarmEvent, JournalRecord, Transition } from '../domain/alarms/alarm-events.ts';
import { evaluateRule, initialRuleState, type RuleInput, severityOf } from '../domain/alarms/condition.ts';
import { isOpen } from '../domain/alarms/display-state.ts';
import { initialLateState, type LateOutcome, type LateState, rememberFormer } from '../domain/alarms/late-track.ts';
import { transition } from '../domain/alarms/machine.ts';
import { accept, type Signal, type Told } from '../domain/alarms/signal.ts';
import type { Memo, Sample } from '../domain/alarms/signal-nodes.ts';
import {
  type FieldEvent,
  type HeldAlarm,
  heldOnsetMs,
  holdBack,
  isFieldEvent,
} from '../domain/suppression/held-alarm.ts';
import type { StoredAlarm } from '../repositories/alarm-repository.ts';
import type { JournalWrite } from '../repositories/journal-repository.ts';
import { floodsOf, type WatchedPosition } from './flood-desk.ts';
import { type EntryChange, type RuleEntry, settledSignal } from './rule-book.ts';

/** How long a raised alarm may wait for its cause, ms; null: it is told at once. */
export type CauseWait = (entry: RuleEntry) => number | null;
/** The test mode that an event of an alarm is part of; null: it is real. */
export type TestOf = (definition: AlarmDefinition, event: AlarmEvent) => string | null;

type OrderEffect = Extract<AlarmEffect, { type: 'request-order' | 'condition-cleared' }>;

/** What came out of a committed unit of work, for those who look on. */
export interface Outcome {
  alarms: Alarm[];
  /** Alarms to be sounded. */
  announced: Alarm[];
  workOrders: WorkOrder[];
  testModes: TestMode[];
  floods: PositionFlood[];
}

/**
 * Changes that are committed together or not at all. Evaluating touches nothing outside: it looks through to the entries and
 * keeps what would change beside them.
 */
export class UnitOfWork {
  readonly nowMs: number;
  readonly changes = new Map<RuleEntry, EntryChange>();
  readonly journal: JournalWrite[] = [];
  orderEffects: { entry: RuleEntry; effect: OrderEffect }[] = [];
  readonly orders = new Map<string, WorkOrder>();
  readonly testModes = new Map<string, TestMode>();
  /** Positions with a flood that has begun, changed or ended. */
  readonly floods = new Map<string, WatchedPosition>();
  readonly #announced = new Set<RuleEntry>();
  readonly #alarmChanged = new Set<RuleEntry>();
  readonly #toStore = new Set<RuleEntry>();
  /** Alarms that an occurrence has begun of. */
  readonly activated = new Set<RuleEntry>();
  readonly #causeWait: CauseWait;
  readonly #testOf: TestOf;

  /** `causeWait`: left out, no alarm waits; `testOf`: left out, nothing is in test. */
  constructor(nowMs: number, causeWait: CauseWait = () => null, testOf: TestOf = () => null) {
    this.nowMs = nowMs;
    this.#causeWait = causeWait;
    this.#testOf = testOf;
  }

  /** As it is now; goes on with what happens to the entry. */
  view(entry: RuleEntry): Readonly<EntryChange> {
    return this.changes.get(entry) ?? entry;
  }

  /** Its signal with all that its points told; null: it has none. */
  signalOf(entry: RuleEntry): Signal | null {
    const draft = this.changes.get(entry);
    return draft === undefined ? settledSignal(entry) : draft.signal;
  }

  /** What the entry will be, to be changed in place: only this unit has it. */
  #draft(entry: RuleEntry): EntryChange {
    const held = this.changes.get(entry);
    if (held !== undefined) return held;
    const { state, alarm, late, held: wait } = entry;
    const draft: EntryChange = { state, alarm, late, signal: settledSignal(entry), held: wait };
    this.changes.set(entry, draft);
    return draft;
  }

  /** Runs the rule; what it raises or returns goes to the alarm. */
  evaluate(entry: RuleEntry, input: RuleInput): void {
    const before = this.view(entry);
    const result = evaluateRule(entry.definition, before.state, input);
    if (result.state !== before.state) this.#takeResult(entry, input, result);
    if (result.state.active && input.type === 'reading') this.#judgeSeverity(entry, input);
  }

  #takeResult(entry: RuleEntry, input: RuleInput, result: ReturnType<typeof evaluateRule>): void {
    const draft = this.#draft(entry);
    const before = draft.state;
    // A condition that never held leaves nothing worth a row.
    if (before.holds || before.active || result.state.holds || result.state.active) this.#toStore.add(entry);
    if (result.state.sinceMs !== before.sinceMs) draft.late = rememberFormer(draft.late, before);
    draft.state = result.state;
    for (const edge of result.edges) this.apply(entry, edge);
    if (result.state.uncertain !== before.uncertain) {
      const atMs = input.type === 'source-lost' ? this.nowMs : input.atMs;
      this.apply(entry, { type: 'quality', uncertain: result.state.uncertain, atMs });
    }
  }

  #judgeSeverity(entry: RuleEntry, input: Extract<RuleInput, { type: 'reading' }>): void {
    const priority = severityOf(entry.definition.condition, input);
    if (priority !== null) this.apply(entry, { type: 'severity', priority, atMs: input.atMs, value: input.value });
  }

  apply(entry: RuleEntry, event: AlarmEvent): Transition {
    if (isFieldEvent(event)) {
      const held = this.#heldBack(entry, event);
      if (held !== null) {
        this.#setHeld(entry, held);
        return { alarm: this.view(entry).alarm, effects: [] };
      }
    } else if (event.type === 'configured' && event.withdrawn) this.#setHeld(entry, null);
    return this.#tell(entry, event);
  }

  /** The wait of an alarm is over: it is told what its rule has told. `cause`: what suppresses it; null: nothing. */
  release(entry: RuleEntry, cause: string | null): void {
    const { held } = this.view(entry);
    if (held === null) return;
    this.#setHeld(entry, null);
    const atMs = heldOnsetMs(held);
    if (cause !== null) this.#tell(entry, { type: 'suppress', cause, atMs, user: null, comment: null });
    for (const event of held.events) this.#tell(entry, event);
  }

  #heldBack(entry: RuleEntry, event: FieldEvent): HeldAlarm | null {
    const { held, alarm } = this.view(entry);
    if (held !== null) return holdBack(entry.definition, held, event);
    // What somebody has been told of stays visible.
    if (event.type !== 'raised' || isOpen(alarm.flags) || alarm.flags.suppressed || alarm.flags.outOfService)
      return null;
    const waitMs = this.#causeWait(entry);
    return waitMs === null ? null : { events: [event], untilMs: this.nowMs + waitMs };
  }

  #setHeld(entry: RuleEntry, held: HeldAlarm | null): void {
    if (this.view(entry).held === held) return;
    this.#draft(entry).held = held;
    this.#toStore.add(entry);
  }

  #tell(entry: RuleEntry, event: AlarmEvent): Transition {
    const before = this.view(entry).alarm;
    const { definition } = entry;
    const test = this.#testOf(definition, event);
    const result = transition(definition, before, { event, nowMs: this.nowMs, test });
    if (result.alarm !== before) this.setAlarm(entry, result.alarm);
    if (event.type === 'raised' && result.alarm.occurrence !== before.occurrence) this.activated.add(entry);
    for (const effect of result.effects) {
      if (effect.type === 'journal') this.record(effect.entry, entry);
      else if (effect.type === 'announce') this.#announced.add(entry);
      else this.orderEffects.push({ entry, effect });
    }
    return result;
  }

  /** Its order waits until what explains it is over; null: it waits no longer. */
  withholdOrder(entry: RuleEntry, cause: string | null): void {
    const { alarm } = this.view(entry);
    if (cause !== null)
      this.orderEffects = this.orderEffects.filter((one) => one.entry !== entry || one.effect.type !== 'request-order');
    if (alarm.orderWaitsFor === cause) return;
    const changed = { ...alarm, orderWaitsFor: cause, revision: alarm.revision + 1 };
    this.setAlarm(entry, changed);
    if (cause !== null) this.record(withheld(changed, cause, this.nowMs), entry);
  }

  /** The order of an alarm that stands, which it did not get when it was announced. */
  askForOrder(entry: RuleEntry): void {
    const { occurrence, count, lastValue: value } = this.view(entry).alarm;
    if (occurrence === null) return;
    const effect = { type: 'request-order' as const, occurrence, activation: `${count}`, atMs: this.nowMs, value };
    this.orderEffects.push({ entry, effect });
  }

  /** Its first-out: what has been written of its activation in this unit says so too. */
  lead(entry: RuleEntry, firstOut: string): void {
    const { alarm } = this.view(entry);
    if (alarm.firstOut === firstOut) return;
    this.setAlarm(entry, { ...alarm, firstOut, revision: alarm.revision + 1 });
    const at = this.journal.findLastIndex((one) => one.alarm === alarm.id && one.action === 'activated');
    const told = this.journal[at];
    if (told !== undefined) this.journal[at] = { ...told, details: { ...told.details, firstOut } };
  }

  setAlarm(entry: RuleEntry, alarm: Alarm): void {
    this.#draft(entry).alarm = alarm;
    this.#alarmChanged.add(entry);
    this.#toStore.add(entry);
  }

  /** Begins anew: the rule is another now. */
  forget(entry: RuleEntry): void {
    const { alarm } = this.view(entry);
    this.changes.set(entry, { state: initialRuleState, alarm, late: initialLateState, signal: null, held: null });
    this.#toStore.add(entry);
  }

  /** A sample of the signal, to be judged when its time has come. */
  accept(entry: RuleEntry, sample: Sample): void {
    if (this.view(entry).signal === null) return;
    const draft = this.#draft(entry);
    if (draft.signal !== null) draft.signal = accept(draft.signal, sample);
  }

  /** Takes over how far the signal of the rule has come, and runs the rule with what it says. */
  signal(entry: RuleEntry, { signal, told }: { signal: Signal; told: readonly Told[] }): void {
    const before = this.signalOf(entry);
    if (signal !== before) {
      this.#draft(entry).signal = signal;
      // Values come again with the next birth; what has been remembered of them does not.
      if (isWorthStoring(before, signal)) this.#toStore.add(entry);
    }
    for (const reading of told) this.evaluate(entry, reading);
  }

  /** Takes over what late data has told. */
  follow(entry: RuleEntry, { live, late, acts }: LateOutcome): void {
    const before = this.view(entry).late;
    if (late === before && live === this.view(entry).state) return;
    Object.assign(this.#draft(entry), { state: live, late });
    // That it was heard of once more is not worth a row.
    if (late.track?.state !== before.track?.state || acts.length > 0) this.#toStore.add(entry);
    for (const act of acts) {
      if (act.type === 'apply') this.apply(entry, act.edge);
      else if (act.type === 'correct') this.apply(entry, { type: 'corrected', edge: act.edge });
      else this.apply(entry, { type: 'historical', edges: act.edges, sound: act.sound ?? false });
    }
  }

  /** Kept until something of the rule is stored anyway. */
  setLate(entry: RuleEntry, late: LateState): void {
    this.#draft(entry).late = late;
  }

  record(journal: JournalRecord, entry: RuleEntry): void {
    const { equipment, guidance, lifeSafety } = entry.definition;
    this.journal.push({ ...journal, equipment, name: guidance.name, lifeSafety });
  }

  stored(): StoredAlarm[] {
    return [...this.#toStore].map((entry) => {
      const { alarm, state, late, signal, held } = this.view(entry);
      const key = entry.plan?.key;
      return { alarm, rule: state, late, signal: signal && key ? { key, core: signal.core } : null, held };
    });
  }

  /** Whether there is anything to write. */
  get dirty(): boolean {
    return this.#toStore.size + this.journal.length + this.testModes.size > 0;
  }

  outcome(): Outcome {
    return {
      alarms: [...this.#alarmChanged].map((entry) => this.view(entry).alarm),
      announced: [...this.#announced].map((entry) => this.view(entry).alarm),
      workOrders: [...this.orders.values()],
      testModes: [...this.testModes.values()],
      floods: [...this.floods.values()].flatMap(floodsOf),
    };
  }
}

function isWorthStoring(before: Signal | null, now: Signal): boolean {
  if (before === null || before.core === now.core) return false;
  if (before.core.truth !== now.core.truth && before.core.truth !== null) return true;
  return now.core.memos.some((memo, i) => {
    const former = before.core.memos[i];
    // When a point was heard last counts anew after a start.
    return memo !== former && memo.heardMs === undefined && !(isBlank(memo) && isBlank(former));
  });
}

const isBlank = (memo: Memo | undefined): boolean =>
  !memo?.holds && memo?.sinceMs === undefined && memo?.values === undefined && !memo?.edges?.length;

function withheld({ id, occurrence, state, priority, lastValue }: Alarm, cause: string, nowMs: number): JournalRecord {
  return {
    alarm: id,
    occurrence,
    action: 'order-withheld',
    stateBefore: state,
    stateAfter: state,
    priority,
    atMs: nowMs,
    recordedMs: nowMs,
    historical: false,
    user: null,
    comment: null,
    details: { cause },
    value: lastValue,
  };
}
