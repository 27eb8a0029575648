import type { Alarm, AlarmDefinition } from '@plantroom/contracts';
import type { Step, Transition } from './alarm-events.ts';
import { change, comeToLight, refuse, unchanged } from './change.ts';

/** Rows 14 and 15 of the table: what the plant's logic hides, and what maintenance takes out of service. */

export function suppress(definition: AlarmDefinition, alarm: Alarm, { event, nowMs }: Step<'suppress'>): Transition {
  if (definition.lifeSafety) return refuse(alarm, 'ALARM_LIFE_SAFETY');
  const { cause, atMs, user, comment } = event;
  if (alarm.suppressedBy.includes(cause)) return unchanged(alarm);
  return change(alarm, {
    action: 'suppressed',
    flags: { suppressed: true },
    set: { suppressedBy: [...alarm.suppressedBy, cause].sort() },
    atMs,
    nowMs,
    user,
    comment,
    details: { cause },
  });
}

/** Only the last cause that ends brings the alarm back. */
export function unsuppress(
  definition: AlarmDefinition,
  alarm: Alarm,
  { event, nowMs }: Step<'unsuppress'>,
): Transition {
  const { cause, atMs, user, comment } = event;
  if (!alarm.suppressedBy.includes(cause)) return unchanged(alarm);
  const suppressedBy = alarm.suppressedBy.filter((each) => each !== cause);
  const what = { action: 'unsuppressed' as const, atMs, nowMs, user, comment, details: { cause } };
  if (suppressedBy.length > 0) return change(alarm, { ...what, set: { suppressedBy } });
  const { acked, set, follow } = comeToLight(definition, alarm, atMs);
  return change(alarm, { ...what, flags: { suppressed: false, acked }, set: { ...set, suppressedBy }, follow });
}

export function removeFromService(
  definition: AlarmDefinition,
  alarm: Alarm,
  { event, nowMs }: Step<'out-of-service'>,
): Transition {
  const { user, approver, workOrder, reviewMs, reason } = event;
  if (definition.lifeSafety) return refuse(alarm, 'ALARM_LIFE_SAFETY');
  if (reviewMs <= nowMs) return refuse(alarm, 'REVIEW_DATE_OUT_OF_RANGE');
  const held = alarm.serviceRemoval;
  const isSame =
    held?.by === user &&
    held.approver === approver &&
    held.workOrder === workOrder &&
    held.reviewMs === reviewMs &&
    held.reason === reason;
  if (isSame) return unchanged(alarm);
  return change(alarm, {
    action: 'out-of-service',
    flags: { outOfService: true },
    set: {
      serviceRemoval: { atMs: nowMs, by: user, approver, workOrder, reviewMs, reviewDue: false, reason },
    },
    atMs: nowMs,
    nowMs,
    user,
    comment: reason,
    details: { approver, workOrder, reviewMs },
  });
}

export function returnToService(
  definition: AlarmDefinition,
  alarm: Alarm,
  { event, nowMs }: Step<'return-to-service'>,
): Transition {
  if (alarm.serviceRemoval === null) return unchanged(alarm);
  const { user, comment } = event;
  const { acked, set, follow } = comeToLight(definition, alarm, nowMs);
  return change(alarm, {
    action: 'returned-to-service',
    flags: { outOfService: false, acked },
    set: { ...set, serviceRemoval: null },
    atMs: nowMs,
    nowMs,
    user,
    comment,
    details: { workOrder: alarm.serviceRemoval.workOrder },
    follow,
  });
}

/** It stays out of service: only a person can know that the work is done. */
export function reviewDue(alarm: Alarm, nowMs: number): Transition {
  const { serviceRemoval } = alarm;
  if (serviceRemoval === null || serviceRemoval.reviewDue || nowMs < serviceRemoval.reviewMs) return unchanged(alarm);
  const { workOrder, reviewMs } = serviceRemoval;
  return change(alarm, {
    action: 'review-due',
    set: { serviceRemoval: { ...serviceRemoval, reviewDue: true } },
    atMs: nowMs,
    nowMs,
    details: { workOrder, reviewMs },
  });
}
