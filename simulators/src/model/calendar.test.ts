import { expect, test } from 'vitest';
import { calendarIn } from './tick.ts';

const hour = 3_600_000;

test('the wall clock of a zone goes on through the quarter hour, and over midnight', () => {
  const calendarOf = calendarIn('Asia/Shanghai');
  const at = (time: string) => calendarOf(Date.parse(time));
  expect(at('2026-04-15T08:07:30+08:00').hour).toBeCloseTo(8.125, 9);
  expect(at('2026-04-15T08:14:59+08:00').hour).toBeCloseTo(8 + 899 / 3600, 9);
  expect(at('2026-04-15T23:59:59+08:00')).toMatchObject({ dayOfYear: 105, workday: true });
  expect(at('2026-04-16T00:00:00+08:00')).toEqual({ hour: 0, dayOfYear: 106, workday: true });
  // Back again: what is held is of another quarter.
  expect(at('2026-04-15T08:07:30+08:00')).toMatchObject({ dayOfYear: 105 });
  expect(at('2026-04-18T00:00:00+08:00').workday).toBe(false);
});

test('daylight saving time begins and ends at its hour', () => {
  const calendarOf = calendarIn('Europe/Berlin');
  const before = Date.parse('2026-03-29T00:59:00Z');
  expect(calendarOf(before).hour).toBeCloseTo(1 + 59 / 60, 9);
  expect(calendarOf(before + 60_000).hour).toBe(3);
  const autumn = Date.parse('2026-10-25T00:30:00Z');
  expect(calendarOf(autumn).hour).toBe(2.5);
  expect(calendarOf(autumn + hour).hour).toBe(2.5);
});
