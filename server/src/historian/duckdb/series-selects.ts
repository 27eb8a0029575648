import type { DayView } from './day-map.ts';
import { dayMs, hourMs, minuteMs } from './days.ts';
import { among, rawSelects } from './raw-select.ts';
import type { Segment } from './segment.ts';

/** Day → points. */
export type Seen = Map<number, Set<number>>;

export const isSeen = (seen: Seen, day: number, id: number): boolean => seen.get(day)?.has(id) === true;

export function see(seen: Seen, day: number, id: number): void {
  const its = seen.get(day);
  if (its === undefined) seen.set(day, new Set([id]));
  else its.add(id);
}

interface ClosedDay {
  day: number;
  segment: Segment;
}

/** SELECTs of this file that tell of buckets give (day, point, bucket of the day, first ms of the day, low, high, last); no high and last: as low. */
export function storedHours({ day, segment }: ClosedDay, where: string): string {
  return `SELECT ${day} AS day, point, b, b * ${hourMs} + f, low, high, last FROM ${segment.alias}.hours WHERE ${where}`;
}

/** Minutes, or several of them together. */
export function partsOfMinutes({ day, segment }: ClosedDay, where: string, ms: number): string {
  const many = ms / minuteMs;
  return `SELECT ${day} AS day, point, b // ${many} AS b, min(b * ${minuteMs} + f), min(low), max(coalesce(high, low)),
      arg_max(coalesce(last, low), b)
    FROM (SELECT *, b * ${minuteMs} AS t FROM ${segment.alias}.minutes) WHERE ${where} GROUP BY point, b // ${many}`;
}

/** Hours of closed days that have got late samples, as (day, point, hour). */
export function lateHours(days: readonly DayView[], stored: Seen): string[] {
  return days.flatMap(({ day, segment, hot }) => {
    const its = stored.get(day);
    if (segment === null || its === undefined) return [];
    return hot.map(
      ({ name }) => `SELECT DISTINCT ${day} AS day, point, t // ${hourMs} FROM ${name} WHERE ${among(its)}`,
    );
  });
}

/** What no roll-up is kept of (the open day, points with few samples) is counted from the samples. */
export function countedBuckets(view: DayView, where: string, ms: number): string {
  const raw = rawSelects(view, where).join(' UNION ALL ');
  const once =
    view.hot.length === 0
      ? `SELECT point, t, value FROM (${raw})`
      : `SELECT point, t, arg_max(value, age) AS value FROM (${raw}) GROUP BY point, t`;
  return `SELECT ${view.day} AS day, point, t // ${ms} AS b, min(t), min(value), max(value), arg_max(value, t)
    FROM (${once}) GROUP BY point, b`;
}

/** (point, t, value, age), times since the epoch. As doubles: a 64-bit integer would come as an object each. */
export function samplesOf(view: DayView, where: string): string {
  const raw = rawSelects(view, where).join(' UNION ALL ');
  return `SELECT point, t + ${view.day * dayMs}::DOUBLE AS t, value, age FROM (${raw})`;
}

/** Of each point some buckets, by their beginning in the day. */
export function inBuckets(wanted: ReadonlyMap<number, readonly number[]>, ms: number): string {
  const rows = [...wanted].flatMap(([id, times]) => times.map((t) => `(${id},${t / ms})`));
  return `${among(wanted.keys())} AND (point, t // ${ms}) IN (VALUES ${rows.join(',')})`;
}

export const inHours = (wanted: ReadonlyMap<number, readonly number[]>): string => inBuckets(wanted, hourMs);

export const union = (selects: readonly string[], order: string): string | null =>
  selects.length === 0 ? null : selects.join(' UNION ALL ') + (order === '' ? '' : ` ORDER BY ${order}`);
