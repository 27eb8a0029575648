import type { AlarmDefinition } from '@plantroom/contracts';
import type { PlantGraph } from './plant-graph.ts';
import { isReached, type PossibleCause, possibleCauses } from './possible-causes.ts';
import { type CauseState, defaultCauseWaitMs, type Follower, hasHeld, standingOf } from './standing.ts';

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
    const follower = { onsetMs, waitMs: definition.causeWaitMs ?? defaultCauseWaitMs };
    const on: string[] = [];
    const roots: string[] = [];
    for (const possible of possibleCauses(this.#graph, definition)) {
      const standing = this.#standing(definition, possible, follower);
      if (standing === 'is') roots.push(...this.#shownFor(possible.id, definition.id));
      else if (standing === 'may') on.push(possible.id);
    }
    const cause = this.#first(roots);
    if (cause !== undefined) return { is: 'suppressed', cause };
    return on.length === 0 ? { is: 'visible' } : { is: 'unknown', on };
  }

  /** Of an alarm that is suppressed: by what it still is. Undefined: by nothing any more. `onsetMs` null: its condition does not hold. */
  keep(definition: AlarmDefinition, { onsetMs, cause }: { onsetMs: number | null; cause: string }): string | undefined {
    const waitMs = definition.causeWaitMs ?? defaultCauseWaitMs;
    const roots: string[] = [];
    let isKept = false;
    for (const possible of possibleCauses(this.#graph, definition)) {
      const state = this.#states.stateOf(possible.id);
      if (state === undefined) continue;
      const follower = { onsetMs: onsetMs ?? state.alarm.onsetMs ?? 0, waitMs };
      if (this.#standing(definition, possible, follower) !== 'is') continue;
      const shown = this.#shownFor(possible.id, definition.id);
      isKept ||= shown.includes(cause);
      if (state.alarm.flags.active) roots.push(...shown);
    }
    return isKept ? cause : this.#first(roots);
  }

  #standing(definition: AlarmDefinition, possible: PossibleCause, follower: Follower): 'is' | 'may' | 'not' {
    const cause = this.#states.stateOf(possible.id);
    if (cause === undefined) return 'not';
    const standing = standingOf(cause, possible.settleMs, follower);
    if (standing === 'not' || !possible.overDependants) return standing;
    const way = { place: this.#graph.placeOf(definition), cause: cause.definition };
    const has = (own: AlarmDefinition, orMay: boolean): boolean => {
      const state = this.#states.stateOf(own.id);
      if (state === undefined) return false;
      const isUnknown = orMay && state.knownMs !== null && state.knownMs < follower.onsetMs;
      return isUnknown || hasHeld(state, possible.settleMs, follower);
    };
    if (isReached(this.#graph, way, (own) => has(own, false))) return standing;
    return isReached(this.#graph, way, (own) => has(own, true)) ? 'may' : 'not';
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
