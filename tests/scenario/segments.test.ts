import { expect, test } from 'vitest';
import { overlapOf, segmentsOf } from './segments.ts';

const min = 60_000;
const overlapMs = 75 * min;
const dayMs = 1440 * min;
/** A Monday, on a clock that is far from that of Greenwich. */
const start = '2026-07-20T00:00:00+08:00';

test('the overlap is longer than every delay of an alarm', () => {
  const of = (onDelayMs: number, offDelayMs: number) => ({ rule: 'x', definition: { onDelayMs, offDelayMs } as never });
  const alarms = new Map([
    ['a', of(60 * min, 0)],
    ['b', of(0, 20 * min)],
  ]);
  expect(overlapOf({ alarms })).toBe(overlapMs);
});

test('a scenario in one piece begins with its settling', () => {
  expect(segmentsOf({ start, duration: '1h', settle: '5min' }, overlapMs)).toEqual([
    { openMs: -5 * min, fromMs: -5 * min, toMs: 60 * min, closeMs: 60 * min },
  ]);
});

test('segments follow each other without a gap; later ones open before they are judged', () => {
  const [first, second, ...others] = segmentsOf({ start, duration: '7d', settle: '30min', segments: 2 }, overlapMs);
  expect(others).toEqual([]);
  expect(first).toMatchObject({ openMs: -30 * min, fromMs: -30 * min });
  expect(second).toMatchObject({ fromMs: first?.toMs, toMs: 7 * dayMs, closeMs: 7 * dayMs });
  const seamMs = second?.fromMs ?? 0;
  expect(first?.closeMs).toBeGreaterThan(seamMs);
  expect(second?.openMs).toBe(seamMs - overlapMs);
});

test('segments cost the same: the model plays the way to each, and a weekend is quieter', () => {
  const days = (fromMs: number, toMs: number): number => (toMs - fromMs) / dayMs;
  for (const segments of [2, 3]) {
    const costs = segmentsOf({ start, duration: '7d', settle: '30min', segments }, overlapMs).map(
      ({ fromMs, toMs }) => {
        const saturdayMs = 5 * dayMs;
        const weekend = days(Math.max(fromMs, saturdayMs), Math.max(toMs, saturdayMs));
        return 0.04 * days(0, Math.max(0, fromMs)) + days(Math.max(0, fromMs), toMs) - 0.14 * weekend;
      },
    );
    // Seams lie on steps of ten minutes.
    expect(Math.max(...costs) - Math.min(...costs)).toBeLessThan(0.03);
  }
});

test('a longer settling is a longer overlap', () => {
  const [, second] = segmentsOf({ start, duration: '2d', settle: '3h', segments: 2 }, overlapMs);
  expect((second?.fromMs ?? 0) - (second?.openMs ?? 0)).toBe(180 * min);
});
