import type { Alarm, AlarmDefinition } from '@plantroom/contracts';
import type { AlarmEvent, Step, Transition } from './alarm-events.ts';
import { change, comeToLight, meaning, refuse, unchanged } from './change.ts';
import { isHidden, isOpen } from './display-state.ts';
import { reAlarm } from './due.ts';
import { correct, giveBack, history, judge, raise, worsen } from './field-events.ts';
import { shelve, shelvingDue, unshelve } from './shelving.ts';
import { removeFromService, returnToService, reviewDue, suppress, unsuppress } from './suppression.ts';
import { endTest } from './test-alarms.ts';

/** An alarm that has never been raised. */
export function initialAlarm(definition: AlarmDefinition): Alarm {
  return {
    id: definition.id,
    occurrence: null,
    source: definition.source,
    equipment: definition.equipment,
    state: 'NORM',
    flags: {
      active: false,
      acked: true,
      latched: false,
      shelved: false,
      suppressed: false,
      outOfService: false,
      uncertain: false,
    },
    ...meaning(definition, null),
    onsetMs: null,
    activeMs: null,
    returnedMs: null,
    ackedMs: null,
    ackedBy: null,
    ackComment: null,
    onsetValue: null,
    lastValue: null,
    count: 0,
    reAlarms: 0,
    heldPriority: null,
    shelving: null,
    suppressedBy: [],
    serviceRemoval: null,
    firstOut: null,
    testMode: null,
    workOrder: null,
    orderWaitsFor: null,
    revision: 0,
  };
}

/**
 * Pure: the ISA-18.2 transition table (docs/alarms.md) on orthogonal flags. Every change carries its journal entry; an event that changes
 * nothing gives the same object and no effects, so repeating an operator's act or an input is harmless.
 */
export function transition(
  definition: AlarmDefinition,
  alarm: Alarm,
  step: { event: AlarmEvent; nowMs: number; test?: string | null },
): Transition {
  const { event, nowMs, test = null } = step;
  switch (event.type) {
    case 'raised':
      return raise(definition, alarm, { event, nowMs, test });
    case 'returned':
      return giveBack(definition, alarm, { event, nowMs });
    case 'severity':
      return worsen(definition, alarm, { event, nowMs });
    case 'quality':
      return judge(alarm, { event, nowMs });
    case 'corrected':
      return correct(definition, alarm, { event, nowMs, test });
    case 'historical':
      return { alarm, effects: history(alarm, { event, nowMs, test }) };
    case 'acknowledge':
      return acknowledge(alarm, { event, nowMs });
    case 'reset':
      return reset(alarm, { event, nowMs });
    case 'comment': {
      const { user, comment } = event;
      return change(alarm, { action: 'commented', atMs: nowMs, nowMs, user, comment });
    }
    case 'shelve':
      return shelve(definition, alarm, { event, nowMs });
    case 'unshelve':
      return unshelve(alarm, { event, nowMs });
    case 'shelving-due':
      return shelvingDue(definition, alarm, nowMs);
    case 'suppress':
      return suppress(definition, alarm, { event, nowMs });
    case 'unsuppress':
      return unsuppress(definition, alarm, { event, nowMs });
    case 'out-of-service':
      return removeFromService(definition, alarm, { event, nowMs });
    case 'return-to-service':
      return returnToService(definition, alarm, { event, nowMs });
    case 'review-due':
      return reviewDue(alarm, nowMs);
    case 're-alarm-due':
      return reAlarm(definition, alarm, nowMs);
    case 'test-over':
      return endTest(definition, alarm, { event, nowMs });
    case 'configured':
      return configure(definition, alarm, { event, nowMs });
  }
}

function acknowledge(alarm: Alarm, { event, nowMs }: Step<'acknowledge'>): Transition {
  if (alarm.flags.acked) return unchanged(alarm);
  return change(alarm, {
    action: 'acknowledged',
    flags: { acked: true },
    set: { ackedMs: nowMs, ackedBy: event.user, ackComment: event.comment },
    atMs: nowMs,
    nowMs,
    user: event.user,
    comment: event.comment,
  });
}

function reset(alarm: Alarm, { event, nowMs }: Step<'reset'>): Transition {
  if (alarm.flags.active) return refuse(alarm, 'ALARM_ACTIVE');
  if (!alarm.flags.latched) return unchanged(alarm);
  if (!alarm.flags.acked) return refuse(alarm, 'ALARM_NOT_ACKNOWLEDGED');
  return change(alarm, {
    action: 'reset',
    flags: { latched: false },
    atMs: nowMs,
    nowMs,
    user: event.user,
    comment: event.comment,
  });
}

const shown = { shelved: false, suppressed: false, outOfService: false } as const;
const notHidden = { shelving: null, suppressedBy: [], serviceRemoval: null };

function configure(definition: AlarmDefinition, alarm: Alarm, { event, nowMs }: Step<'configured'>): Transition {
  const { user, comment } = event;
  const now = meaning(definition, alarm.heldPriority);
  const what = { action: 'configured' as const, atMs: nowMs, nowMs, user, comment };
  if (event.withdrawn) {
    if (alarm.state === 'NORM') return unchanged(alarm);
    return change(alarm, {
      ...what,
      flags: { active: false, latched: false, acked: true, ...shown },
      set: { ...now, ...notHidden, returnedMs: isOpen(alarm.flags) ? (alarm.returnedMs ?? nowMs) : alarm.returnedMs },
      details: { withdrawn: true },
      follow: alarm.flags.active ? [{ type: 'condition-cleared', atMs: nowMs }] : [],
    });
  }
  if (definition.lifeSafety && isHidden(alarm.flags)) {
    const { acked, set, follow } = comeToLight(definition, alarm, nowMs);
    return change(alarm, { ...what, flags: { ...shown, acked }, set: { ...now, ...set, ...notHidden }, follow });
  }
  const same = JSON.stringify(now) === JSON.stringify(meaning(alarm, null));
  // An alarm that is normal and merely changes its limits is the audit's matter, not the journal's.
  if (same || alarm.state === 'NORM') return unchanged(alarm);
  return change(alarm, { ...what, set: now });
}
