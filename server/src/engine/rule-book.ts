import type { Alarm, AlarmDefinition } from '@plantroom/contracts';
import { initialRuleState, isPending, isRising, type RuleState } from '../domain/alarms/condition.ts';
import { nextDue } from '../domain/alarms/due.ts';
import { initialLateState, type LateState } from '../domain/alarms/late-track.ts';
import { initialAlarm } from '../domain/alarms/machine.ts';
import type { QuietReadings } from '../domain/alarms/quiet-readings.ts';
import { initialSignal, nextWakeMs, restoredSignal, type Signal } from '../domain/alarms/signal.ts';
import { type FindPoint, planSignal, type SignalPlan } from '../domain/alarms/signal-plan.ts';
import type { HeldAlarm } from '../domain/suppression/held-alarm.ts';
import type { StoredAlarm } from '../repositories/alarm-repository.ts';
import type { Plant } from './plant.ts';
import { type Feeds, RulesByGateway } from './rule-feeds.ts';

/** One alarm at work. `state` and `alarm` are replaced, never changed, and only after they have been committed. */
export interface RuleEntry {
  definition: AlarmDefinition;
  state: RuleState;
  alarm: Alarm;
  late: LateState;
  /** Null: the newest value of its own point decides. */
  plan: SignalPlan | null;
  signal: Signal | null;
  /** What its points told since and changes nothing of it; null: nothing, or it is not calm. */
  quiet: QuietReadings | null;
  /** Raised, and nobody is told yet; null: it does not wait. */
  held: HeldAlarm | null;
  /** Its source was away; set anew by the first reading since. */
  isResuming: boolean;
  /** Null: not looked up yet. */
  feeds: Feeds | null;
}

/** What of an entry changes with what it is told. */
export type EntryChange = Pick<RuleEntry, 'state' | 'alarm' | 'late' | 'signal' | 'held'>;

export interface RuleBookChange {
  added: RuleEntry[];
  /** Entries whose definition is another now; their alarms have to be told. */
  changed: RuleEntry[];
  /** Entries whose definition is gone or disabled. */
  withdrawn: RuleEntry[];
}

const empty: readonly RuleEntry[] = [];
const nowhere: FindPoint = () => null;

/** All alarms with their rules, found by the point, device or gateway that they watch. */
export class RuleBook {
  readonly #entries = new Map<string, RuleEntry>();
  readonly #bySource = new Map<string, RuleEntry[]>();
  readonly #byOwner = new Map<string, RuleEntry[]>();
  readonly #pending = new Set<RuleEntry>();
  readonly #standing = new Set<RuleEntry>();
  readonly #followed = new Set<RuleEntry>();
  readonly #awaiting: RulesByGateway;
  readonly #recalling: RulesByGateway;
  readonly #timed = new Set<RuleEntry>();
  readonly #held = new Set<RuleEntry>();
  /** Suppressed by design. */
  readonly #suppressed = new Set<RuleEntry>();
  /** Told, but without the order that they ask for. */
  readonly #withheld = new Set<RuleEntry>();
  /** From the database, until their definitions come. */
  readonly #stored = new Map<string, StoredAlarm>();

  constructor(plant: Plant) {
    this.#awaiting = new RulesByGateway(plant);
    this.#recalling = new RulesByGateway(plant);
  }

  restore(stored: readonly StoredAlarm[]): void {
    for (const entry of stored) this.#stored.set(entry.alarm.id, entry);
  }

  /** Sets the definitions of one owner (equipment, device or gateway); says which alarms that touches. `find`: other points that they name. */
  define(owner: string, definitions: readonly AlarmDefinition[], find: FindPoint = nowhere): RuleBookChange {
    const change: RuleBookChange = { added: [], changed: [], withdrawn: [] };
    const enabled = new Map(definitions.filter((d) => d.enabled).map((d) => [d.id, d]));
    for (const entry of this.#byOwner.get(owner) ?? []) {
      if (enabled.has(entry.definition.id)) continue;
      this.#drop(entry);
      if (entry.alarm.state !== 'NORM' || entry.state !== initialRuleState) change.withdrawn.push(entry);
    }
    const kept: RuleEntry[] = [];
    for (const definition of enabled.values()) {
      const held = this.#entries.get(definition.id);
      if (held === undefined) {
        const entry = this.#add(definition, planSignal(definition, find));
        kept.push(entry);
        change.added.push(entry);
      } else {
        kept.push(held);
        const plan = planSignal(definition, find);
        const isOtherPlan = plan?.key !== held.plan?.key;
        if (isOtherPlan || JSON.stringify(held.definition) !== JSON.stringify(definition)) {
          held.definition = definition;
          if (isOtherPlan) this.#replan(held, plan);
          else this.#index(held);
          change.changed.push(held);
        }
      }
    }
    this.#byOwner.set(owner, kept);
    return change;
  }

  /** Alarms from the database that no definition has claimed. */
  unclaimed(): readonly StoredAlarm[] {
    return [...this.#stored.values()];
  }

  of(source: string): readonly RuleEntry[] {
    return this.#bySource.get(source) ?? empty;
  }

  get(id: string): RuleEntry | undefined {
    return this.#entries.get(id);
  }

  all(): IterableIterator<RuleEntry> {
    return this.#entries.values();
  }

  /** Entries with a delay running. */
  pending(): ReadonlySet<RuleEntry> {
    return this.#pending;
  }

  /** Entries whose alarm is not NORM. */
  standing(): ReadonlySet<RuleEntry> {
    return this.#standing;
  }

  /** Entries of which late data is being followed. */
  followed(): ReadonlySet<RuleEntry> {
    return this.#followed;
  }

  /** Entries fed by a gateway whose signal goes on when it has told everything up to this time: samples that wait, or a window. */
  awaiting(gateway: string, atMs: number): RuleEntry[] {
    return this.#awaiting.due(gateway, atMs);
  }

  isAwaiting(gateway: string, atMs: number): boolean {
    return this.#awaiting.isDue(gateway, atMs);
  }

  /** Entries fed by a gateway whose signal is kept as it stood before an outage, for the late data that may come of it. */
  recalling(gateway: string): RuleEntry[] {
    return this.#recalling.due(gateway, Infinity);
  }

  isRecalling(gateway: string): boolean {
    return this.#recalling.isDue(gateway, Infinity);
  }

  /** Entries whose alarm changes by server time alone. */
  timed(): ReadonlySet<RuleEntry> {
    return this.#timed;
  }

  /** Whether server time has to be told. */
  get isWaiting(): boolean {
    return [this.#pending, this.#followed, this.#timed, this.#held, this.#suppressed, this.#withheld].some(
      ({ size }) => size > 0,
    );
  }

  /** Entries that wait for their cause. */
  held(): ReadonlySet<RuleEntry> {
    return this.#held;
  }

  /** Entries that are suppressed by design. */
  suppressed(): ReadonlySet<RuleEntry> {
    return this.#suppressed;
  }

  /** Entries whose order waits. */
  withheld(): ReadonlySet<RuleEntry> {
    return this.#withheld;
  }

  /** Of one equipment, device, connection or gateway. */
  ownedBy(owner: string): readonly RuleEntry[] {
    return this.#byOwner.get(owner) ?? empty;
  }

  /** Takes over what has been committed. */
  commit(entry: RuleEntry, to: EntryChange): void {
    const { state, alarm, late, held } = entry;
    entry.state = to.state;
    entry.alarm = to.alarm;
    entry.late = to.late;
    if (to.signal !== entry.signal) entry.quiet = null;
    entry.signal = to.signal;
    entry.held = to.held;
    if (this.#entries.get(entry.definition.id) === entry) {
      // Nearly always it is the signal alone that has gone on.
      if (state === to.state && alarm === to.alarm && late === to.late && held === to.held) this.#indexSignal(entry);
      else this.#index(entry);
    }
    // Withdrawn: should the definition come back, its alarm goes on with its revision and occurrence.
    else
      this.#stored.set(entry.definition.id, {
        alarm: to.alarm,
        rule: initialRuleState,
        late: initialLateState,
        signal: null,
        held: null,
      });
  }

  /** A source of the entry was away and is back. */
  resume(entry: RuleEntry): void {
    entry.isResuming = true;
    if (this.#entries.get(entry.definition.id) === entry) this.#indexSignal(entry);
  }

  /** Delays of this source that run towards an alarm go on only when it is heard again: nobody has watched it. */
  hold(source: string): void {
    for (const entry of this.of(source)) {
      if (isRising(entry.state)) this.commit(entry, { ...entry, state: { ...entry.state, uncertain: true } });
    }
  }

  #add(definition: AlarmDefinition, plan: SignalPlan | null): RuleEntry {
    const stored = this.#stored.get(definition.id);
    this.#stored.delete(definition.id);
    const entry: RuleEntry = {
      definition,
      state: stored?.rule ?? initialRuleState,
      alarm: stored?.alarm ?? initialAlarm(definition),
      late: stored?.late ?? initialLateState,
      plan,
      signal: plan === null ? null : initialSignal(plan),
      quiet: null,
      held: stored?.held ?? null,
      isResuming: true,
      feeds: null,
    };
    if (plan !== null && stored?.signal?.key === plan.key) entry.signal = restoredSignal(plan, stored.signal.core);
    this.#entries.set(definition.id, entry);
    for (const source of sourcesOf(entry)) this.#bySource.set(source, [...this.of(source), entry]);
    this.#index(entry);
    return entry;
  }

  #drop(entry: RuleEntry): void {
    this.#entries.delete(entry.definition.id);
    this.#pending.delete(entry);
    this.#standing.delete(entry);
    this.#followed.delete(entry);
    this.#awaiting.delete(entry);
    this.#recalling.delete(entry);
    this.#timed.delete(entry);
    this.#held.delete(entry);
    this.#suppressed.delete(entry);
    this.#withheld.delete(entry);
    this.#unsource(entry);
  }

  #unsource(entry: RuleEntry): void {
    for (const source of sourcesOf(entry)) {
      const rest = this.of(source).filter((e) => e !== entry);
      if (rest.length === 0) this.#bySource.delete(source);
      else this.#bySource.set(source, rest);
    }
  }

  /** What it remembers is of another rule; its delays and its alarm go on. */
  #replan(entry: RuleEntry, plan: SignalPlan | null): void {
    this.#unsource(entry);
    this.#awaiting.delete(entry);
    this.#recalling.delete(entry);
    entry.plan = plan;
    entry.quiet = null;
    entry.feeds = null;
    entry.signal = plan === null ? null : initialSignal(plan);
    for (const source of sourcesOf(entry)) this.#bySource.set(source, [...this.of(source), entry]);
    this.#index(entry);
  }

  #index(entry: RuleEntry): void {
    if (isPending(entry.state)) this.#pending.add(entry);
    else this.#pending.delete(entry);
    if (entry.alarm.state === 'NORM') this.#standing.delete(entry);
    else this.#standing.add(entry);
    this.#indexSignal(entry);
    if (nextDue(entry.definition, entry.alarm) === null) this.#timed.delete(entry);
    else this.#timed.add(entry);
    if (entry.held === null) this.#held.delete(entry);
    else this.#held.add(entry);
    if (entry.alarm.flags.suppressed) this.#suppressed.add(entry);
    else this.#suppressed.delete(entry);
    if (entry.alarm.orderWaitsFor === null) this.#withheld.delete(entry);
    else this.#withheld.add(entry);
  }

  #indexSignal(entry: RuleEntry): void {
    if (entry.late.track === null && (entry.signal?.twin ?? null) === null) this.#followed.delete(entry);
    else this.#followed.add(entry);
    const dueMs = awaitingFromMs(entry);
    if (dueMs === null) this.#awaiting.delete(entry);
    else this.#awaiting.set(entry, dueMs);
    if (entry.signal === null || entry.signal.checkpoints.length === 0) this.#recalling.delete(entry);
    else this.#recalling.set(entry);
  }
}

/** The signal of an entry with all that its points told. */
export function settledSignal({ signal, quiet }: RuleEntry): Signal | null {
  return quiet === null ? signal : quiet.signal();
}

const sourcesOf = ({ plan, definition }: RuleEntry): readonly string[] => plan?.points ?? [definition.source];

/** The wire time that an entry waits for; null: for none. */
function awaitingFromMs({ plan, signal, state, isResuming }: RuleEntry): number | null {
  if (plan === null || signal === null) return null;
  if (signal.waiting.length > 0 || isPending(state) || signal.core.operands.some((sample) => sample?.behind))
    return -Infinity;
  const wakeMs = nextWakeMs(plan, signal);
  // The first knowledge after an outage is looked for each time.
  return wakeMs !== null && isResuming ? -Infinity : wakeMs;
}
