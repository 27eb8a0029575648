import { zonedMs, zoneOffsetMs } from '@plantroom/contracts';

/** What a field of type datetime-local shows for a time, on the clock of the zone. */
export function zonedInput(ms: number, timeZone: string): string {
  return new Date(ms + zoneOffsetMs(ms, timeZone)).toISOString().slice(0, 16);
}

/** The time that such a field says, UTC ms; null: it is empty or no time. */
export function zonedInputMs(text: string, timeZone: string): number | null {
  const match = /^(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d)/.exec(text);
  if (match === null) return null;
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0] = match.slice(1).map(Number);
  return zonedMs(timeZone, { year, month, day }, hour * 60 + minute);
}
