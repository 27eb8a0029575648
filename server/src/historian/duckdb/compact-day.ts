import type { DuckDBConnection } from '@duckdb/node-api';
import type { Expired } from '../retention.ts';
import type { DayView } from './day-map.ts';
import { dayMs, hourMs } from './days.ts';
import type { DuckDbStore } from './duckdb-store.ts';
import { rollUpSelect, worthwhileSamples } from './roll-up.ts';
import { segmentSamples } from './segment.ts';

/** Samples sorted at once: bounds the memory, and lets writers and readers have their turn in between. */
const defaultChunkSamples = 1_000_000;

export interface CompactOptions {
  store: DuckDbStore;
  day: number;
  expired: (point: number) => Expired;
  /** What `expired` stands for, kept with the segment. */
  signature: string;
  /** Left out: a million. */
  chunkSamples?: number;
}

/**
 * Writes a closed day anew as one segment: ordered, each (point, time) once, with its roll-ups, without what has expired. The newest row
 * wins. Whatever moment the process is killed at, either the former parts are there or the new segment is; when both are, they say the
 * same, because what the hot tables hold is applied to the segment once more.
 */
export async function compactDay(options: CompactOptions): Promise<void> {
  const { store, day } = options;
  const former = await store.closeTables(day);
  const { segment } = former;
  segment?.use();
  const connection = await store.connect();
  try {
    if (segment !== null) await store.files.attach([segment]);
    const plan = await planOf(connection, former, options);
    let next = null;
    if (plan.some(({ hour }) => !hour)) {
      next = await store.files.build(
        { day, generation: (segment?.generation ?? 0) + 1, expired: options.signature },
        async (database) => {
          // One transaction: committed piecemeal, the file would be left with holes where half-filled row groups were written anew.
          await connection.run('BEGIN TRANSACTION');
          for (const chunk of chunksOf(plan, options.chunkSamples ?? defaultChunkSamples)) {
            await fillChunk({ connection, former, database, chunk });
          }
          await connection.run('COMMIT');
        },
      );
    }
    segment?.release();
    await store.replace(former, next);
  } catch (error) {
    segment?.release();
    throw error;
  } finally {
    connection.closeSync();
  }
}

/** One point of the day: how many rows, whether the segment has lost its samples already, and what it is to lose now. */
interface PlannedPoint extends Expired {
  /** Order in the file. */
  place: number;
  point: number;
  rows: number;
  /** Every value is a 32-bit float. */
  single: boolean;
  /** False: only roll-ups are left of what the segment had, so late samples cannot be added to them any more. */
  whole: boolean;
}

async function planOf(
  connection: DuckDBConnection,
  { segment, hot }: DayView,
  { expired }: CompactOptions,
): Promise<PlannedPoint[]> {
  const samples = hot.map(({ name }) => `SELECT point, value FROM ${name}`);
  let lost = 'SELECT 0 WHERE false';
  if (segment !== null) {
    samples.push(`SELECT point, value FROM ${segmentSamples(segment)}`);
    lost = `SELECT point FROM ${segment.alias}.points WHERE NOT raw`;
  }
  const rows = await connection.runAndReadAll(`
    SELECT point, sum(n), coalesce(min(kind), 0) AS kind, point NOT IN (${lost}) FROM (
      SELECT point, count(*) AS n, ${kindOf} AS kind FROM (${samples.join(' UNION ALL ')}) GROUP BY point
      ${segment === null ? '' : `UNION ALL SELECT point, 0, NULL FROM ${segment.alias}.points`}
    ) GROUP BY point ORDER BY kind, point`);
  return rows.getRows().map(([point, n, kind, whole], place) => ({
    place,
    point: Number(point),
    rows: Number(n),
    single: Number(kind) > 0,
    whole: Boolean(whole),
    ...expired(Number(point)),
  }));
}

/**
 * 0: not every value is a 32-bit float; 1: whole numbers; 2: decimals; 3: any. Alike lie side by side, because a block is packed as its
 * most difficult values need it.
 */
const kindOf = `CASE
  WHEN NOT bool_and(abs(value) < 3e38 AND value::FLOAT::DOUBLE = value) THEN 0
  WHEN bool_and(value = trunc(value)) THEN 1
  WHEN bool_and(round(value, 4)::FLOAT::DOUBLE = value) THEN 2
  ELSE 3 END`;

function* chunksOf(plan: readonly PlannedPoint[], most: number): Generator<PlannedPoint[]> {
  let chunk: PlannedPoint[] = [];
  let rows = 0;
  for (const planned of plan) {
    if (planned.hour) continue;
    if (chunk.length > 0 && rows + planned.rows > most) {
      yield chunk;
      chunk = [];
      rows = 0;
    }
    chunk.push(planned);
    rows += planned.rows;
  }
  if (chunk.length > 0) yield chunk;
}

interface Filling {
  connection: DuckDBConnection;
  former: DayView;
  /** The segment being built. */
  database: string;
  chunk: readonly PlannedPoint[];
}

async function fillChunk(filling: Filling): Promise<void> {
  const { connection, former, database, chunk } = filling;
  await connection.run(
    'DROP TABLE IF EXISTS temp.plan; DROP TABLE IF EXISTS temp.merged; DROP TABLE IF EXISTS temp.counted',
  );
  await connection.run(
    'CREATE TEMP TABLE plan (place INTEGER, point INTEGER, single BOOLEAN, whole BOOLEAN, raw_gone BOOLEAN, minute_gone BOOLEAN)',
  );
  const rows = chunk.map(
    ({ place, point, single, whole, raw, minute }) => `(${place}, ${point}, ${single}, ${whole}, ${raw}, ${minute})`,
  );
  await connection.run(`INSERT INTO temp.plan VALUES ${rows.join(',')}`);
  await connection.run(`CREATE TEMP TABLE merged AS ${mergedSelect(filling)}`);
  await connection.run(`CREATE TEMP TABLE counted AS ${countedSelect}`);
  // A point that loses its samples keeps those of the hours in which its quality changed: no roll-up can tell those exactly.
  const startMs = former.day * dayMs;
  const marked = `SELECT point, (time - ${startMs}) // ${hourMs} FROM quality WHERE time >= ${startMs} AND time < ${startMs + dayMs}`;
  await connection.run(`
    INSERT INTO ${database}.samples
    SELECT point, t // 1000, t % 1000, CASE WHEN single THEN value::FLOAT END, CASE WHEN NOT single THEN value END
    FROM temp.merged JOIN temp.counted USING (point)
    WHERE NOT raw_gone OR (point, t // ${hourMs}) IN (${marked})
    ORDER BY place, CASE WHEN place % 2 = 0 THEN t ELSE -t END`);
  for (const unit of ['minutes', 'hours'] as const) {
    const samples = `(SELECT m.* FROM temp.merged m JOIN temp.counted USING (point) WHERE ${unit})`;
    await connection.run(`INSERT INTO ${database}.${unit} ${rollUpSelect(unit, samples)}`);
    if (former.segment === null) continue;
    await connection.run(`
      INSERT INTO ${database}.${unit} SELECT r.* FROM ${former.segment.alias}.${unit} r JOIN temp.plan USING (point)
      WHERE NOT whole ${unit === 'minutes' ? 'AND NOT minute_gone' : ''} ORDER BY point, b`);
  }
  await connection.run(`
    INSERT INTO ${database}.points
    SELECT point, n, NOT raw_gone, last_t, last_value FROM temp.counted WHERE whole ORDER BY point`);
  if (former.segment !== null) {
    await connection.run(`
      INSERT INTO ${database}.points
      SELECT p.* FROM ${former.segment.alias}.points p JOIN temp.plan USING (point) WHERE NOT whole ORDER BY point`);
  }
  await connection.run('DROP TABLE temp.plan; DROP TABLE temp.merged; DROP TABLE temp.counted');
}

/** All rows of the chunk's points, each (point, t) once. Late samples of points that have lost theirs are left out. */
function mergedSelect({ former }: Filling): string {
  const parts = former.hot.map(
    ({ name, number }) => `
      SELECT point, t, value, (${number}::BIGINT << 44) + rowid AS age FROM ${name}
      WHERE point IN (SELECT point FROM temp.plan WHERE whole)`,
  );
  if (former.segment !== null) {
    const mine = 'point IN (SELECT point FROM temp.plan)';
    parts.push(`SELECT point, t, value, 0::BIGINT AS age FROM ${segmentSamples(former.segment)} WHERE ${mine}`);
  }
  return `SELECT point, t, arg_max(value, age) AS value FROM (${parts.join(' UNION ALL ')}) GROUP BY point, t`;
}

/** What each point of the chunk is written with. */
const countedSelect = `
  SELECT place, point, n, single, whole, raw_gone, last_t, last_value,
    whole AND NOT minute_gone AND (raw_gone OR n >= ${worthwhileSamples} * minutes_with) AS minutes,
    whole AND (raw_gone OR n >= ${worthwhileSamples} * hours_with) AS hours
  FROM temp.plan JOIN (
    SELECT point, count(*) AS n, max(t) AS last_t, arg_max(value, t) AS last_value,
      count(DISTINCT t // 60000) AS minutes_with, count(DISTINCT t // 3600000) AS hours_with
    FROM temp.merged GROUP BY point
  ) USING (point)`;
