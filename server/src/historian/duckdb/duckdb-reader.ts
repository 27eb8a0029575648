import type { DuckDBConnection } from '@duckdb/node-api';
import type { HistorySeries } from '@plantroom/contracts';
import type { HistorianSample } from '../historian.ts';
import { type Before, type QualityMark, SeriesFold, type SeriesRange } from '../series-fold.ts';
import { dayMs, dayOf, dayTable } from './days.ts';
import type { DuckDbStore } from './duckdb-store.ts';
import type { KnownPoint } from './point-dictionary.ts';

interface Newest {
  timeMs: number;
  value: number;
}

/** Of rows with the same time the later one counts: rowid breaks the tie. A millisecond of the day has 27 bits, so both fit in 63. */
const newestValue = 'arg_max(value, (t::BIGINT << 36) + rowid)';

export async function readSeries(
  store: DuckDbStore,
  points: readonly string[],
  range: SeriesRange,
): Promise<HistorySeries[]> {
  const known = knownPoints(store, points);
  if (known.size === 0) return points.map((point) => emptySeries(point, range));
  const connection = await store.connect();
  try {
    // One snapshot for the whole answer: days and quality belong together.
    await connection.run('BEGIN TRANSACTION READ ONLY');
    const folds = await openFolds({ store, connection, known, range });
    const first = dayOf(range.fromMs);
    const last = dayOf(range.toMs - 1);
    for (const day of store.days()) {
      if (day < first || day > last) continue;
      await foldDay({ connection, day, range, folds });
      if (every(folds, (fold) => fold.full)) break;
    }
    return points.map((point) => {
      const entry = known.get(point);
      return (entry && folds.get(entry.id)?.finish()) ?? emptySeries(point, range);
    });
  } finally {
    connection.closeSync();
  }
}

export async function readLatest(store: DuckDbStore, points: readonly string[]): Promise<HistorianSample[]> {
  const known = knownPoints(store, points);
  if (known.size === 0) return [];
  const connection = await store.connect();
  try {
    const newest = await newestBefore({ store, connection, known, beforeMs: Number.POSITIVE_INFINITY });
    return [...known].flatMap(([point, { id }]) => {
      const sample = newest.get(id);
      return sample === undefined ? [] : [{ point, ...sample }];
    });
  } finally {
    connection.closeSync();
  }
}

function knownPoints(store: DuckDbStore, points: readonly string[]): Map<string, KnownPoint> {
  const known = new Map<string, KnownPoint>();
  for (const point of points) {
    const entry = store.points.get(point);
    if (entry !== undefined) known.set(point, entry);
  }
  return known;
}

function emptySeries(point: string, range: SeriesRange): HistorySeries {
  return new SeriesFold(point, range, { before: { sample: null, quality: null }, marks: [] }).finish();
}

interface Reading {
  store: DuckDbStore;
  connection: DuckDBConnection;
  known: ReadonlyMap<string, KnownPoint>;
}

async function openFolds(reading: Reading & { range: SeriesRange }): Promise<Map<number, SeriesFold>> {
  const { range, known } = reading;
  const samples = await newestBefore({ ...reading, beforeMs: range.fromMs });
  const marks = await qualityMarks(reading, range);
  const folds = new Map<number, SeriesFold>();
  for (const [point, { id }] of known) {
    const its = marks.get(id) ?? { before: null, within: [] };
    const before: Before = { sample: samples.get(id) ?? null, quality: its.before };
    folds.set(id, new SeriesFold(point, range, { before, marks: its.within }));
  }
  return folds;
}

/** The newest sample of each point before a time; goes back day by day, never past a point's first one. */
async function newestBefore(reading: Reading & { beforeMs: number }): Promise<Map<number, Newest>> {
  const { store, connection, known, beforeMs } = reading;
  const found = new Map<number, Newest>();
  for (const day of store.days().reverse()) {
    if (day * dayMs >= beforeMs) continue;
    const wanted = [...known.values()].filter(({ id, firstDay }) => firstDay <= day && !found.has(id));
    if (wanted.length === 0) continue;
    const untilMs = Math.min(beforeMs - day * dayMs, dayMs);
    const rows = await connection.runAndReadAll(
      `SELECT point, max(t), ${newestValue} FROM ${dayTable(day)} WHERE ${among(wanted)} AND t < ${untilMs} GROUP BY point`,
    );
    for (const [id, t, value] of rows.getRows()) {
      found.set(Number(id), { timeMs: day * dayMs + Number(t), value: Number(value) });
    }
    if (found.size === known.size) break;
  }
  return found;
}

async function qualityMarks(
  { connection, known }: Reading,
  range: SeriesRange,
): Promise<Map<number, { before: QualityMark | null; within: QualityMark[] }>> {
  const marks = new Map<number, { before: QualityMark | null; within: QualityMark[] }>();
  const rows = await connection.runAndReadAll(
    `SELECT point, time::DOUBLE, code, reason FROM quality WHERE ${among([...known.values()])} AND time < ${range.toMs} ORDER BY point, time, rowid`,
  );
  for (const [point, time, code, reason] of rows.getRows()) {
    const id = Number(point);
    const its = marks.get(id) ?? { before: null, within: [] };
    marks.set(id, its);
    const mark = { timeMs: Number(time), code: Number(code), reason: reason === null ? null : String(reason) };
    if (mark.timeMs < range.fromMs) its.before = mark;
    else if (its.within.at(-1)?.timeMs === mark.timeMs) its.within[its.within.length - 1] = mark;
    else its.within.push(mark);
  }
  return marks;
}

async function foldDay(work: {
  connection: DuckDBConnection;
  day: number;
  range: SeriesRange;
  folds: ReadonlyMap<number, SeriesFold>;
}): Promise<void> {
  const { connection, day, range, folds } = work;
  const startMs = day * dayMs;
  const fromMs = Math.max(range.fromMs - startMs, 0);
  const untilMs = Math.min(range.toMs - startMs, dayMs);
  const ids = [...folds.keys()].map((id) => ({ id }));
  const result = await connection.stream(
    `SELECT point, t, value FROM ${dayTable(day)} WHERE ${among(ids)} AND t >= ${fromMs} AND t < ${untilMs} ORDER BY point, t, rowid`,
  );
  let id = Number.NaN;
  let fold: SeriesFold | undefined;
  for (let chunk = await result.fetchChunk(); chunk !== null && chunk.rowCount > 0; chunk = await result.fetchChunk()) {
    const points = chunk.getColumnVector(0);
    const times = chunk.getColumnVector(1);
    const values = chunk.getColumnVector(2);
    for (let row = 0; row < chunk.rowCount; row++) {
      const point = points.getItem(row);
      if (point !== id) {
        id = Number(point);
        fold = folds.get(id);
      }
      fold?.add(startMs + Number(times.getItem(row)), Number(values.getItem(row)));
    }
  }
}

const among = (points: readonly { id: number }[]): string => `point IN (${points.map(({ id }) => id).join(',')})`;

function every(folds: ReadonlyMap<number, SeriesFold>, test: (fold: SeriesFold) => boolean): boolean {
  for (const fold of folds.values()) if (!test(fold)) return false;
  return true;
}
