import type { DayView } from './day-map.ts';
import { segmentSamples } from './segment.ts';

/** `point IN (…)` */
export const among = (points: Iterable<number>): string => `point IN (${[...points].join(',')})`;

/**
 * SELECTs of one day's samples as (day, point, t, value, age), to be joined by UNION ALL: of rows with the same point and time the one with the
 * highest age counts. Age is 0 in the segment; a table has less than 2^44 rows, and a day less than 2^19 tables.
 */
export function rawSelects(view: Pick<DayView, 'day' | 'segment' | 'hot'>, where: string): string[] {
  const { day, segment, hot } = view;
  const selects = hot.map(
    ({ name, number }) =>
      `SELECT ${day} AS day, point, t, value, (${number}::BIGINT << 44) + rowid AS age FROM ${name} WHERE ${where}`,
  );
  if (segment === null) return selects;
  const first = `SELECT ${day} AS day, point, t, value, 0::BIGINT AS age FROM ${segmentSamples(segment)} WHERE ${where}`;
  return [first, ...selects];
}
