import type { Alarm, AlarmDefinition } from '@plantroom/contracts';
import type { AlarmEvent, Transition } from './alarm-events.ts';
import { change, notAcknowledged, unchanged } from './change.ts';
import { isHidden } from './display-state.ts';

type DueEvent = Extract<AlarmEvent, { type: 'shelving-due' | 'review-due' | 're-alarm-due' | 'configured' }>;

/** What comes by server time alone and when; null: nothing. All of it follows from the stored alarm, so a restart changes nothing. */
export function nextDue(definition: AlarmDefinition, alarm: Alarm): { atMs: number; event: DueEvent } | null {
  // Stored while its class did not count as life safety yet.
  if (definition.lifeSafety && isHidden(alarm.flags))
    return { atMs: 0, event: { type: 'configured', withdrawn: false, user: null, comment: null } };
  const { shelving, serviceRemoval } = alarm;
  const reAlarmMs = reAlarmDueMs(definition, alarm);
  if (shelving === null && serviceRemoval === null && reAlarmMs === null) return null;
  const times: { atMs: number; event: DueEvent }[] = [];
  if (shelving !== null) times.push({ atMs: shelving.untilMs, event: { type: 'shelving-due' } });
  if (serviceRemoval !== null && !serviceRemoval.reviewDue)
    times.push({ atMs: serviceRemoval.reviewMs, event: { type: 'review-due' } });
  if (reAlarmMs !== null) times.push({ atMs: reAlarmMs, event: { type: 're-alarm-due' } });
  return times.reduce<{ atMs: number; event: DueEvent } | null>(
    (first, each) => (first === null || each.atMs < first.atMs ? each : first),
    null,
  );
}

/** Row 7 of the table: acknowledged, but nothing has become better since. */
export function reAlarm(definition: AlarmDefinition, alarm: Alarm, nowMs: number): Transition {
  const dueMs = reAlarmDueMs(definition, alarm);
  if (dueMs === null || nowMs < dueMs) return unchanged(alarm);
  return change(alarm, {
    action: 're-alarmed',
    flags: { acked: false },
    set: { reAlarms: alarm.reAlarms + 1, ...notAcknowledged },
    atMs: nowMs,
    nowMs,
    follow: [{ type: 'announce' }],
  });
}

function reAlarmDueMs({ reAlarmMs, reAlarmLimit }: AlarmDefinition, alarm: Alarm): number | null {
  if (reAlarmMs === undefined || alarm.state !== 'ACKED' || alarm.ackedMs === null) return null;
  return alarm.reAlarms >= (reAlarmLimit ?? Number.POSITIVE_INFINITY) ? null : alarm.ackedMs + reAlarmMs;
}
