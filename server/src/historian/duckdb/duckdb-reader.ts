import type { DuckDBConnection } from '@duckdb/node-api';
import type { HistorySeries } from '@plantroom/contracts';
import type { HistorianSample, QualityChange } from '../historian.ts';
import { SeriesFold, type SeriesRange } from '../series-fold.ts';
import type { DayView } from './day-map.ts';
import { dayMs, dayOf } from './days.ts';
import type { DuckDbStore } from './duckdb-store.ts';
import { newestBefore } from './newest-before.ts';
import type { KnownPoint } from './point-dictionary.ts';
import { pointRanges } from './point-ranges.ts';
import { qualityMarks } from './quality-marks.ts';
import { type PointReading, readDays } from './read-days.ts';

/** Days of samples read with one statement: doubled each time, since the limit may be reached soon. Buckets need all of the range. */
const firstDays = 8;
const mostDays = 32;

export async function readSeries(
  store: DuckDbStore,
  points: readonly string[],
  range: SeriesRange,
): Promise<HistorySeries[]> {
  const known = knownPoints(store, points);
  if (known.size === 0) return points.map((point) => emptySeries(point, range));
  return await reading(store, dayOf(range.toMs - 1), async (connection, days) => {
    const within = days.filter(({ day }) => day >= dayOf(range.fromMs));
    await store.files.attach(within.flatMap(({ segment }) => segment ?? []));
    const readings = await openFolds({ store, connection, known, range, days, within });
    let batch = range.aggregate === 'raw' ? firstDays : mostDays;
    for (let at = 0; at < within.length; batch = Math.min(batch * 2, mostDays)) {
      const open = [...readings.values()].filter(({ fold }) => !fold.full);
      if (open.length === 0) break;
      await readDays(connection, { days: within.slice(at, at + batch), readings: open });
      at += batch;
    }
    return points.map((point) => {
      const its = readings.get(known.get(point)?.id ?? 0);
      return its === undefined ? emptySeries(point, range) : withGone(its);
    });
  });
}

export async function readLatest(store: DuckDbStore, points: readonly string[]): Promise<HistorianSample[]> {
  const known = knownPoints(store, points);
  if (known.size === 0) return [];
  return await reading(store, Number.POSITIVE_INFINITY, async (connection, days) => {
    const newest = await newestBefore({
      connection,
      files: store.files,
      days,
      points: [...known.values()],
      beforeMs: Number.POSITIVE_INFINITY,
    });
    return [...known].flatMap(([point, { id }]) => {
      const sample = newest.get(id);
      return sample === undefined ? [] : [{ point, ...sample }];
    });
  });
}

export async function readQuality(
  store: DuckDbStore,
  points: readonly string[],
  range: { fromMs: number; toMs: number },
): Promise<QualityChange[]> {
  const known = knownPoints(store, points);
  if (known.size === 0) return [];
  const connection = await store.connect();
  try {
    const marks = await qualityMarks(connection, idsOf(known), range);
    return [...known].flatMap(([point, { id }]) => {
      const { before = null, within = [] } = marks.get(id) ?? {};
      return [...(before === null ? [] : [before]), ...within].map((mark) => ({ point, ...mark }));
    });
  } finally {
    connection.closeSync();
  }
}

/** One snapshot for the whole answer (days and quality belong together), of parts that are not put away meanwhile. */
async function reading<Answer>(
  store: DuckDbStore,
  lastDay: number,
  read: (connection: DuckDBConnection, days: readonly DayView[]) => Promise<Answer>,
): Promise<Answer> {
  const connection = await store.connect();
  const lease = store.days.lease(Number.NEGATIVE_INFINITY, lastDay);
  try {
    await connection.run('BEGIN TRANSACTION READ ONLY');
    return await read(connection, lease.days);
  } finally {
    connection.closeSync();
    lease.release();
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

const idsOf = (known: ReadonlyMap<string, KnownPoint>): number[] => [...known.values()].map(({ id }) => id);

function emptySeries(point: string, range: SeriesRange): HistorySeries {
  return new SeriesFold(point, range, { before: { sample: null, quality: null }, marks: [] }).finish();
}

async function openFolds(work: {
  store: DuckDbStore;
  connection: DuckDBConnection;
  known: ReadonlyMap<string, KnownPoint>;
  range: SeriesRange;
  days: readonly DayView[];
  within: readonly DayView[];
}): Promise<Map<number, PointReading>> {
  const { store, connection, known, range, days } = work;
  const ranges = await pointRanges(connection, { ids: idsOf(known), range, days: work.within });
  const names = new Map([...known].map(([point, entry]) => [entry.id, { point, entry }]));
  const readings = new Map<number, PointReading>();
  // Most often all begin at the same time; only where samples are gone some begin a little earlier.
  for (const fromMs of new Set([...ranges.values()].map((its) => its.range.fromMs))) {
    const mine = [...ranges].filter(([, its]) => its.range.fromMs === fromMs);
    const points = mine.flatMap(([id]) => names.get(id)?.entry ?? []);
    const samples = await newestBefore({ connection, files: store.files, days, points, beforeMs: fromMs });
    const toMs = Math.max(...mine.map(([, its]) => its.range.toMs));
    const marks = await qualityMarks(
      connection,
      mine.map(([id]) => id),
      { fromMs, toMs },
    );
    for (const [id, its] of mine) {
      const { before = null, within = [] } = marks.get(id) ?? {};
      const history = { before: { sample: samples.get(id) ?? null, quality: before }, marks: within };
      const fold = new SeriesFold(names.get(id)?.point ?? '', its.range, history);
      readings.set(id, { id, ...its, fold, marks: within });
    }
  }
  return readings;
}

/** Samples asked for that are kept no longer are a hole with its reason, not an empty line. */
function withGone({ fold, range, goneDays }: PointReading): HistorySeries {
  const series = fold.finish();
  if (range.aggregate !== 'raw' || goneDays.size === 0) return series;
  const gone = [...goneDays].map((day) => ({
    fromMs: Math.max(day * dayMs, range.fromMs),
    toMs: Math.min((day + 1) * dayMs, range.toMs),
    reason: 'expired',
  }));
  return { ...series, holes: [...series.holes, ...gone].sort((a, b) => a.fromMs - b.fromMs) };
}
