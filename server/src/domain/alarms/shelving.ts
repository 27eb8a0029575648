import type { Alarm, AlarmDefinition } from '@plantroom/contracts';
import type { Step, Transition } from './alarm-events.ts';
import { change, comeToLight, refuse, unchanged } from './change.ts';

/** Rows 12 and 13 of the table. */

export function shelve(definition: AlarmDefinition, alarm: Alarm, { event, nowMs }: Step<'shelve'>): Transition {
  const { mode, untilMs, maxMs, user, reason } = event;
  if (definition.lifeSafety) return refuse(alarm, 'ALARM_LIFE_SAFETY');
  if (alarm.flags.suppressed || alarm.flags.outOfService) return refuse(alarm, 'ALARM_NOT_SHOWN');
  if (untilMs <= nowMs || untilMs - nowMs > maxMs) return refuse(alarm, 'SHELVING_TIME_OUT_OF_RANGE');
  const held = alarm.shelving;
  const isSame = held?.mode === mode && held.untilMs === untilMs && held.by === user && held.reason === reason;
  if (isSame) return unchanged(alarm);
  return change(alarm, {
    action: 'shelved',
    flags: { shelved: true },
    set: { shelving: { mode, atMs: nowMs, untilMs, by: user, reason } },
    atMs: nowMs,
    nowMs,
    user,
    comment: reason,
    details: { mode, untilMs },
  });
}

/** By hand: who takes it back knows of it, so it counts as acknowledged by them (ISA-18.2 11.7.3 a). */
export function unshelve(alarm: Alarm, { event, nowMs }: Step<'unshelve'>): Transition {
  if (!alarm.flags.shelved) return unchanged(alarm);
  const { user, comment } = event;
  return change(alarm, {
    action: 'unshelved',
    flags: { shelved: false, acked: true },
    set: {
      shelving: null,
      ...(alarm.flags.acked ? {} : { ackedMs: nowMs, ackedBy: user, ackComment: comment }),
    },
    atMs: nowMs,
    nowMs,
    user,
    comment,
  });
}

export function shelvingDue(definition: AlarmDefinition, alarm: Alarm, nowMs: number): Transition {
  if (alarm.shelving === null || nowMs < alarm.shelving.untilMs) return unchanged(alarm);
  return endShelving(definition, alarm, nowMs);
}

/** By itself: nobody has decided that the alarm needs no answer, so it is announced anew (ISA-18.2 11.7.3 b). */
export function endShelving(definition: AlarmDefinition, alarm: Alarm, nowMs: number): Transition {
  if (alarm.shelving === null) return unchanged(alarm);
  const { mode, untilMs } = alarm.shelving;
  const { acked, set, follow } = comeToLight(definition, alarm, nowMs);
  return change(alarm, {
    action: 'shelving-expired',
    flags: { shelved: false, acked },
    set: { ...set, shelving: null },
    atMs: nowMs,
    nowMs,
    details: { mode, untilMs },
    follow,
  });
}
