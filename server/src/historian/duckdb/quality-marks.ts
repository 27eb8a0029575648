import type { DuckDBConnection } from '@duckdb/node-api';
import type { QualityMark } from '../series-fold.ts';
import { among } from './raw-select.ts';

export interface PointMarks {
  before: QualityMark | null;
  within: QualityMark[];
}

/** Quality changes by point: the one in force before the range, and those within. */
export async function qualityMarks(
  connection: DuckDBConnection,
  ids: Iterable<number>,
  { fromMs, toMs }: { fromMs: number; toMs: number },
): Promise<Map<number, PointMarks>> {
  const marks = new Map<number, PointMarks>();
  const rows = await connection.runAndReadAll(
    `SELECT point, time::DOUBLE, code, reason FROM quality WHERE ${among(ids)} AND time < ${toMs} ORDER BY point, time, rowid`,
  );
  for (const [point, time, code, reason] of rows.getRows()) {
    const id = Number(point);
    const its = marks.get(id) ?? { before: null, within: [] };
    marks.set(id, its);
    const mark = { timeMs: Number(time), code: Number(code), reason: reason === null ? null : String(reason) };
    if (mark.timeMs < fromMs) its.before = mark;
    else if (its.within.at(-1)?.timeMs === mark.timeMs) its.within[its.within.length - 1] = mark;
    else its.within.push(mark);
  }
  return marks;
}
