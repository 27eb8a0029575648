import fc from 'fast-check';
import { expect, test } from 'vitest';
import { VirtualClock } from './clock.ts';

test('virtual time falls due in order, and what falls due may schedule more within the same stretch', () => {
  const clock = new VirtualClock(1000);
  const seen: [string, number][] = [];
  const note = (name: string) => () => seen.push([name, clock.nowMs()]);
  clock.after(30, note('c'));
  clock.after(10, () => {
    note('a')();
    clock.after(5, note('b'));
  });
  const cancel = clock.after(20, note('never'));
  cancel();
  clock.advance(30);
  expect(seen).toEqual([
    ['a', 1010],
    ['b', 1015],
    ['c', 1030],
  ]);
});

test('the wall clock tells whole ms though timers fall due between them, and adding up loses none', () => {
  const clock = new VirtualClock(Date.UTC(2026, 0, 1));
  for (let i = 0; i < 10_000; i++) clock.advance(0.1);
  clock.advance(0.5);
  expect(clock.nowMs()).toBe(Date.UTC(2026, 0, 1) + 1000);
  expect(clock.monotonicMs()).toBeCloseTo(1000.5, 6);
});

test('a step moves the wall clock alone', () => {
  const clock = new VirtualClock(0);
  clock.step(-5);
  expect([clock.nowMs(), clock.monotonicMs()]).toEqual([-5, 0]);
});

test('whatever is set and cancelled, timers fall due by time and then in the order in which they were set', () => {
  fc.assert(
    fc.property(
      fc.array(fc.tuple(fc.integer({ min: 0, max: 50 }), fc.boolean()), { maxLength: 400 }),
      fc.array(fc.integer({ min: 0, max: 20 }), { maxLength: 10 }),
      (timers, steps) => {
        const clock = new VirtualClock(0);
        const seen: number[] = [];
        const cancels = timers.map(([delayMs], i) => clock.after(delayMs, () => seen.push(i)));
        timers.forEach(([, isCancelled], i) => {
          if (isCancelled) cancels[i]?.();
        });
        const due = timers.map(([delayMs], i) => ({ delayMs, i })).filter(({ i }) => timers[i]?.[1] === false);
        due.sort((a, b) => a.delayMs - b.delayMs || a.i - b.i);
        let now = 0;
        for (const step of steps) {
          clock.advance(step);
          now += step;
          expect(seen).toEqual(due.filter(({ delayMs }) => delayMs <= now).map(({ i }) => i));
          expect(clock.nextDueMs).toBe(due.find(({ delayMs }) => delayMs > now)?.delayMs);
        }
      },
    ),
  );
});
