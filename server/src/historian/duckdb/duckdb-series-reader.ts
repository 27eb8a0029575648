import type { DuckDBConnection } from '@duckdb/node-api';
import type { Extremes, PointPast, SeriesReader, TakeSamples, Wanted } from '../series-reader.ts';
import type { DayView, Lease } from './day-map.ts';
import { dayMs, dayOf, hourMs, minuteMs } from './days.ts';
import type { DuckDbStore } from './duckdb-store.ts';
import { newestBefore } from './newest-before.ts';
import { qualityMarks } from './quality-marks.ts';
import { among, rawSelects } from './raw-select.ts';

/** Days joined in one statement. */
const mostDays = 32;

type Get = (column: number) => unknown;

/** Reads the roll-ups themselves, never folded into an answer: whoever asks needs to know what a bucket can hide. */
export class DuckDbSeriesReader implements SeriesReader {
  readonly #store: DuckDbStore;
  readonly #connection: DuckDBConnection;
  readonly #lease: Lease;

  private constructor(store: DuckDbStore, connection: DuckDBConnection, lease: Lease) {
    this.#store = store;
    this.#connection = connection;
    this.#lease = lease;
  }

  static async open(store: DuckDbStore): Promise<DuckDbSeriesReader> {
    const connection = await store.connect();
    const lease = store.days.lease(Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY);
    try {
      await connection.run('BEGIN TRANSACTION READ ONLY');
    } catch (error) {
      connection.closeSync();
      lease.release();
      throw error;
    }
    return new DuckDbSeriesReader(store, connection, lease);
  }

  close(): void {
    this.#connection.closeSync();
    this.#lease.release();
  }

  async past(points: readonly string[], range: { fromMs: number; toMs: number }): Promise<Map<string, PointPast>> {
    const known = this.#known(points);
    const past = new Map<string, PointPast>();
    for (const point of points) past.set(point, { before: { sample: null, quality: null }, marks: [] });
    if (known.length === 0) return past;
    const samples = await newestBefore({
      connection: this.#connection,
      files: this.#store.files,
      days: this.#lease.days,
      points: known,
      beforeMs: range.fromMs,
    });
    const ids = known.map(({ id }) => id);
    const marks = await qualityMarks(this.#connection, ids, range);
    for (const { id, point } of known) {
      const { before = null, within = [] } = marks.get(id) ?? {};
      past.set(point, { before: { sample: samples.get(id) ?? null, quality: before }, marks: within });
    }
    return past;
  }

  async hours(points: readonly string[], range: { fromMs: number; toMs: number }): Promise<Map<string, Extremes[]>> {
    const known = this.#known(points);
    const rows = new Rows(known);
    if (known.length === 0) return rows.byPoint();
    const ids = known.map(({ id }) => id);
    for (const days of await this.#batches(dayOf(range.fromMs), dayOf(range.toMs - 1))) {
      const stored = new Map<number, Set<number>>();
      const takeStored = (get: Get): void => {
        const day = Number(get(0));
        const its = stored.get(day) ?? new Set();
        stored.set(day, its.add(Number(get(1))));
        takeRollUp(rows, get, hourMs);
      };
      const selects = days.flatMap(({ day, segment }) =>
        segment?.rolled.includes('hours')
          ? `SELECT ${day} AS day, point, b, f, low, high, last FROM ${segment.alias}.hours WHERE ${among(ids)}`
          : [],
      );
      await this.#each(union(selects, 'day, point, b'), takeStored);
      await this.#each(union(lateBuckets(days, stored), ''), (get) => rows.spoil(Number(get(1)), Number(get(2))));
      await this.#each(union(countedHours(days, { ids, stored }), 'day, point, b'), (get) => {
        const [day, point, b, first] = [Number(get(0)), Number(get(1)), Number(get(2)), Number(get(3))];
        rows.add(point, {
          startMs: day * dayMs + b * hourMs,
          firstMs: day * dayMs + first,
          low: Number(get(4)),
          high: Number(get(5)),
          last: Number(get(6)),
          isExact: true,
        });
      });
    }
    return rows.byPoint((row) => row.startMs + hourMs > range.fromMs && row.startMs < range.toMs);
  }

  async minutes(hours: readonly Wanted[]): Promise<Map<string, Extremes[]>> {
    const rows = new Rows(this.#known([...new Set(hours.map(({ point }) => point))]));
    const byDay = this.#byDay(hours);
    for (const days of await this.#batches(least(byDay), most(byDay))) {
      const selects = days.flatMap(({ day, segment, hot }) => {
        const wanted = byDay.get(day);
        // Late samples are not in the roll-ups: such a day is read from its samples.
        if (wanted === undefined || hot.length > 0 || !segment?.rolled.includes('minutes')) return [];
        return `SELECT ${day} AS day, point, b, f, low, high, last FROM ${segment.alias}.minutes
          WHERE ${among(wanted.keys())} AND (point, b // 60) IN (${pairs(wanted, hourMs)})`;
      });
      await this.#each(union(selects, 'day, point, b'), (get) => takeRollUp(rows, get, minuteMs));
    }
    return rows.byPoint();
  }

  async samples(wanted: readonly Wanted[], take: TakeSamples): Promise<void> {
    const known = this.#known([...new Set(wanted.map(({ point }) => point))]);
    const names = new Map(known.map(({ id, point }) => [id, point]));
    const units = (['hour', 'minute'] as const).map((unit) => ({
      ms: unit === 'hour' ? hourMs : minuteMs,
      byDay: this.#byDay(wanted.filter((each) => each.unit === unit)),
    }));
    const all = this.#byDay(wanted);
    const views: DayView[] = (await this.#batches(least(all), most(all))).flat();
    const selects = views.flatMap((view) =>
      units.flatMap(({ ms, byDay }) => {
        const its = byDay.get(view.day);
        if (its === undefined) return [];
        return rawSelects(view, `${among(its.keys())} AND (point, t // ${ms}) IN (${pairs(its, ms)})`);
      }),
    );
    const run = new SampleRun(names, take);
    await this.#each(union(selects, 'point, day, t, age'), (get) =>
      run.add(Number(get(1)), Number(get(0)) * dayMs + Number(get(2)), Number(get(3))),
    );
    run.end();
  }

  #known(points: readonly string[]): { id: number; firstDay: number; point: string }[] {
    return points.flatMap((point) => {
      const entry = this.#store.points.get(point);
      return entry === undefined ? [] : { ...entry, point };
    });
  }

  /** Day → point → bucket times. */
  #byDay(wanted: readonly Wanted[]): Map<number, Map<number, number[]>> {
    const days = new Map<number, Map<number, number[]>>();
    for (const { point, startMs } of wanted) {
      const id = this.#store.points.get(point)?.id;
      if (id === undefined) continue;
      const day = dayOf(startMs);
      const points = days.get(day) ?? new Map<number, number[]>();
      days.set(day, points);
      const list = points.get(id);
      if (list === undefined) points.set(id, [startMs - day * dayMs]);
      else list.push(startMs - day * dayMs);
    }
    return days;
  }

  async #batches(first: number, last: number): Promise<DayView[][]> {
    const days = this.#lease.days.filter(({ day }) => day >= first && day <= last);
    await this.#store.files.attach(days.flatMap(({ segment }) => segment ?? []));
    const batches: DayView[][] = [];
    for (let at = 0; at < days.length; at += mostDays) batches.push(days.slice(at, at + mostDays));
    return batches;
  }

  /** Row by row, never more than a few thousand of them in memory; between two chunks others have their turn. */
  async #each(statement: string | null, take: (get: Get) => void): Promise<void> {
    if (statement === null) return;
    const result = await this.#connection.stream(statement);
    for (
      let chunk = await result.fetchChunk();
      chunk !== null && chunk.rowCount > 0;
      chunk = await result.fetchChunk()
    ) {
      const columns = Array.from({ length: chunk.columnCount }, (_, column) => chunk.getColumnVector(column));
      for (let row = 0; row < chunk.rowCount; row++) take((column) => columns[column]?.getItem(row));
    }
  }
}

/** Rows by point id, as they come. */
class Rows {
  readonly #rows = new Map<number, { point: string; rows: Map<number, Extremes> }>();

  constructor(known: readonly { id: number; point: string }[]) {
    for (const { id, point } of known) this.#rows.set(id, { point, rows: new Map() });
  }

  add(id: number, row: Extremes): void {
    this.#rows.get(id)?.rows.set(row.startMs, row);
  }

  /** There are samples in the bucket that its roll-up does not know. */
  spoil(id: number, startMs: number): void {
    this.add(id, { startMs, firstMs: startMs, low: Number.NaN, high: Number.NaN, last: Number.NaN, isExact: false });
  }

  byPoint(keep: (row: Extremes) => boolean = () => true): Map<string, Extremes[]> {
    const sorted = (rows: Map<number, Extremes>) =>
      [...rows.values()].filter(keep).sort((a, b) => a.startMs - b.startMs);
    return new Map([...this.#rows.values()].map(({ point, rows }) => [point, sorted(rows)]));
  }
}

/** Hands the samples on point by point. */
class SampleRun {
  readonly #names: ReadonlyMap<number, string>;
  readonly #take: TakeSamples;
  readonly #times: number[] = [];
  readonly #values: number[] = [];
  #id = Number.NaN;

  constructor(names: ReadonlyMap<number, string>, take: TakeSamples) {
    this.#names = names;
    this.#take = take;
  }

  add(id: number, timeMs: number, value: number): void {
    if (id !== this.#id || this.#times.length >= 2_048) this.end(timeMs, id);
    this.#id = id;
    const last = this.#times.length - 1;
    // Of two at one time the one written later counts.
    if (this.#times[last] === timeMs) this.#values[last] = value;
    else {
      this.#times.push(timeMs);
      this.#values.push(value);
    }
  }

  end(nextMs?: number, nextId?: number): void {
    const isSame = nextId === this.#id && this.#times.at(-1) === nextMs;
    const held = isSame ? { time: this.#times.pop(), value: this.#values.pop() } : null;
    const point = this.#names.get(this.#id);
    if (point !== undefined && this.#times.length > 0) this.#take(point, this.#times, this.#values);
    this.#times.length = 0;
    this.#values.length = 0;
    if (held?.time !== undefined && held.value !== undefined) {
      this.#times.push(held.time);
      this.#values.push(held.value);
    }
  }
}

function takeRollUp(rows: Rows, get: Get, ms: number): void {
  const startMs = Number(get(0)) * dayMs + Number(get(2)) * ms;
  const low = Number(get(4));
  const high = get(5);
  rows.add(Number(get(1)), {
    startMs,
    firstMs: startMs + Number(get(3)),
    low,
    high: high === null ? low : Number(high),
    last: high === null ? low : Number(get(6)),
    isExact: true,
  });
}

/** Hours of closed days that have got late samples. */
function lateBuckets(days: readonly DayView[], stored: ReadonlyMap<number, ReadonlySet<number>>): string[] {
  return days.flatMap(({ day, segment, hot }) => {
    const its = stored.get(day);
    if (segment === null || its === undefined || its.size === 0) return [];
    return hot.map(
      ({ name }) =>
        `SELECT DISTINCT ${day} AS day, point, ${day * dayMs}::BIGINT + (t // ${hourMs}) * ${hourMs} FROM ${name} WHERE ${among(its)}`,
    );
  });
}

/** What no roll-up is kept of (the open day, points with few samples) is counted from the samples. */
function countedHours(
  days: readonly DayView[],
  { ids, stored }: { ids: readonly number[]; stored: ReadonlyMap<number, ReadonlySet<number>> },
): string[] {
  return days.flatMap((view) => {
    const missing = ids.filter((id) => stored.get(view.day)?.has(id) !== true);
    if (missing.length === 0) return [];
    const raw = rawSelects(view, among(missing)).join(' UNION ALL ');
    const once =
      view.hot.length === 0
        ? `SELECT point, t, value FROM (${raw})`
        : `SELECT point, t, arg_max(value, age) AS value FROM (${raw}) GROUP BY point, t`;
    return `SELECT ${view.day} AS day, point, t // ${hourMs} AS b, min(t), min(value), max(value), arg_max(value, t)
      FROM (${once}) GROUP BY point, b`;
  });
}

const union = (selects: readonly string[], order: string): string | null =>
  selects.length === 0 ? null : selects.join(' UNION ALL ') + (order === '' ? '' : ` ORDER BY ${order}`);

/** `(VALUES (point, bucket), …)` */
function pairs(wanted: ReadonlyMap<number, readonly number[]>, ms: number): string {
  const rows = [...wanted].flatMap(([id, times]) => times.map((t) => `(${id},${t / ms})`));
  return `VALUES ${rows.join(',')}`;
}

const least = (days: ReadonlyMap<number, unknown>): number =>
  [...days.keys()].reduce((a, b) => Math.min(a, b), Number.POSITIVE_INFINITY);
const most = (days: ReadonlyMap<number, unknown>): number =>
  [...days.keys()].reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY);
