import type { DuckDBConnection } from '@duckdb/node-api';
import type { DayView } from './day-map.ts';
import { dayMs, dayOf, hourMs, minuteMs } from './days.ts';
import { among, rawSelects } from './raw-select.ts';
import type { SegmentFiles } from './segment-files.ts';

export interface Newest {
  timeMs: number;
  value: number;
}

/** Days looked through with one statement: doubled each time, since most points have a sample on the last day. */
const mostDays = 32;

/**
 * The newest sample of each point before a time; goes back day by day, never past a point's first one. Where the samples of a day are gone
 * it is the last of the roll-up that ends before the time, with the time of its bucket's first sample.
 */
export async function newestBefore(search: {
  connection: DuckDBConnection;
  files: SegmentFiles;
  /** Oldest first. */
  days: readonly DayView[];
  points: readonly { id: number; firstDay: number }[];
  beforeMs: number;
}): Promise<Map<number, Newest>> {
  const { connection, files, points, beforeMs } = search;
  const found = new Map<number, Newest>();
  const days = search.days.filter(({ day }) => day * dayMs < beforeMs).toReversed();
  const untilMs = beforeMs - dayOf(beforeMs) * dayMs;
  let batch = 1;
  for (let at = 0; at < days.length; ) {
    const missing = points.filter(({ id }) => !found.has(id));
    if (missing.length === 0) break;
    const some = days.slice(at, at + batch).filter(({ day }) => missing.some(({ firstDay }) => firstDay <= day));
    at += batch;
    batch = Math.min(batch * 2, mostDays);
    if (some.length === 0) continue;
    await files.attach(some.flatMap(({ segment }) => segment ?? []));
    const where = among(missing.map(({ id }) => id));
    const selects = some.flatMap((view) =>
      (view.day + 1) * dayMs <= beforeMs ? wholeDay(view, where) : partOfDay(view, where, untilMs),
    );
    const rows = await connection.runAndReadAll(
      `SELECT point, arg_max(day, (day, t, age)), arg_max(t, (day, t, age)), arg_max(value, (day, t, age))
       FROM (${selects.join(' UNION ALL ')}) GROUP BY point`,
    );
    for (const [id, day, t, value] of rows.getRows()) {
      found.set(Number(id), { timeMs: Number(day) * dayMs + Number(t), value: Number(value) });
    }
  }
  return found;
}

function wholeDay(view: DayView, where: string): string[] {
  const selects = rawSelects({ ...view, segment: null }, where);
  if (view.segment === null) return selects;
  const { alias } = view.segment;
  return [
    ...selects,
    `SELECT ${view.day} AS day, point, last_t AS t, last_value AS value, 0::BIGINT AS age FROM ${alias}.points WHERE ${where}`,
  ];
}

function partOfDay(view: DayView, where: string, untilMs: number): string[] {
  const selects = rawSelects(view, `${where} AND t < ${untilMs}`);
  if (view.segment === null || view.segment.expired === '') return selects;
  for (const [unit, ms] of [
    ['minutes', minuteMs],
    ['hours', hourMs],
  ] as const) {
    selects.push(`
      SELECT ${view.day} AS day, point, b * ${ms} + f AS t, coalesce(last, low) AS value, -1::BIGINT AS age
      FROM ${view.segment.alias}.${unit} WHERE ${where} AND (b + 1) * ${ms} <= ${untilMs}`);
  }
  return selects;
}
