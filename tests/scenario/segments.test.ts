import { expect, test } from 'vitest';
import { overlapOf, segmentsOf } from './segments.ts';

const min = 60_000;
const overlapMs = 75 * min;

test('the overlap is longer than every delay of an alarm', () => {
  const of = (onDelayMs: number, offDelayMs: number) => ({ rule: 'x', definition: { onDelayMs, offDelayMs } as never });
  const alarms = new Map([
    ['a', of(60 * min, 0)],
    ['b', of(0, 20 * min)],
  ]);
  expect(overlapOf({ alarms })).toBe(overlapMs);
});

test('a scenario in one piece begins with its settling', () => {
  expect(segmentsOf({ duration: '1h', settle: '5min' }, overlapMs)).toEqual([
    { openMs: -5 * min, fromMs: -5 * min, toMs: 60 * min, closeMs: 60 * min },
  ]);
});

test('segments follow each other without a gap; later ones open before they are judged and are shorter, for the model runs ahead of them', () => {
  const [first, second, ...others] = segmentsOf({ duration: '7d', settle: '30min', segments: 2 }, overlapMs);
  expect(others).toEqual([]);
  expect(first).toMatchObject({ openMs: -30 * min, fromMs: -30 * min });
  expect(second).toMatchObject({ fromMs: first?.toMs, toMs: 7 * 1440 * min, closeMs: 7 * 1440 * min });
  const seamMs = second?.fromMs ?? 0;
  expect(first?.closeMs).toBeGreaterThan(seamMs);
  expect(second?.openMs).toBe(seamMs - overlapMs);
  // A twenty-fifth of the line's work for the way to the seam, and the rest of the week behind it.
  expect(0.04 * seamMs + (7 * 1440 * min - seamMs)).toBeCloseTo(seamMs, -6.5);
});

test('a longer settling is a longer overlap', () => {
  const [, second] = segmentsOf({ duration: '2d', settle: '3h', segments: 2 }, overlapMs);
  expect((second?.fromMs ?? 0) - (second?.openMs ?? 0)).toBe(180 * min);
});
