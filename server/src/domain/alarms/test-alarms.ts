import type { Alarm, AlarmDefinition } from '@plantroom/contracts';
import type { Step, Transition } from './alarm-events.ts';
import { change, comeToLight, unchanged } from './change.ts';

/**
 * The test mode in which the alarm was raised is over. What still stands is real, whatever was said of it in the test: it is announced with its
 * true time. What has returned was part of the test and is over with it, held or not.
 */
export function endTest(definition: AlarmDefinition, alarm: Alarm, { event, nowMs }: Step<'test-over'>): Transition {
  if (alarm.testMode !== event.mode) return unchanged(alarm);
  if (!alarm.flags.active)
    return change(alarm, {
      action: 'test-ended',
      flags: { acked: true, latched: false },
      atMs: event.atMs,
      nowMs,
    });
  const atMs = alarm.activeMs ?? event.atMs;
  const { acked, set, follow } = comeToLight(definition, alarm, atMs);
  return change(alarm, {
    action: 'test-ended',
    flags: { acked },
    set: { ...set, testMode: null },
    atMs,
    nowMs,
    details: { cause: event.mode },
    follow,
  });
}
