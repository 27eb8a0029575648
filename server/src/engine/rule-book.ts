import type { Alarm, AlarmDefinition } from '@plantroom/contracts';
import { initialRuleState, isPending, isRising, type RuleState } from '../domain/alarms/condition.ts';
import { initialLateState, type LateState } from '../domain/alarms/late-track.ts';
import { initialAlarm } from '../domain/alarms/machine.ts';
import type { StoredAlarm } from '../repositories/alarm-repository.ts';

/** One alarm at work. `state` and `alarm` are replaced, never changed, and only after they have been committed. */
export interface RuleEntry {
  definition: AlarmDefinition;
  state: RuleState;
  alarm: Alarm;
  late: LateState;
  /** Its source was away; set anew by the first reading since. */
  isResuming: boolean;
}

export interface RuleBookChange {
  added: RuleEntry[];
  /** Entries whose definition is another now; their alarms have to be told. */
  changed: RuleEntry[];
  /** Entries whose definition is gone or disabled. */
  withdrawn: RuleEntry[];
}

const empty: readonly RuleEntry[] = [];

/** All alarms with their rules, found by the point, device or gateway that they watch. */
export class RuleBook {
  readonly #entries = new Map<string, RuleEntry>();
  readonly #bySource = new Map<string, RuleEntry[]>();
  readonly #byOwner = new Map<string, RuleEntry[]>();
  readonly #pending = new Set<RuleEntry>();
  readonly #standing = new Set<RuleEntry>();
  readonly #followed = new Set<RuleEntry>();
  /** From the database, until their definitions come. */
  readonly #stored = new Map<string, StoredAlarm>();

  restore(stored: readonly StoredAlarm[]): void {
    for (const entry of stored) this.#stored.set(entry.alarm.id, entry);
  }

  /** Sets the definitions of one owner (equipment, device or gateway); says which alarms that touches. */
  define(owner: string, definitions: readonly AlarmDefinition[]): RuleBookChange {
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
        const entry = this.#add(definition);
        kept.push(entry);
        change.added.push(entry);
      } else {
        kept.push(held);
        if (JSON.stringify(held.definition) !== JSON.stringify(definition)) {
          held.definition = definition;
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

  /** Takes over what has been committed. */
  commit(entry: RuleEntry, to: { state: RuleState; alarm: Alarm; late: LateState }): void {
    entry.state = to.state;
    entry.alarm = to.alarm;
    entry.late = to.late;
    if (this.#entries.get(entry.definition.id) === entry) this.#index(entry);
    // Withdrawn: should the definition come back, its alarm goes on with its revision and occurrence.
    else this.#stored.set(entry.definition.id, { alarm: to.alarm, rule: initialRuleState, late: initialLateState });
  }

  /** Delays of this source that run towards an alarm go on only when it is heard again: nobody has watched it. */
  hold(source: string): void {
    for (const entry of this.of(source)) {
      if (isRising(entry.state)) this.commit(entry, { ...entry, state: { ...entry.state, uncertain: true } });
    }
  }

  #add(definition: AlarmDefinition): RuleEntry {
    const stored = this.#stored.get(definition.id);
    this.#stored.delete(definition.id);
    const entry: RuleEntry = {
      definition,
      state: stored?.rule ?? initialRuleState,
      alarm: stored?.alarm ?? initialAlarm(definition),
      late: stored?.late ?? initialLateState,
      isResuming: true,
    };
    this.#entries.set(definition.id, entry);
    const list = this.#bySource.get(definition.source);
    if (list === undefined) this.#bySource.set(definition.source, [entry]);
    else list.push(entry);
    this.#index(entry);
    return entry;
  }

  #drop(entry: RuleEntry): void {
    this.#entries.delete(entry.definition.id);
    this.#pending.delete(entry);
    this.#standing.delete(entry);
    this.#followed.delete(entry);
    const rest = this.of(entry.definition.source).filter((e) => e !== entry);
    if (rest.length === 0) this.#bySource.delete(entry.definition.source);
    else this.#bySource.set(entry.definition.source, rest);
  }

  #index(entry: RuleEntry): void {
    if (isPending(entry.state)) this.#pending.add(entry);
    else this.#pending.delete(entry);
    if (entry.alarm.state === 'NORM') this.#standing.delete(entry);
    else this.#standing.add(entry);
    if (entry.late.track === null) this.#followed.delete(entry);
    else this.#followed.add(entry);
  }
}
