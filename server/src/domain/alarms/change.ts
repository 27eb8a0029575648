import {
  type Alarm,
  type AlarmDefinition,
  type AlarmFlags,
  type AlarmPriority,
  type AlarmRefusal,
  type JournalDetails,
  type PointValue,
  priorityNumber,
} from '@plantroom/contracts';
import type { AlarmEffect, JournalRecord, Transition } from './alarm-events.ts';
import { displayState, isHidden, isOpen } from './display-state.ts';

export interface Change {
  action: JournalRecord['action'];
  flags?: Partial<AlarmFlags>;
  set?: Partial<Alarm>;
  atMs: number;
  nowMs: number;
  user?: string | null;
  comment?: string | null;
  details?: JournalDetails;
  value?: PointValue;
  /** What follows; of what is hidden, the part that is allowed. */
  follow?: readonly AlarmEffect[];
}

/** The one place where an alarm changes: revision, display state and journal entry come with it. */
export function change(before: Alarm, what: Change): Transition {
  const flags = { ...before.flags, ...what.flags };
  if (!isOpen(flags)) flags.uncertain = false;
  const state = displayState(flags);
  const changed = { ...before, ...what.set };
  const isOver = !isOpen(flags);
  const testMode = isOver ? null : changed.testMode;
  const alarm: Alarm = { ...changed, testMode, flags, state, revision: before.revision + 1 };
  const test = isOver ? before.testMode : testMode;
  const entry: JournalRecord = {
    alarm: alarm.id,
    occurrence: alarm.occurrence,
    action: what.action,
    stateBefore: before.state,
    stateAfter: state,
    priority: alarm.priority,
    atMs: what.atMs,
    recordedMs: what.nowMs,
    historical: false,
    user: what.user ?? null,
    comment: what.comment ?? null,
    details: test === null ? (what.details ?? null) : { ...what.details, test },
    value: what.value === undefined ? alarm.lastValue : what.value,
  };
  const follow = (what.follow ?? []).filter((effect) => isAllowed(effect, alarm));
  return { alarm, effects: [{ type: 'journal', entry }, ...follow] };
}

export function unchanged(alarm: Alarm): Transition {
  return { alarm, effects: [] };
}

export function refuse(alarm: Alarm, refused: AlarmRefusal): Transition {
  return { alarm, effects: [], refused };
}

/** One change after the other, as one. */
export function andThen(first: Transition, next: (alarm: Alarm) => Transition): Transition {
  const second = next(first.alarm);
  return { alarm: second.alarm, effects: [...first.effects, ...second.effects] };
}

/** Sound, flash, and the order that the alarm asks for. The same activation asks once, however often it is told. */
export function announcement(
  definition: AlarmDefinition,
  { occurrence, activation, atMs, value }: { occurrence: string; activation: string; atMs: number; value: PointValue },
): readonly AlarmEffect[] {
  if (!definition.opensOrder) return [{ type: 'announce' }];
  return [{ type: 'announce' }, { type: 'request-order', occurrence, activation, atMs, value }];
}

export const notAcknowledged = { ackedMs: null, ackedBy: null, ackComment: null };

/**
 * What comes to light when nobody in particular ends what hid the alarm: it has to be acknowledged (again) if its condition holds or is
 * held, and is over otherwise.
 */
export function comeToLight(
  definition: AlarmDefinition,
  alarm: Alarm,
  atMs: number,
): { acked: boolean; set: Partial<Alarm>; follow: readonly AlarmEffect[] } {
  const { active, latched } = alarm.flags;
  if (!active && !latched) return { acked: true, set: {}, follow: [] };
  const { occurrence, count, lastValue: value } = alarm;
  const follow =
    active && occurrence !== null
      ? announcement(definition, { occurrence, activation: `${count}`, atMs, value })
      : [{ type: 'announce' as const }];
  return { acked: false, set: notAcknowledged, follow };
}

/** What a definition says for the alarm to show; a priority that has risen is held. */
export function meaning(
  of: Pick<AlarmDefinition, 'priority' | 'lifeSafety' | 'guidance' | 'condition'>,
  heldPriority: Alarm['heldPriority'],
) {
  const { lifeSafety, guidance, condition } = of;
  return { priority: higher(of.priority, heldPriority), lifeSafety, guidance, condition };
}

export function higher(a: AlarmPriority, b: AlarmPriority | null): AlarmPriority {
  return b === null || priorityNumber[a] <= priorityNumber[b] ? a : b;
}

// A shelved alarm has been silenced by a person; what is broken has to be mended all the same. Where design or maintenance hides it, there is
// nothing to mend as long as that lasts. A test calls nobody.
function isAllowed(effect: AlarmEffect, { flags, testMode }: Pick<Alarm, 'flags' | 'testMode'>): boolean {
  if (effect.type === 'announce') return !isHidden(flags) && testMode === null;
  if (effect.type === 'request-order') return !flags.suppressed && !flags.outOfService && testMode === null;
  return true;
}
