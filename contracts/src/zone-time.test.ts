import { describe, expect, test } from 'vitest';
import { zonedDate, zonedDays, zonedMs, zoneOffsetMs } from './zone-time.ts';

const hour = 3_600_000;

describe('clocks of zones', () => {
  test('how far they are ahead, with and without summer time', () => {
    expect(zoneOffsetMs(Date.UTC(2026, 0, 1), 'Asia/Shanghai')).toBe(8 * hour);
    expect(zoneOffsetMs(Date.UTC(2026, 0, 1) + 999, 'Asia/Kathmandu')).toBe(5.75 * hour);
    expect(zoneOffsetMs(Date.UTC(2026, 0, 1), 'Europe/Berlin')).toBe(hour);
    expect(zoneOffsetMs(Date.UTC(2026, 6, 1), 'Europe/Berlin')).toBe(2 * hour);
    expect(zoneOffsetMs(Date.UTC(2026, 0, 1), 'America/New_York')).toBe(-5 * hour);
  });

  test('a date and time is found in UTC; a time that is there twice is the first, a skipped one the next that is there', () => {
    expect(zonedMs('Asia/Shanghai', { year: 2026, month: 11, day: 23 }, 8 * 60)).toBe(Date.UTC(2026, 10, 23));
    expect(zonedMs('America/New_York', { year: 2026, month: 1, day: 1 }, 0)).toBe(Date.UTC(2026, 0, 1, 5));
    // Berlin: 02:30 on 2026-10-25 is there twice, on 2026-03-29 not at all.
    expect(zonedMs('Europe/Berlin', { year: 2026, month: 10, day: 25 }, 150)).toBe(Date.UTC(2026, 9, 25, 0, 30));
    expect(zonedMs('Europe/Berlin', { year: 2026, month: 3, day: 29 }, 150)).toBe(Date.UTC(2026, 2, 29, 1, 30));
  });

  test('the date that is shown', () => {
    expect(zonedDate(Date.UTC(2026, 11, 31, 17), 'Asia/Shanghai')).toEqual({ year: 2027, month: 1, day: 1 });
  });

  test('midnights around a period, one of 25 hours among them', () => {
    const days = zonedDays(Date.UTC(2026, 9, 24, 12), Date.UTC(2026, 9, 26, 12), 'Europe/Berlin');
    expect(days.map((ms) => new Date(ms).toISOString())).toEqual([
      '2026-10-23T22:00:00.000Z',
      '2026-10-24T22:00:00.000Z',
      '2026-10-25T23:00:00.000Z',
      '2026-10-26T23:00:00.000Z',
    ]);
    const start = Date.UTC(2026, 0, 1, 16);
    expect(zonedDays(start, start + 24 * hour, 'Asia/Shanghai')).toEqual([start, start + 24 * hour]);
  });
});
