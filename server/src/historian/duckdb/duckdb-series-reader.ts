import type { DuckDBConnection } from '@duckdb/node-api';
import type { Extremes, PointPast, SeriesReader, TakeSamples, Wanted } from '../series-reader.ts';
import type { DayView, Lease } from './day-map.ts';
import { dayMs, dayOf, hourMs, minuteMs } from './days.ts';
import type { DuckDbStore } from './duckdb-store.ts';
import { newestBefore } from './newest-before.ts';
import { qualityMarks } from './quality-marks.ts';
import { among } from './raw-select.ts';
import {
  countedBuckets,
  inBuckets,
  inHours,
  isSeen,
  lateHours,
  partsOfMinutes,
  type Seen,
  samplesOf,
  see,
  storedHours,
  union,
} from './series-selects.ts';

/** Days joined in one statement. */
const mostDays = 32;
/** Enough values to pay for reading them together, few enough to hide little. */
const partMs = 5 * minuteMs;

/** A cell of the row at hand. */
type Get = (column: number) => number | null;

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
      const stored: Seen = new Map();
      const selects = days.flatMap(({ day, segment }) =>
        segment?.rolled.includes('hours') ? storedHours({ day, segment }, among(ids)) : [],
      );
      await this.#each(union(selects, 'day, point, b'), (get) => rows.take(get, hourMs, stored));
      await this.#each(union(lateHours(days, stored), ''), (get) =>
        rows.spoil(Number(get(1)), Number(get(0)) * dayMs + Number(get(2)) * hourMs),
      );
      const counted = days.flatMap((view) => {
        const missing = ids.filter((id) => !isSeen(stored, view.day, id));
        return missing.length === 0 ? [] : countedBuckets(view, among(missing), hourMs);
      });
      await this.#each(union(counted, 'day, point, b'), (get) => rows.take(get, hourMs, null));
    }
    return rows.byPoint((row) => row.startMs + hourMs > range.fromMs && row.startMs < range.toMs);
  }

  async parts(hours: readonly Wanted[]): Promise<Map<string, Extremes[]>> {
    const rows = new Rows(this.#known([...new Set(hours.map(({ point }) => point))]));
    const byDay = this.#byDay(hours);
    for (const days of await this.#batches(least(byDay), most(byDay))) {
      const missing = new Map(days.map(({ day }) => [day, new Map(byDay.get(day))]));
      const gone = await this.#gone(days);
      const stored: Seen = new Map();
      for (const [ms, isGone] of [
        [minuteMs, true],
        [partMs, false],
      ] as const) {
        const selects = days.flatMap(({ day, segment, hot }) => {
          const its = gone.get(day);
          const wanted = new Map([...(missing.get(day) ?? [])].filter(([id]) => (its?.has(id) ?? false) === isGone));
          // Late samples are not in the roll-ups: such a day is counted from its samples, where it has any.
          if (wanted.size === 0 || !segment?.rolled.includes('minutes') || (hot.length > 0 && !isGone)) return [];
          return partsOfMinutes({ day, segment }, inHours(wanted), ms);
        });
        await this.#each(union(selects, 'day, point, b'), (get) => rows.take(get, ms, stored));
      }
      const counted = days.flatMap((view) => {
        const wanted = new Map([...(missing.get(view.day) ?? [])].filter(([id]) => !isSeen(stored, view.day, id)));
        return wanted.size === 0 ? [] : countedBuckets(view, inHours(wanted), partMs);
      });
      await this.#each(union(counted, 'day, point, b'), (get) => rows.take(get, partMs, null));
    }
    return rows.byPoint();
  }

  async samples(wanted: readonly Wanted[], take: TakeSamples): Promise<void> {
    const known = this.#known([...new Set(wanted.map(({ point }) => point))]);
    const widths = [...new Set(wanted.map(({ startMs, endMs }) => endMs - startMs))].map((ms) => ({
      ms,
      byDay: this.#byDay(wanted.filter(({ startMs, endMs }) => endMs - startMs === ms)),
    }));
    const days = this.#byDay(wanted);
    const views: DayView[] = (await this.#batches(least(days), most(days))).flat();
    const selects = views.flatMap((view) =>
      widths.flatMap(({ ms, byDay }) => {
        const its = byDay.get(view.day);
        return its === undefined ? [] : samplesOf(view, inBuckets(its, ms));
      }),
    );
    const run = new SampleRun(new Map(known.map(({ id, point }) => [id, point])), take);
    const all = union(selects, 'point, t, age');
    const statement = all === null ? null : `SELECT point, t, value FROM (${all})`;
    await this.#each(statement, (get) => run.add(get(0) as number, get(1) as number, get(2) as number));
    run.end();
  }

  /** Day → points of which the samples are gone. */
  async #gone(days: readonly DayView[]): Promise<Map<number, Set<number>>> {
    const selects = days.flatMap(({ day, segment }) =>
      segment === null || segment.expired === ''
        ? []
        : `SELECT ${day} AS day, point FROM ${segment.alias}.points WHERE NOT raw`,
    );
    const gone: Seen = new Map();
    await this.#each(union(selects, ''), (get) => see(gone, Number(get(0)), Number(get(1))));
    return gone;
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
      let row = 0;
      const get: Get = (column) => columns[column]?.getItem(row) as number | null;
      for (; row < chunk.rowCount; row++) take(get);
    }
  }
}

/** Rows by point id, as they come. */
class Rows {
  readonly #rows = new Map<number, { point: string; rows: Map<number, Extremes> }>();

  constructor(known: readonly { id: number; point: string }[]) {
    for (const { id, point } of known) this.#rows.set(id, { point, rows: new Map() });
  }

  /** A row of `bucketColumns`. `seen` notes the point and the day. */
  take(get: Get, ms: number, seen: Seen | null): void {
    const [day, id] = [get(0) as number, get(1) as number];
    if (seen !== null) see(seen, day, id);
    const startMs = day * dayMs + (get(2) as number) * ms;
    const low = get(4) as number;
    this.#rows.get(id)?.rows.set(startMs, {
      startMs,
      endMs: startMs + ms,
      firstMs: day * dayMs + (get(3) as number),
      low,
      high: get(5) ?? low,
      last: get(6) ?? low,
      isExact: true,
    });
  }

  /** There are samples in the hour that its roll-up does not know. */
  spoil(id: number, startMs: number): void {
    const unknown = { low: Number.NaN, high: Number.NaN, last: Number.NaN, isExact: false };
    this.#rows.get(id)?.rows.set(startMs, { startMs, endMs: startMs + hourMs, firstMs: startMs, ...unknown });
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

const least = (days: ReadonlyMap<number, unknown>): number =>
  [...days.keys()].reduce((a, b) => Math.min(a, b), Number.POSITIVE_INFINITY);
const most = (days: ReadonlyMap<number, unknown>): number =>
  [...days.keys()].reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY);
