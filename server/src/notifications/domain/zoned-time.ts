import { zonedMs, zoneOffsetMs } from '@plantroom/contracts';

/** A day of a calendar; months from 1. */
export interface LocalDate {
  year: number;
  month: number;
  day: number;
}

export interface LocalTime extends LocalDate {
  /** Since midnight by the clock on the wall. */
  minutes: number;
}

export function isTimeZone(timeZone: string): boolean {
  try {
    zoneOffsetMs(0, timeZone);
    return true;
  } catch {
    return false;
  }
}

/** What the clock on the wall shows. */
export function localTime(atMs: number, timeZone: string): LocalTime {
  const local = new Date(atMs + zoneOffsetMs(atMs, timeZone));
  return {
    year: local.getUTCFullYear(),
    month: local.getUTCMonth() + 1,
    day: local.getUTCDate(),
    minutes: local.getUTCHours() * 60 + local.getUTCMinutes(),
  };
}

/**
 * The moment at which the clock shows `minutes` of that day. A time that comes twice (summer time ends) is the first one; a time that
 * is left out (it begins) is as long after the change as it would have been. So the end of one shift is always the beginning of the next.
 */
export function instantOf({ year, month, day }: LocalDate, minutes: number, timeZone: string): number {
  return zonedMs(timeZone, { year, month, day }, minutes);
}

export function addDays({ year, month, day }: LocalDate, days: number): LocalDate {
  const date = new Date(Date.UTC(year, month - 1, day + days));
  return { year: date.getUTCFullYear(), month: date.getUTCMonth() + 1, day: date.getUTCDate() };
}

/** ISO: 1 Monday to 7 Sunday. */
export function weekdayOf({ year, month, day }: LocalDate): number {
  return new Date(Date.UTC(year, month - 1, day)).getUTCDay() || 7;
}

/** `2026-11-23` */
export function dateText({ year, month, day }: LocalDate): string {
  return `${String(year).padStart(4, '0')}-${String(month).padStart(2, '0')}-${String(day).padStart(2, '0')}`;
}

/** Whether the text names a day that there is: not 2026-02-30. */
export function isDate(text: string): boolean {
  const [year = 0, month = 0, day = 0] = text.split('-').map(Number);
  return dateText(addDays({ year, month, day }, 0)) === text;
}

/** Of `23:30`: 1410. */
export function minutesOf(clock: string): number {
  const [hours = 0, minutes = 0] = clock.split(':').map(Number);
  return hours * 60 + minutes;
}

/** `2026-11-23 14:05` */
export function dateTimeText(atMs: number, timeZone: string): string {
  const local = localTime(atMs, timeZone);
  const two = (value: number) => String(value).padStart(2, '0');
  return `${dateText(local)} ${two(Math.floor(local.minutes / 60))}:${two(local.minutes % 60)}`;
}
