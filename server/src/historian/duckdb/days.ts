export const dayMs = 86_400_000;
/** Samples lie in one table a UTC day; its time column is the millisecond of the day, which fits 32 bits and packs to about a byte. */
const prefix = 'samples_';

/** Days since the epoch. */
export function dayOf(timeMs: number): number {
  return Math.floor(timeMs / dayMs);
}

/** `samples_20260131` */
export function dayTable(day: number): string {
  return prefix + new Date(day * dayMs).toISOString().slice(0, 10).replaceAll('-', '');
}

/** The day of a table's name; undefined when it is another table. */
export function dayOfTable(table: string): number | undefined {
  const match = /^samples_(\d{4})(\d{2})(\d{2})$/.exec(table);
  if (match === null) return undefined;
  return Date.UTC(Number(match[1]), Number(match[2]) - 1, Number(match[3])) / dayMs;
}
