import type { NotificationRoster } from '@plantroom/contracts';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { dutiesOn, onDuty } from './roster.ts';
import { dateText, instantOf, localTime, minutesOf, weekdayOf } from './zoned-time.ts';

const every = [1, 2, 3, 4, 5, 6, 7];
const roster = (parts: Partial<NotificationRoster>): NotificationRoster => ({
  id: 'duty',
  name: 'Duty',
  timeZone: 'Asia/Shanghai',
  shifts: [
    { id: 'day', name: 'Day', weekdays: every, from: '08:00', to: '20:00', people: ['an'] },
    { id: 'night', name: 'Night', weekdays: every, from: '20:00', to: '08:00', people: ['bo'] },
  ],
  overrides: [],
  ...parts,
});
const shanghai = (text: string): number => Date.parse(`${text}+08:00`);

describe('roster', () => {
  test('a night shift belongs to the day on which it begins', () => {
    expect(onDuty(roster({}), shanghai('2026-11-23T07:59:59'))).toEqual(['bo']);
    expect(onDuty(roster({}), shanghai('2026-11-23T08:00:00'))).toEqual(['an']);
    expect(onDuty(roster({}), shanghai('2026-11-23T20:00:00'))).toEqual(['bo']);
    const overrides = [{ date: '2026-11-23', shift: 'night', people: ['cy', 'di'] }];
    expect(onDuty(roster({ overrides }), shanghai('2026-11-24T03:00:00'))).toEqual(['cy', 'di']);
    expect(onDuty(roster({ overrides }), shanghai('2026-11-24T20:00:00'))).toEqual(['bo']);
  });

  test('an override with nobody leaves the shift empty', () => {
    const overrides = [{ date: '2026-11-23', shift: 'day', people: [] }];
    expect(onDuty(roster({ overrides }), shanghai('2026-11-23T12:00:00'))).toEqual([]);
  });

  test('shifts of a week, with their hours at both changes of the clock', () => {
    const berlin = roster({ timeZone: 'Europe/Berlin' });
    const hours = (from: string, to: string) =>
      dutiesOn(berlin, Date.parse(from), Date.parse(to)).map((duty) => [
        duty.date,
        duty.shift,
        (duty.toMs - duty.fromMs) / 3_600_000,
      ]);
    // Summer time begins on 29 March 2026 at 02:00, ends on 25 October 2026 at 03:00.
    expect(hours('2026-03-28T19:00:00Z', '2026-03-29T18:00:00Z')).toEqual([
      ['2026-03-28', 'night', 11],
      ['2026-03-29', 'day', 12],
    ]);
    expect(hours('2026-10-24T18:00:00Z', '2026-10-25T19:00:00Z')).toEqual([
      ['2026-10-24', 'night', 13],
      ['2026-10-25', 'day', 12],
    ]);
  });

  test('a time that the clock leaves out is after the change, one that comes twice is the first', () => {
    const gap = instantOf({ year: 2026, month: 3, day: 29 }, minutesOf('02:30'), 'Europe/Berlin');
    expect(new Date(gap).toISOString()).toBe('2026-03-29T01:30:00.000Z');
    const twice = instantOf({ year: 2026, month: 10, day: 25 }, minutesOf('02:30'), 'Europe/Berlin');
    expect(new Date(twice).toISOString()).toBe('2026-10-25T00:30:00.000Z');
  });

  const clock = fc
    .integer({ min: 0, max: 1439 })
    .map((m) => `${String(Math.floor(m / 60)).padStart(2, '0')}:${String(m % 60).padStart(2, '0')}`);
  const people = fc.uniqueArray(fc.constantFrom('an', 'bo', 'cy', 'di'), { maxLength: 3 });
  const shift = fc.record({
    name: fc.constant('x'),
    weekdays: fc.uniqueArray(fc.constantFrom(...every), { minLength: 1 }),
    from: clock,
    to: clock,
    people,
  });
  const shifts = fc.array(shift, { maxLength: 4 }).map((list) => list.map((each, at) => ({ ...each, id: `s${at}` })));
  const day = fc.integer({ min: 0, max: 20 }).map((d) => dateText({ year: 2026, month: 11, day: d + 1 }));
  const overrides = fc.uniqueArray(fc.record({ date: day, shift: fc.constantFrom('s0', 's1', 's2', 's3'), people }), {
    maxLength: 6,
    selector: ({ date, shift: of }) => `${date} ${of}`,
  });
  // No change of the clock in November: what the wall shows is what counts.
  const zone = fc.constantFrom('Asia/Shanghai', 'Asia/Kathmandu', 'Pacific/Auckland', 'Europe/Berlin', 'UTC');

  test('every instant has exactly the persons that the pattern says', () => {
    fc.assert(
      fc.property(
        shifts,
        overrides,
        zone,
        fc.integer({ min: 0, max: 20 * 1440 }),
        (list, changes, timeZone, minute) => {
          const atMs = Date.UTC(2026, 10, 3) + minute * 60_000;
          const wall = localTime(atMs, timeZone);
          const yesterday = new Date(Date.UTC(wall.year, wall.month - 1, wall.day - 1));
          const before = {
            year: yesterday.getUTCFullYear(),
            month: yesterday.getUTCMonth() + 1,
            day: yesterday.getUTCDate(),
          };
          const expected = new Set<string>();
          for (const each of list) {
            const from = minutesOf(each.from);
            const to = minutesOf(each.to);
            const overnight = to <= from;
            const holds = [
              { date: wall, holds: wall.minutes >= from && (overnight || wall.minutes < to) },
              { date: before, holds: overnight && wall.minutes < to },
            ];
            for (const { date, holds: isOn } of holds) {
              if (!isOn || !each.weekdays.includes(weekdayOf(date))) continue;
              const change = changes.find((c) => c.date === dateText(date) && c.shift === each.id);
              for (const person of change?.people ?? each.people) expected.add(person);
            }
          }
          const found = onDuty(roster({ timeZone, shifts: list, overrides: changes }), atMs);
          expect(found).toHaveLength(expected.size);
          expect(new Set(found)).toEqual(expected);
        },
      ),
    );
  });

  test('shifts that follow each other leave no gap and no overlap, at any change of the clock', () => {
    const zones = fc.constantFrom(
      'Europe/Berlin',
      'America/New_York',
      'Australia/Lord_Howe',
      'Asia/Shanghai',
      'America/Santiago',
    );
    const cuts = fc.uniqueArray(fc.integer({ min: 0, max: 1439 }), { minLength: 1, maxLength: 5 });
    fc.assert(
      fc.property(zones, cuts, fc.integer({ min: 0, max: 366 * 1440 }), (timeZone, at, minute) => {
        const times = at
          .toSorted((a, b) => a - b)
          .map((m) => `${String(Math.floor(m / 60)).padStart(2, '0')}:${String(m % 60).padStart(2, '0')}`);
        const list = times.map((from, i) => ({
          id: `s${i}`,
          name: 'x',
          weekdays: every,
          from,
          to: times[(i + 1) % times.length]!,
          people: [`p${i}`],
        }));
        expect(onDuty(roster({ timeZone, shifts: list }), Date.UTC(2026, 0, 1) + minute * 60_000)).toHaveLength(1);
      }),
      { numRuns: 300 },
    );
  });
});
