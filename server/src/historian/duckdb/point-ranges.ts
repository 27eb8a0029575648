import type { DuckDBConnection } from '@duckdb/node-api';
import { bucketStart, type SeriesRange } from '../series-fold.ts';
import type { DayView } from './day-map.ts';
import { hourMs, minuteMs } from './days.ts';
import { among } from './raw-select.ts';
import { type RollUp, rollUpMs } from './roll-up.ts';

/** What a point is asked for, as far as the store can still tell it. */
export interface PointRange {
  range: SeriesRange;
  /** The roll-up that answers it; null: the samples. */
  unit: RollUp | null;
  /** Days of which the samples are gone. */
  goneDays: ReadonlySet<number>;
}

/**
 * Buckets finer than what is left of some day in the range are widened to it, and the range with them: a coarser answer that is exact,
 * not a finer one that is made up.
 */
export async function pointRanges(
  connection: DuckDBConnection,
  asked: { ids: readonly number[]; range: SeriesRange; days: readonly DayView[] },
): Promise<Map<number, PointRange>> {
  const { ids, range, days } = asked;
  const gone = new Map(ids.map((id) => [id, { days: new Set<number>(), leastMs: 1 }]));
  const selects = days.flatMap(({ day, segment }) =>
    segment === null || segment.expired === ''
      ? []
      : `SELECT ${day}, point, EXISTS (SELECT 1 FROM ${segment.alias}.minutes m WHERE m.point = p.point)
         FROM ${segment.alias}.points p WHERE NOT raw AND ${among(ids)}`,
  );
  if (selects.length > 0) {
    for (const [day, point, minutes] of (await connection.runAndReadAll(selects.join(' UNION ALL '))).getRows()) {
      const its = gone.get(Number(point));
      its?.days.add(Number(day));
      if (its !== undefined) its.leastMs = Math.max(its.leastMs, minutes ? minuteMs : hourMs);
    }
  }
  return new Map([...gone].map(([id, its]) => [id, { ...widened(range, its.leastMs), goneDays: its.days }]));
}

function widened(range: SeriesRange, leastMs: number): { range: SeriesRange; unit: RollUp | null } {
  if (range.aggregate === 'raw') return { range, unit: null };
  const up = (ms: number): number => Math.ceil(ms / leastMs) * leastMs;
  const wide =
    leastMs === 1
      ? range
      : {
          ...range,
          fromMs: bucketStart(range.fromMs, leastMs),
          toMs: up(range.toMs),
          resolutionMs: up(range.resolutionMs),
        };
  const unit = (['hours', 'minutes'] as const).find((each) => wide.resolutionMs % rollUpMs[each] === 0) ?? null;
  return { range: wide, unit };
}
