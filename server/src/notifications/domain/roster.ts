import type { NotificationRoster, RosterDuty } from '@plantroom/contracts';
import { addDays, dateText, instantOf, type LocalDate, localTime, minutesOf, weekdayOf } from './zoned-time.ts';

/** Who has duty at that moment, each once; in the order of shifts. */
export function onDuty(roster: NotificationRoster, atMs: number): string[] {
  const people = dutiesOn(roster, atMs, atMs + 1).flatMap((duty) => duty.people);
  return [...new Set(people)];
}

/** Shifts that touch [fromMs, toMs), by their beginning. A swap by date takes the place of the pattern. */
export function dutiesOn(roster: NotificationRoster, fromMs: number, toMs: number): RosterDuty[] {
  const last = dateText(localTime(toMs, roster.timeZone));
  // A night shift of the day before reaches into the first day.
  let date: LocalDate = addDays(localTime(fromMs, roster.timeZone), -1);
  const duties: RosterDuty[] = [];
  for (; dateText(date) <= last; date = addDays(date, 1)) duties.push(...dutiesOf(roster, date));
  return duties.filter((duty) => duty.fromMs < toMs && duty.toMs > fromMs).sort((a, b) => a.fromMs - b.fromMs);
}

function dutiesOf(roster: NotificationRoster, date: LocalDate): RosterDuty[] {
  const { timeZone } = roster;
  const day = dateText(date);
  return roster.shifts
    .filter((shift) => shift.weekdays.includes(weekdayOf(date)))
    .map((shift) => {
      const from = minutesOf(shift.from);
      const to = minutesOf(shift.to);
      const override = roster.overrides.find((each) => each.date === day && each.shift === shift.id);
      return {
        shift: shift.id,
        name: shift.name,
        date: day,
        fromMs: instantOf(date, from, timeZone),
        toMs: instantOf(to <= from ? addDays(date, 1) : date, to, timeZone),
        people: override?.people ?? shift.people,
        overridden: override !== undefined,
      };
    });
}
