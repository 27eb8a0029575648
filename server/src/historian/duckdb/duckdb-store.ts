import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import { errorMessage, PlantroomError } from '@plantroom/contracts';
import type { WriteBatch } from '../write-queue.ts';
import { DayAppender } from './day-appender.ts';
import { dayMs, dayOf, dayOfTable, dayTable } from './days.ts';
import { PointDictionary } from './point-dictionary.ts';

// Append-only tables without keys: an index over every sample would cost more than the samples. What is written twice is told apart
// when it is read (the later row counts) and removed when a closed day is compacted.
const tables = `
  CREATE TABLE IF NOT EXISTS points (id INTEGER NOT NULL, point VARCHAR NOT NULL, first_day INTEGER NOT NULL);
  CREATE TABLE IF NOT EXISTS quality (point INTEGER NOT NULL, time BIGINT NOT NULL, code SMALLINT NOT NULL, reason VARCHAR);
`;

/** One DuckDB file: the dictionary, the days, and the one connection that writes. */
export class DuckDbStore {
  readonly points = new PointDictionary();
  readonly #path: string;
  readonly #days = new Set<number>();
  #instance: DuckDBInstance | null = null;
  #writer: DuckDBConnection | null = null;

  constructor(path: string) {
    this.#path = path;
  }

  async open(): Promise<void> {
    try {
      this.#instance = await DuckDBInstance.create(this.#path, { threads: '2', memory_limit: '1GB' });
      this.#writer = await this.#instance.connect();
      await this.#writer.run(tables);
      await this.#load(this.#writer);
    } catch (error) {
      this.close();
      throw openError(this.#path, error);
    }
  }

  close(): void {
    this.#writer?.closeSync();
    this.#writer = null;
    this.#instance?.closeSync();
    this.#instance = null;
  }

  async checkpoint(): Promise<void> {
    await this.#writer?.run('CHECKPOINT');
  }

  /** Days that have a table, oldest first. */
  days(): number[] {
    return [...this.#days].sort((a, b) => a - b);
  }

  /** A connection for one reading: a result that is being streamed does not survive another statement on its connection. */
  async connect(): Promise<DuckDBConnection> {
    if (this.#instance === null) {
      throw new PlantroomError('HISTORIAN_STOPPED', `the historian ${this.#path} is not open`);
    }
    return await this.#instance.connect();
  }

  /** One transaction: all of it is on disk when this resolves, or none. */
  async write(batch: WriteBatch): Promise<void> {
    const connection = this.#writer;
    if (connection === null) throw new PlantroomError('HISTORIAN_STOPPED', `the historian ${this.#path} is not open`);
    const days = this.#sort(batch);
    await connection.run('BEGIN TRANSACTION');
    try {
      for (const [day, appender] of days) {
        if (!this.#days.has(day)) await connection.run(createDay(day));
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
    for (const day of days.keys()) this.#days.add(day);
  }

  #sort(batch: WriteBatch): Map<number, DayAppender> {
    const days = new Map<number, DayAppender>();
    let day = Number.NaN;
    let appender: DayAppender | undefined;
    for (const samples of batch.samples) {
      for (const { point, timeMs, value } of samples) {
        const its = dayOf(timeMs);
        if (its !== day || appender === undefined) {
          day = its;
          appender = days.get(day) ?? new DayAppender(day);
          days.set(day, appender);
        }
        appender.add(this.points.stage(point, day), timeMs - day * dayMs, value);
      }
    }
    return days;
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
    const names = await connection.runAndReadAll('SELECT table_name FROM duckdb_tables()');
    for (const [name] of names.getRows()) {
      const day = dayOfTable(String(name));
      if (day !== undefined) this.#days.add(day);
    }
  }
}

const createDay = (day: number): string =>
  `CREATE TABLE IF NOT EXISTS ${dayTable(day)} (point INTEGER NOT NULL, t INTEGER NOT NULL, value DOUBLE NOT NULL)`;

function openError(path: string, cause: unknown): PlantroomError {
  const message = errorMessage(cause);
  if (/lock/i.test(message)) {
    return new PlantroomError(
      'HISTORIAN_LOCKED',
      `${path} is in use by another process; stop it, or set PLANTROOM_DATA_DIR to another folder (${message})`,
      { cause },
    );
  }
  return new PlantroomError('HISTORIAN_OPEN_FAILED', `cannot open ${path}: ${message}`, { cause });
}
