import { join } from 'node:path';
import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import { errorMessage, PlantroomError } from '@plantroom/contracts';
import type { WriteBatch } from '../write-queue.ts';
import { DayAppender } from './day-appender.ts';
import { DayMap, type DayView, HotTable } from './day-map.ts';
import { dayMs, dayOf, parseHotTableName } from './days.ts';
import { openError } from './open-error.ts';
import { PointDictionary } from './point-dictionary.ts';
import type { Segment } from './segment.ts';
import { SegmentFiles } from './segment-files.ts';

// Append-only tables without keys: an index over every sample would cost more than the samples. What is written twice is told apart
// when it is read (the later row counts) and removed when a closed day is compacted.
const tables = `
  CREATE TABLE IF NOT EXISTS points (id INTEGER NOT NULL, point VARCHAR NOT NULL, first_day INTEGER NOT NULL);
  CREATE TABLE IF NOT EXISTS quality (point INTEGER NOT NULL, time BIGINT NOT NULL, code SMALLINT NOT NULL, reason VARCHAR);
`;

/**
 * The hot file (dictionary, quality, and what came since a day was last compacted), the files of the closed days beside it, and the one
 * connection that writes.
 */
export class DuckDbStore {
  readonly points = new PointDictionary();
  readonly days = new DayMap();
  readonly files: SegmentFiles;
  readonly #path: string;
  #writing: Promise<unknown> = Promise.resolve();
  #instance: DuckDBInstance | null = null;
  #writer: DuckDBConnection | null = null;

  constructor(folder: string) {
    this.#path = join(folder, 'history.duckdb');
    this.files = new SegmentFiles(join(folder, 'days'));
  }

  async open(): Promise<void> {
    try {
      this.#instance = await DuckDBInstance.create(this.#path, { threads: '2', memory_limit: '1GB' });
      this.#writer = await this.#instance.connect();
      await this.#writer.run(tables);
      await this.#load(this.#writer);
      for (const segment of await this.files.open(await this.#instance.connect())) this.days.addSegment(segment);
    } catch (error) {
      this.close();
      throw openError(this.#path, error);
    }
  }

  close(): void {
    this.files.close();
    this.days.clear();
    this.#writer?.closeSync();
    this.#writer = null;
    this.#instance?.closeSync();
    this.#instance = null;
  }

  async checkpoint(): Promise<void> {
    await this.#writer?.run('CHECKPOINT');
  }

  /** A connection for one reading: a result that is being streamed does not survive another statement on its connection. */
  async connect(): Promise<DuckDBConnection> {
    if (this.#instance === null) {
      throw new PlantroomError('HISTORIAN_STOPPED', `the historian ${this.#path} is not open`);
    }
    return await this.#instance.connect();
  }

  /** One transaction: all of it is on disk when this resolves, or none. */
  write(batch: WriteBatch): Promise<void> {
    return this.#exclusive((connection) => this.#write(connection, batch));
  }

  /** What the day is made of now; what is written to it from here on goes to another table. */
  closeTables(day: number): Promise<DayView> {
    return this.#exclusive(() => Promise.resolve(this.days.closeTables(day)));
  }

  /** Puts a segment, or nothing, in the place of what the day was made of, and removes that once nobody reads it. */
  async replace(former: DayView, segment: Segment | null): Promise<void> {
    this.days.replace(former, segment);
    for (const table of former.hot) {
      await table.retire();
      await this.#exclusive((connection) => connection.run(`DROP TABLE ${table.name}`));
    }
    if (former.segment !== null) await this.files.remove(former.segment);
  }

  /** Rows of some tables of the hot file. */
  async count(tables: readonly string[]): Promise<number> {
    const connection = await this.connect();
    try {
      const counts = tables.map((table) => `(SELECT count(*) FROM ${table})`);
      const rows = await connection.runAndReadAll(`SELECT ${counts.join(' + ')}`);
      return Number(rows.getRows()[0]?.[0] ?? 0);
    } finally {
      connection.closeSync();
    }
  }

  /** Orders the quality changes by point and time and drops those written twice. */
  async sortQuality(): Promise<void> {
    await this.#exclusive((connection) =>
      connection.run(`
        CREATE OR REPLACE TABLE quality AS
        SELECT point, time, arg_max(code, rowid) AS code, arg_max_null(reason, rowid) AS reason
        FROM quality GROUP BY point, time ORDER BY point, time`),
    );
  }

  /** One after the other: DuckDB lets the second of two transactions on one table fail. */
  async #exclusive<Result>(work: (connection: DuckDBConnection) => Promise<Result>): Promise<Result> {
    const run = this.#writing.then(() => {
      if (this.#writer === null)
        throw new PlantroomError('HISTORIAN_STOPPED', `the historian ${this.#path} is not open`);
      return work(this.#writer);
    });
    this.#writing = run.catch(() => undefined);
    return await run;
  }

  async #write(connection: DuckDBConnection, batch: WriteBatch): Promise<void> {
    const tables = this.#sort(batch);
    await connection.run('BEGIN TRANSACTION');
    try {
      for (const appender of tables) {
        if (!this.days.has(appender.table)) await connection.run(createTable(appender.table));
        await appender.flush(connection);
      }
      await this.#appendQuality(connection, batch);
      await this.#appendPoints(connection);
      await connection.run('COMMIT');
    } catch (error) {
      this.points.rollback();
      await connection.run('ROLLBACK').catch(() => undefined);
      throw new PlantroomError('HISTORIAN_WRITE_FAILED', `${this.#path}: ${errorMessage(error)}`, {
        cause: error,
        retryable: true,
      });
    }
    this.points.commit();
    for (const { table } of tables) if (!this.days.has(table)) this.days.addTable(table);
  }

  #sort(batch: WriteBatch): DayAppender[] {
    const days = new Map<number, DayAppender>();
    let day = Number.NaN;
    let appender: DayAppender | undefined;
    for (const samples of batch.samples) {
      for (const { point, timeMs, value } of samples) {
        const its = dayOf(timeMs);
        if (its !== day || appender === undefined) {
          day = its;
          appender = days.get(day) ?? new DayAppender(this.days.writable(day));
          days.set(day, appender);
        }
        appender.add(this.points.stage(point, day), timeMs - day * dayMs, value);
      }
    }
    return [...days.values()];
  }

  async #appendQuality(connection: DuckDBConnection, batch: WriteBatch): Promise<void> {
    if (batch.quality.length === 0) return;
    const appender = await connection.createAppender('quality');
    for (const { point, timeMs, code, reason } of batch.quality) {
      appender.appendInteger(this.points.stage(point, dayOf(timeMs)));
      appender.appendBigInt(BigInt(timeMs));
      appender.appendSmallInt(code);
      if (reason === null) appender.appendNull();
      else appender.appendVarchar(reason);
      appender.endRow();
    }
    appender.closeSync();
  }

  async #appendPoints(connection: DuckDBConnection): Promise<void> {
    const staged = this.points.staged();
    if (staged.length === 0) return;
    const appender = await connection.createAppender('points');
    for (const [point, { id, firstDay }] of staged) {
      appender.appendInteger(id);
      appender.appendVarchar(point);
      appender.appendInteger(firstDay);
      appender.endRow();
    }
    appender.closeSync();
  }

  async #load(connection: DuckDBConnection): Promise<void> {
    const points = await connection.runAndReadAll(
      'SELECT id, any_value(point), min(first_day) FROM points GROUP BY id ORDER BY id',
    );
    this.points.load(
      points.getRows().map(([id, point, firstDay]) => ({
        id: Number(id),
        point: String(point),
        firstDay: Number(firstDay),
      })),
    );
    const names = await connection.runAndReadAll('SELECT table_name FROM duckdb_tables() ORDER BY table_name');
    for (const [name] of names.getRows()) {
      const table = parseHotTableName(String(name));
      if (table !== undefined) this.days.addTable(new HotTable(table.day, table.number));
    }
  }
}

const createTable = (table: HotTable): string =>
  `CREATE TABLE ${table.name} (point INTEGER NOT NULL, t INTEGER NOT NULL, value DOUBLE NOT NULL)`;
