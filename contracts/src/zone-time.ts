const formats = new Map<string, Intl.DateTimeFormat>();

function formatOf(timeZone: string): Intl.DateTimeFormat {
  let format = formats.get(timeZone);
  if (format === undefined) {
    format = new Intl.DateTimeFormat('en-GB', {
      timeZone,
      hourCycle: 'h23',
      year: 'numeric',
      month: '2-digit',
      day: '2-digit',
      hour: '2-digit',
      minute: '2-digit',
      second: '2-digit',
    });
    formats.set(timeZone, format);
  }
  return format;
}

/** What a clock of the zone shows, by the names of `Intl`: year, month, day, hour, minute, second, in digits. */
export function zonedParts(ms: number, timeZone: string): Record<string, string> {
  return Object.fromEntries(
    formatOf(timeZone)
      .formatToParts(ms)
      .map(({ type, value }) => [type, value]),
  );
}

/** How far the zone's clock is ahead of UTC at that time, ms. */
export function zoneOffsetMs(ms: number, timeZone: string): number {
  const part: Record<string, number> = {};
  for (const { type, value } of formatOf(timeZone).formatToParts(ms)) part[type] = Number(value);
  const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = part;
  return Date.UTC(year, month - 1, day, hour, minute, second) - Math.floor(ms / 1000) * 1000;
}

/** UTC ms at which a clock of the zone shows this date and time; of a time that is there twice the first, of one that is skipped the next. */
export function zonedMs(timeZone: string, date: { year: number; month: number; day: number }, minutes: number): number {
  const local = Date.UTC(date.year, date.month - 1, date.day) + minutes * 60_000;
  const early = local - zoneOffsetMs(local - day, timeZone);
  const late = local - zoneOffsetMs(local + day, timeZone);
  const candidates = [early, late].filter((ms) => ms + zoneOffsetMs(ms, timeZone) === local);
  return candidates.length > 0 ? Math.min(...candidates) : Math.max(early, late);
}

const day = 86_400_000;

/** The date that a clock of the zone shows. */
export function zonedDate(ms: number, timeZone: string): { year: number; month: number; day: number } {
  const local = new Date(ms + zoneOffsetMs(ms, timeZone));
  return { year: local.getUTCFullYear(), month: local.getUTCMonth() + 1, day: local.getUTCDate() };
}

/** Midnights of the zone from the last one at or before `fromMs` up to the first at or after `toMs`. */
export function zonedDays(fromMs: number, toMs: number, timeZone: string): number[] {
  const days: number[] = [];
  const first = zonedDate(fromMs, timeZone);
  for (let count = 0; ; count++) {
    const noon = new Date(Date.UTC(first.year, first.month - 1, first.day + count, 12));
    const date = { year: noon.getUTCFullYear(), month: noon.getUTCMonth() + 1, day: noon.getUTCDate() };
    const start = zonedMs(timeZone, date, 0);
    days.push(start);
    if (start >= toMs) return days;
  }
}
