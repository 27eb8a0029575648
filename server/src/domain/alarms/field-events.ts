import type { Alarm, AlarmDefinition } from '@plantroom/contracts';
import type { AlarmEffect, Step, Transition } from './alarm-events.ts';
import { andThen, announcement, change, comeToLight, higher, meaning, notAcknowledged, unchanged } from './change.ts';
import { isOpen } from './display-state.ts';
import { endShelving } from './shelving.ts';

/** What the equipment does: raised, returned, worse, not known; now or as late data tells. */

export function raise(
  definition: AlarmDefinition,
  alarm: Alarm,
  { event, nowMs, test = null }: Step<'raised'>,
): Transition {
  if (alarm.flags.active) return unchanged(alarm);
  const again = isOpen(alarm.flags) && alarm.occurrence !== null;
  const occurrence = again && alarm.occurrence !== null ? alarm.occurrence : occurrenceId(alarm, event.onsetMs);
  const count = again ? alarm.count + 1 : 1;
  const heldPriority = again ? alarm.heldPriority : null;
  const { atMs, value } = event;
  return change(alarm, {
    action: again ? 'reactivated' : 'activated',
    flags: { active: true, acked: false, latched: false, uncertain: false },
    set: {
      ...meaning(definition, heldPriority),
      heldPriority,
      occurrence,
      count,
      reAlarms: again ? alarm.reAlarms : 0,
      onsetMs: again ? alarm.onsetMs : event.onsetMs,
      activeMs: again ? alarm.activeMs : atMs,
      returnedMs: null,
      ...notAcknowledged,
      onsetValue: again ? alarm.onsetValue : value,
      lastValue: value,
      firstOut: again ? alarm.firstOut : null,
      workOrder: again ? alarm.workOrder : null,
      // An occurrence that began before a test stays real within it.
      testMode: again ? alarm.testMode : test,
    },
    atMs,
    nowMs,
    value,
    follow: announcement(definition, { occurrence, activation: `${count}`, atMs, value }),
  });
}

export function giveBack(definition: AlarmDefinition, alarm: Alarm, { event, nowMs }: Step<'returned'>): Transition {
  if (!alarm.flags.active) return unchanged(alarm);
  const returned = change(alarm, {
    action: definition.latching ? 'latched' : 'returned',
    flags: { active: false, latched: definition.latching },
    set: { returnedMs: event.atMs, lastValue: event.value },
    atMs: event.atMs,
    nowMs,
    value: event.value,
    follow: [{ type: 'condition-cleared', atMs: event.atMs }],
  });
  if (alarm.shelving?.mode !== 'one-shot') return returned;
  return andThen(returned, (now) => endShelving(definition, now, nowMs));
}

/** Row 7 of the table: worse than it was told. The priority is held at its highest until the occurrence is over. */
export function worsen(definition: AlarmDefinition, alarm: Alarm, { event, nowMs }: Step<'severity'>): Transition {
  const { priority, atMs, value } = event;
  if (!alarm.flags.active || higher(alarm.priority, priority) === alarm.priority) return unchanged(alarm);
  const { occurrence, count } = alarm;
  return change(alarm, {
    action: 'severity-raised',
    flags: { acked: false },
    set: { priority, heldPriority: priority, lastValue: value, ...notAcknowledged },
    atMs,
    nowMs,
    value,
    details: { priorityBefore: alarm.priority },
    follow:
      occurrence === null
        ? [{ type: 'announce' }]
        : announcement(definition, { occurrence, activation: `${count}.${priority}`, atMs, value }),
  });
}

/** A normal alarm says nothing about its source; that is the device alarm's matter. */
export function judge(alarm: Alarm, { event, nowMs }: Step<'quality'>): Transition {
  if (!isOpen(alarm.flags) || alarm.flags.uncertain === event.uncertain) return unchanged(alarm);
  const action = event.uncertain ? 'uncertain' : 'certain';
  return change(alarm, { action, flags: { uncertain: event.uncertain }, atMs: event.atMs, nowMs });
}

export function correct(
  definition: AlarmDefinition,
  alarm: Alarm,
  { event, nowMs, test = null }: Step<'corrected'>,
): Transition {
  const { edge } = event;
  const { atMs, value } = edge;
  if (edge.type === 'raised') {
    // Of an occurrence that was raised more than once, onset and value are those of the first time.
    const isFirst = alarm.flags.active && alarm.count === 1 && (alarm.onsetMs ?? 0) > edge.onsetMs;
    const set = isFirst ? { onsetMs: edge.onsetMs, activeMs: atMs, onsetValue: value } : {};
    if (!isFirst || alarm.testMode === null || test !== null)
      return change(alarm, { action: 'corrected', set, atMs, nowMs, value });
    // It began before the test to which it was put down.
    const { acked, set: unanswered, follow } = comeToLight(definition, alarm, atMs);
    const what = { action: 'corrected' as const, flags: { acked }, atMs, nowMs, value, follow };
    return change(alarm, { ...what, set: { ...set, ...unanswered, testMode: null } });
  }
  const set = !alarm.flags.active && (alarm.returnedMs ?? 0) > atMs ? { returnedMs: atMs } : {};
  return change(alarm, { action: 'corrected', set, atMs, nowMs, value });
}

export function history(alarm: Alarm, { event, nowMs, test = null }: Step<'historical'>): readonly AlarmEffect[] {
  const { edges, sound } = event;
  const [first] = edges;
  // An occurrence of its own, unless it happened within one.
  const occurrence = first?.type === 'raised' ? `${alarm.id}@${first.onsetMs}` : alarm.occurrence;
  const entries = edges.map(({ type, atMs, value }): AlarmEffect => {
    const action = type === 'returned' ? 'returned' : first?.type === 'raised' ? 'activated' : 'reactivated';
    return {
      type: 'journal',
      entry: {
        alarm: alarm.id,
        occurrence,
        action,
        stateBefore: alarm.state,
        stateAfter: alarm.state,
        priority: alarm.priority,
        atMs,
        recordedMs: nowMs,
        historical: true,
        user: null,
        comment: null,
        details: test === null ? null : { test },
        value,
      },
    };
  });
  return sound && test === null ? [...entries, { type: 'announce' }] : entries;
}

/** The revision tells apart two occurrences with one onset: a limit that is set, removed and set again on a value that stands. */
function occurrenceId(alarm: Alarm, onsetMs: number): string {
  return `${alarm.id}@${onsetMs}.${alarm.revision + 1}`;
}
