import { dayName, dayOfName } from './days.ts';
import type { RollUp } from './roll-up.ts';
import { Shared } from './shared.ts';

const extension = '.duckdb';
/** What is not finished; removed when the historian opens. */
const unfinished = { copy: '.part', scratch: '.scratch' };

/**
 * A closed day in a DuckDB file of its own, never changed once it has its name: a day that is compacted again gets the next generation.
 * One file a day, because DuckDB does not give space back to the disk from within a file, and because every checkpoint of the hot file
 * would otherwise write the list of all its tables.
 *
 * - `samples (point, s, ms, single, value)`: ordered by kind of values, point and time, each (point, time) once. Every other point runs backwards in
 *   time: then it does not leap by a day between two points, and its differences pack to half. Second of the day and millisecond apart:
 *   seconds differ by little, and polling keeps the milliseconds of a point alike. Either `single` or `value` is set: a point whose
 *   every value of the day is a 32-bit float packs far better as such (230.1 read from a meter's float register).
 * - `minutes`, `hours`: roll-ups, see roll-up.ts; only for points that have several samples in a bucket, or whose samples are gone.
 * - `points (point, n, raw, last_t, last_value)`: a row for each point of the day, with its last sample; raw false: its samples are gone.
 * - `meta (expired)`: which classes have lost what, see HistoryRetention.
 */
export class Segment extends Shared {
  readonly day: number;
  readonly generation: number;
  readonly path: string;
  /** Set once attached. */
  expired: string | null = null;
  /** Roll-ups of which there is a row; set once attached. */
  rolled: readonly RollUp[] = [];

  constructor(folder: string, day: number, generation: number) {
    super();
    this.day = day;
    this.generation = generation;
    this.path = `${folder}/${dayName(day)}-${generation}${extension}`;
  }

  /** Name of the attached database. */
  get alias(): string {
    return `day_${dayName(this.day)}_${this.generation}`;
  }

  get unfinishedPath(): string {
    return this.path + unfinished.copy;
  }

  get scratchPath(): string {
    return this.path + unfinished.scratch;
  }
}

/** What a file of the folder is: a finished segment, something to remove, or (undefined) not ours. */
export function parseSegmentFile(name: string): { day: number; generation: number } | 'unfinished' | undefined {
  const match = /^(\d{8})-(\d+)\.duckdb(\.part|\.scratch)?(\.wal)?$/.exec(name);
  const day = dayOfName(match?.[1] ?? '');
  if (match === null || day === undefined) return undefined;
  return match[3] === undefined && match[4] === undefined ? { day, generation: Number(match[2]) } : 'unfinished';
}

export const segmentTableNames = ['samples', 'minutes', 'hours', 'points', 'meta'] as const;

export function segmentTables(database: string): string {
  const rollUp =
    'point INTEGER NOT NULL, b SMALLINT NOT NULL, f INTEGER NOT NULL, low DOUBLE NOT NULL, high DOUBLE, last DOUBLE, sum DOUBLE';
  return `
    CREATE TABLE ${database}.samples (point INTEGER NOT NULL, s INTEGER NOT NULL, ms SMALLINT NOT NULL, single FLOAT, value DOUBLE);
    CREATE TABLE ${database}.minutes (${rollUp});
    CREATE TABLE ${database}.hours (${rollUp});
    CREATE TABLE ${database}.points (point INTEGER NOT NULL, n INTEGER NOT NULL, raw BOOLEAN NOT NULL, last_t INTEGER NOT NULL, last_value DOUBLE NOT NULL);
    CREATE TABLE ${database}.meta (expired VARCHAR NOT NULL);
  `;
}

/** `samples` of an attached segment as (point, t, value). */
export const segmentSamples = (segment: Segment): string =>
  `(SELECT point, s * 1000 + ms AS t, coalesce(value, single::DOUBLE) AS value FROM ${segment.alias}.samples)`;
