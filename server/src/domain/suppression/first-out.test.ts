import type { Alarm } from '@plantroom/contracts';
import { expect, test } from 'vitest';
import { initialAlarm } from '../alarms/machine.ts';
import { testDefinition } from '../test-helpers/definition.ts';
import { firstOutOf, firstOutWindowMs } from './first-out.ts';

const raised = (id: string, onsetMs: number, over: Partial<Alarm> = {}): Alarm => {
  const alarm = initialAlarm(testDefinition({ id }));
  return { ...alarm, flags: { ...alarm.flags, active: true, acked: false }, onsetMs, activeMs: onsetMs + 10, ...over };
};

test('the first of its equipment leads what comes behind it, also through one that follows itself', () => {
  const first = raised('trip', 1000);
  expect(firstOutOf(first, [first])).toBeNull();
  const second = raised('flow', 1500, { firstOut: 'trip' });
  expect(firstOutOf(raised('flow', 1500), [first])).toBe('trip');
  expect(firstOutOf(raised('hot', 2000), [second])).toBe('trip');
  expect(firstOutOf(raised('hot', 2000), [second, first])).toBe('trip');
});

test('of two with one onset the first by name leads, and they do not lead each other', () => {
  const [a, b] = [raised('a', 1000), raised('b', 1000)];
  expect(firstOutOf(b, [a, b])).toBe('a');
  expect(firstOutOf(a, [a, { ...b, firstOut: 'a' }])).toBeNull();
});

test('what suppresses an alarm leads it, whatever else stands', () => {
  expect(firstOutOf(raised('flow', 1500, { suppressedBy: ['grid'] }), [raised('trip', 1000)])).toBe('grid');
});

test('what has returned, is suppressed, came later or long ago, or is life safety leads nothing', () => {
  const late = 1000 + 10 + firstOutWindowMs;
  const of = (onsetMs: number, over: Partial<Alarm>) =>
    firstOutOf(raised('hot', onsetMs), [raised('trip', 1000, over)]);
  expect(of(late, {})).toBe('trip');
  expect(of(late + 1, {})).toBeNull();
  expect(of(999, {})).toBeNull();
  expect(of(2000, { lifeSafety: true })).toBeNull();
  const { flags } = raised('trip', 1000);
  expect(of(2000, { flags: { ...flags, active: false } })).toBeNull();
  expect(of(2000, { flags: { ...flags, suppressed: true } })).toBeNull();
});

test('life safety follows nothing', () => {
  expect(firstOutOf(raised('fire', 2000, { lifeSafety: true }), [raised('trip', 1000)])).toBeNull();
});
