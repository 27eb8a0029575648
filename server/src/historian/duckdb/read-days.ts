import type { DuckDBConnection } from '@duckdb/node-api';
import type { QualityMark, SeriesFold } from '../series-fold.ts';
import type { DayView } from './day-map.ts';
import { dayMs } from './days.ts';
import { Pieces } from './pieces.ts';
import type { PointRange } from './point-ranges.ts';
import { among, rawSelects } from './raw-select.ts';
import { type RollUp, rollUpMs } from './roll-up.ts';

export interface PointReading extends PointRange {
  id: number;
  fold: SeriesFold;
  marks: readonly QualityMark[];
}

/** A point in a day that has roll-ups of it: which buckets cannot be taken from them. */
interface Rolled {
  reading: PointReading;
  unit: RollUp;
  /** Buckets cut by the range or by server time, with a quality change or a late sample in them. */
  dirty: Set<number>;
}

/**
 * Folds some days, oldest first. What roll-ups can tell is taken from them, and the rest from the samples, so the answer is that of the
 * samples alone.
 */
export async function readDays(
  connection: DuckDBConnection,
  { days, readings }: { days: readonly DayView[]; readings: readonly PointReading[] },
): Promise<void> {
  const pieces = new Pieces(readings);
  const rolled = new Map<string, Rolled>();
  await takeRollUps({ connection, days, readings, pieces, rolled });
  await markLate({ connection, days, rolled });
  await takeDirty({ connection, days, pieces, rolled });
  await streamSamples({ connection, days, readings, pieces, rolled });
  pieces.finish();
}

const key = (day: number, point: number): string => `${day}/${point}`;

interface Work {
  connection: DuckDBConnection;
  days: readonly DayView[];
  readings: readonly PointReading[];
  pieces: Pieces;
  rolled: Map<string, Rolled>;
}

async function takeRollUps({ connection, days, readings, pieces, rolled }: Work): Promise<void> {
  for (const unit of ['minutes', 'hours'] as const) {
    const ms = rollUpMs[unit];
    const mine = new Map(readings.filter((reading) => reading.unit === unit).map((reading) => [reading.id, reading]));
    if (mine.size === 0) continue;
    const { fromMs, toMs } = widest([...mine.values()]);
    const selects = days.flatMap(({ day, segment }) => {
      if (!segment?.rolled.includes(unit)) return [];
      const first = Math.floor((fromMs - day * dayMs) / ms);
      const last = Math.ceil((toMs - day * dayMs) / ms);
      return `SELECT ${day} AS day, point, b, f, low, high, last, sum FROM ${segment.alias}.${unit}
        WHERE ${among(mine.keys())} AND b >= ${first} AND b < ${last}`;
    });
    if (selects.length === 0) continue;
    const rows = await connection.runAndReadAll(`${selects.join(' UNION ALL ')} ORDER BY day, point, b`);
    for (const [dayOf, point, b, f, low, high, last, sum] of rows.getRows()) {
      const reading = mine.get(Number(point));
      if (reading === undefined) continue;
      const day = Number(dayOf);
      const bucketMs = day * dayMs + Number(b) * ms;
      const its = rolled.get(key(day, reading.id)) ?? { reading, unit, dirty: dirtyOf(reading, day, ms) };
      rolled.set(key(day, reading.id), its);
      const fromMs = bucketMs + Number(f);
      const toMs = bucketMs + ms;
      const one = Number(low);
      const constant = high === null;
      pieces.addRollUp(reading.id, bucketMs, {
        fromMs,
        toMs,
        low: one,
        high: constant ? one : Number(high),
        last: constant ? one : Number(last),
        sum: constant ? one * (toMs - fromMs) : Number(sum),
      });
    }
  }
}

function widest(readings: readonly PointReading[]): { fromMs: number; toMs: number } {
  return {
    fromMs: Math.min(...readings.map(({ range }) => range.fromMs)),
    toMs: Math.max(...readings.map(({ range }) => range.toMs)),
  };
}

function dirtyOf({ range, marks }: PointReading, day: number, ms: number): Set<number> {
  const dirty = new Set<number>();
  const cut = (atMs: number): void => {
    const bucketMs = Math.floor(atMs / ms) * ms;
    if (bucketMs >= day * dayMs && bucketMs < (day + 1) * dayMs) dirty.add(bucketMs);
  };
  if (range.fromMs % ms !== 0) cut(range.fromMs);
  if (range.toMs % ms !== 0) cut(range.toMs);
  for (const { timeMs } of marks) cut(timeMs);
  // Nothing is held into the future; only a clock that was set back makes a closed day reach beyond the present.
  for (let atMs = Math.max(range.nowMs, day * dayMs); atMs < Math.min(range.toMs, (day + 1) * dayMs); atMs += ms)
    cut(atMs);
  return dirty;
}

async function markLate({ connection, days, rolled }: Pick<Work, 'connection' | 'days' | 'rolled'>): Promise<void> {
  const selects = days.flatMap(({ day, segment, hot }) => {
    if (segment === null) return [];
    const units = new Map<RollUp, number[]>();
    for (const { reading, unit } of ofDay(rolled, day)) {
      if (!reading.goneDays.has(day)) units.set(unit, [...(units.get(unit) ?? []), reading.id]);
    }
    return hot.flatMap(({ name }) =>
      [...units].map(
        ([unit, ids]) =>
          `SELECT DISTINCT ${day} AS day, point, (t // ${rollUpMs[unit]}) * ${rollUpMs[unit]} FROM ${name} WHERE ${among(ids)}`,
      ),
    );
  });
  if (selects.length === 0) return;
  for (const [day, point, t] of (await connection.runAndReadAll(selects.join(' UNION ALL '))).getRows()) {
    rolled.get(key(Number(day), Number(point)))?.dirty.add(Number(day) * dayMs + Number(t));
  }
}

function ofDay(rolled: ReadonlyMap<string, Rolled>, day: number): Rolled[] {
  return [...rolled].filter(([name]) => name.startsWith(`${day}/`)).map(([, its]) => its);
}

/** Samples in the place of the roll-ups that cannot be used: few, so they are held in memory. */
async function takeDirty({ connection, days, pieces, rolled }: Omit<Work, 'readings'>): Promise<void> {
  const selects: string[] = [];
  for (const view of days) {
    for (const { reading, unit, dirty } of ofDay(rolled, view.day)) {
      if (dirty.size === 0) continue;
      const gone = reading.goneDays.has(view.day);
      // Of what is gone there may be no samples; then the roll-up is the best that is known.
      if (!gone) for (const bucketMs of dirty) pieces.dropRollUp(reading.id, bucketMs);
      const startMs = view.day * dayMs;
      const spans = [...dirty].map(
        (bucketMs) => `(t >= ${bucketMs - startMs} AND t < ${bucketMs - startMs + rollUpMs[unit]})`,
      );
      const where = `point = ${reading.id} AND (${spans.join(' OR ')})`;
      selects.push(...rawSelects(gone ? { ...view, hot: [] } : view, where));
    }
  }
  if (selects.length === 0) return;
  const rows = await connection.runAndReadAll(`${selects.join(' UNION ALL ')} ORDER BY day, point, t, age`);
  for (const [day, point, t, value] of rows.getRows()) {
    const timeMs = Number(day) * dayMs + Number(t);
    const its = rolled.get(key(Number(day), Number(point)));
    if (its === undefined) continue;
    pieces.dropRollUp(its.reading.id, Math.floor(timeMs / rollUpMs[its.unit]) * rollUpMs[its.unit]);
    pieces.addSample(its.reading, timeMs, Number(value));
  }
}

/** All samples of the points that have no roll-ups that day, never more than a few thousand in memory. */
async function streamSamples({ connection, days, readings, pieces, rolled }: Work): Promise<void> {
  const selects = days.flatMap((view) => {
    const startMs = view.day * dayMs;
    return [false, true].flatMap((gone) => {
      const mine = readings.filter(
        ({ id, goneDays }) => !rolled.has(key(view.day, id)) && goneDays.has(view.day) === gone,
      );
      if (mine.length === 0) return [];
      const { fromMs, toMs } = widest(mine);
      const bounds = [
        among(mine.map(({ id }) => id)),
        ...(fromMs > startMs ? [`t >= ${fromMs - startMs}`] : []),
        ...(toMs < startMs + dayMs ? [`t < ${toMs - startMs}`] : []),
      ];
      const where = bounds.join(' AND ');
      return rawSelects(gone ? { ...view, hot: [] } : view, where);
    });
  });
  if (selects.length === 0) return;
  const result = await connection.stream(`${selects.join(' UNION ALL ')} ORDER BY day, point, t, age`);
  for (let chunk = await result.fetchChunk(); chunk !== null && chunk.rowCount > 0; chunk = await result.fetchChunk()) {
    const columns = [0, 1, 2, 3].map((column) => chunk.getColumnVector(column));
    pieces.stream(chunk.rowCount, (column, row) => Number(columns[column]?.getItem(row)));
  }
}
