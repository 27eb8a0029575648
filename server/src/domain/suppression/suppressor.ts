import type { AlarmDefinition } from '@plantroom/contracts';
import type { PlantGraph } from './plant-graph.ts';
import { type HiddenPart, possibleCauses } from './possible-causes.ts';
import { type Explaining, milder, reaching, type Standing } from './reach.ts';
import { type CauseState, defaultCauseWaitMs, type Follower, goesOn, hasHeld, standingOf } from './standing.ts';

/** What is known of alarms at this moment. */
export interface AlarmStates {
  /** Undefined: there is no such alarm, or none any more. */
  stateOf(id: string): CauseState | undefined;
}

export type Judgement =
  /** `cause`: the alarm that is shown for it. */
  | { is: 'suppressed'; cause: string }
  /** Something that may be its cause is not known yet: `on` these alarms. */
  | { is: 'unknown'; on: readonly string[] }
  | { is: 'visible' };

/** Pure: whether alarms follow from others. One for each moment: what it has found is kept. */
export class Suppressor {
  readonly #graph: PlantGraph;
  readonly #states: AlarmStates;

  constructor(graph: PlantGraph, states: AlarmStates) {
    this.#graph = graph;
    this.#states = states;
  }

  /** Of an alarm that has just been raised and has not been told to anybody. */
  judge(definition: AlarmDefinition, onsetMs: number): Judgement {
    const waitMs = definition.causeWaitMs ?? defaultCauseWaitMs;
    const causes = this.#causes(definition, () => ({ onsetMs, waitMs }));
    const roots = causes.flatMap(({ id, standing }) => (standing === 'is' ? this.#shownFor(id, definition.id) : []));
    const cause = this.#first(roots);
    if (cause !== undefined) return { is: 'suppressed', cause };
    const on = causes.flatMap(({ id, standing }) => (standing === 'may' ? [id] : []));
    return on.length === 0 ? { is: 'visible' } : { is: 'unknown', on };
  }

  /** Of an alarm that is suppressed: by what it still is. Undefined: by nothing any more. `onsetMs` null: its condition does not hold. */
  keep(definition: AlarmDefinition, { onsetMs, cause }: { onsetMs: number | null; cause: string }): string | undefined {
    const waitMs = definition.causeWaitMs ?? defaultCauseWaitMs;
    const roots: string[] = [];
    let isKept = false;
    const followerOf = ({ alarm }: CauseState): Follower => ({ onsetMs: onsetMs ?? alarm.onsetMs ?? 0, waitMs });
    for (const { id, state, standing } of this.#causes(definition, followerOf, { isHidden: true })) {
      if (standing !== 'is') continue;
      const shown = this.#shownFor(id, definition.id);
      isKept ||= shown.includes(cause);
      if (state.alarm.flags.active) roots.push(...shown);
    }
    return isKept ? cause : this.#first(roots);
  }

  /** The alarm because of which one that is told opens no order: what has to be mended is that. Undefined: none. `waits`: it does already. */
  withholder(definition: AlarmDefinition, { onsetMs, waits }: { onsetMs: number; waits: boolean }): string | undefined {
    const follower = { onsetMs, waitMs: definition.causeWaitMs ?? defaultCauseWaitMs };
    const causes = this.#causes(definition, () => follower, { isHidden: waits, what: 'order' });
    return this.#first(
      causes.flatMap(({ id, standing }) => (standing === 'is' ? this.#shownFor(id, definition.id) : [])),
    );
  }

  /** What may have caused it and cannot be heard: its source is away, or nobody trusts it. Alarms that share one may have one cause. */
  unheard(definition: AlarmDefinition): string[] {
    return possibleCauses(this.#graph, definition).flatMap(({ id, overDependants }) => {
      const state = overDependants ? this.#states.stateOf(id) : undefined;
      if (state === undefined) return [];
      return state.alarm.flags.outOfService || (state.knownMs === null && !state.alarm.flags.active) ? [id] : [];
    });
  }

  /** Whatever may suppress an alarm, with how sure it is that it does. */
  #causes(
    definition: AlarmDefinition,
    followerOf: (cause: CauseState) => Follower,
    { isHidden = false, what = 'alarm' }: { isHidden?: boolean; what?: HiddenPart } = {},
  ): { id: string; state: CauseState; standing: Standing }[] {
    const near: { id: string; state: CauseState; standing: Standing }[] = [];
    const far: (Explaining & { id: string; state: CauseState })[] = [];
    for (const { id, settleMs, overDependants } of possibleCauses(this.#graph, definition, what)) {
      const state = this.#states.stateOf(id);
      if (state === undefined) continue;
      const follower = followerOf(state);
      const standing = isHidden && goesOn(state, settleMs) ? 'is' : standingOf(state, settleMs, follower);
      const hasTold = (own: AlarmDefinition): Standing => this.#hasTold(own, settleMs, follower);
      if (overDependants) far.push({ id, state, definition: state.definition, standing, hasTold });
      else near.push({ id, state, standing });
    }
    if (far.every(({ standing }) => standing === 'not')) return near;
    const reached = this.#graph.placeOf(definition).equipment.map((one) => reaching(this.#graph, one, far));
    const standingOfAll = (id: string): Standing =>
      reached.map((one) => one.get(id) ?? 'not').reduce<Standing>(milder, reached.length === 0 ? 'not' : 'is');
    return [...near, ...far.map(({ id, state }) => ({ id, state, standing: standingOfAll(id) }))];
  }

  #hasTold(own: AlarmDefinition, settleMs: number, follower: Follower): Standing {
    const state = this.#states.stateOf(own.id);
    if (state === undefined) return 'not';
    if (hasHeld(state, settleMs, follower)) return 'is';
    return state.knownMs !== null && state.knownMs < follower.onsetMs ? 'may' : 'not';
  }

  /** A cause that is suppressed itself is shown by what suppresses it. Never by what it is asked for: in a ring one has to stay. */
  #shownFor(id: string, follower: string, via: readonly string[] = []): string[] {
    const state = this.#states.stateOf(id);
    if (state === undefined || id === follower || via.includes(id)) return [];
    const { suppressedBy } = state.alarm;
    if (suppressedBy.length === 0) return [id];
    return suppressedBy.flatMap((cause) => this.#shownFor(cause, follower, [...via, id]));
  }

  /** The earliest; of those that are equal, the first by name. */
  #first(ids: readonly string[]): string | undefined {
    const onset = (id: string): number => this.#states.stateOf(id)?.alarm.onsetMs ?? 0;
    return [...new Set(ids)].sort((a, b) => onset(a) - onset(b) || (a < b ? -1 : 1))[0];
  }
}

/**
 * Pure: of alarms that wait, the first that waits for none but others that wait for each other, as in a ring of dependencies: nothing would ever
 * be known of them. `waits`: what each waits on, earliest first.
 */
export function deadlocked(waits: ReadonlyMap<string, readonly string[]>): string | undefined {
  const ring = new Set(waits.keys());
  for (let again = true; again; ) {
    const free = [...ring].filter((id) => waits.get(id)?.some((on) => !ring.has(on)));
    for (const id of free) ring.delete(id);
    again = free.length > 0;
  }
  const awaited = new Set([...ring].flatMap((id) => waits.get(id) ?? []));
  return [...ring].find((id) => awaited.has(id));
}
