export const dayMs = 86_400_000;
export const minuteMs = 60_000;
export const hourMs = 3_600_000;
/** Samples lie in one table a UTC day; its time column is the millisecond of the day, which fits 32 bits and packs to two bytes and less. */
const prefix = 'samples_';

/** Days since the epoch. */
export function dayOf(timeMs: number): number {
  return Math.floor(timeMs / dayMs);
}

/** `20260131` */
export function dayName(day: number): string {
  return new Date(day * dayMs).toISOString().slice(0, 10).replaceAll('-', '');
}

/** The day of a name; undefined when it is none. */
export function dayOfName(name: string): number | undefined {
  const match = /^(\d{4})(\d{2})(\d{2})$/.exec(name);
  return match === null ? undefined : Date.UTC(Number(match[1]), Number(match[2]) - 1, Number(match[3])) / dayMs;
}

/** `samples_20260131`, and `samples_20260131_2` for the second table of a day: what comes while the first is being compacted. */
export function hotTableName(day: number, number: number): string {
  return number === 1 ? prefix + dayName(day) : `${prefix}${dayName(day)}_${number}`;
}

/** Day and number of a table's name; undefined when it is another table. */
export function parseHotTableName(table: string): { day: number; number: number } | undefined {
  const match = /^samples_(\d{8})(?:_(\d+))?$/.exec(table);
  const day = dayOfName(match?.[1] ?? '');
  return day === undefined ? undefined : { day, number: Number(match?.[2] ?? 1) };
}
