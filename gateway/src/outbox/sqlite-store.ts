import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { type BatchStore, batchBytes, type StoreContents, type StoredBatch, type StoredHole } from './batch-store.ts';
import type { StoredLane } from './outbox.ts';

export const outboxSchemaVersion = 1;

const schema = `
  CREATE TABLE points (id INTEGER PRIMARY KEY, point TEXT NOT NULL UNIQUE);
  CREATE TABLE lanes (lane TEXT PRIMARY KEY, base INTEGER NOT NULL, position INTEGER NOT NULL);
  CREATE TABLE batches (
    lane TEXT NOT NULL, first INTEGER NOT NULL, next INTEGER NOT NULL, from_ms INTEGER NOT NULL, to_ms INTEGER NOT NULL,
    bytes INTEGER NOT NULL, kept TEXT, data BLOB NOT NULL
  );
  CREATE UNIQUE INDEX batches_by_next ON batches (lane, next);
  CREATE INDEX batches_whole ON batches (lane, next) WHERE kept IS NULL;
  CREATE TABLE cursors (uplink TEXT NOT NULL, lane TEXT NOT NULL, position INTEGER NOT NULL, PRIMARY KEY (uplink, lane));
  CREATE TABLE holes (
    lane TEXT NOT NULL, first INTEGER NOT NULL, next INTEGER NOT NULL, from_ms INTEGER NOT NULL, to_ms INTEGER NOT NULL,
    count INTEGER NOT NULL, recorded_ms INTEGER NOT NULL
  );
  PRAGMA user_version = ${outboxSchemaVersion};
`;

interface BatchRow {
  lane: StoredLane;
  first: number;
  next: number;
  fromMs: number;
  toMs: number;
  kept: string | null;
  data: Uint8Array;
}

const batchColumns = 'lane, first, next, from_ms AS fromMs, to_ms AS toMs, kept, data';

/**
 * One SQLite file. WAL, so that an append is one sequential write. Appends run with synchronous=FULL: in WAL mode NORMAL leaves the
 * last transactions in the system's cache, which survives kill -9 but not a power cut (sqlite.org/pragma.html#pragma_synchronous),
 * and "produced" means stored. One fsync per append, at most ten a second in the steady state. What may be lost without harm
 * (a cursor: the receiver drops what it has) is written with NORMAL.
 */
export class SqliteStore implements BatchStore {
  readonly #db: DatabaseSync;
  readonly #statements = new Map<string, StatementSync>();
  #durable: boolean | undefined;

  constructor(db: DatabaseSync) {
    this.#db = db;
  }

  /** `firstPosition`: where counting begins in a file that has no contents yet. */
  prepare(firstPosition: number): void {
    this.#db.exec('PRAGMA journal_mode = WAL');
    const { user_version: version } = this.#run('PRAGMA user_version').get() as { user_version: number };
    if (version === 0) {
      this.#db.exec(`BEGIN; ${schema} COMMIT;`);
      for (const lane of ['safety', 'live'])
        this.#run('INSERT INTO lanes VALUES (?, ?, ?)').run(lane, firstPosition, firstPosition);
    }
  }

  load(): StoreContents {
    const lanes = this.#run('SELECT lane, base, position FROM lanes').all() as unknown as {
      lane: StoredLane;
      base: number;
      position: number;
    }[];
    const contents: StoreContents = {
      points: [],
      positions: { safety: 0, live: 0 },
      bases: { safety: 0, live: 0 },
      cursors: this.#run('SELECT uplink, lane, position FROM cursors').all() as unknown as StoreContents['cursors'],
      holes: this.#run(
        'SELECT lane, first, next, from_ms AS fromMs, to_ms AS toMs, count, recorded_ms AS recordedMs FROM holes ORDER BY rowid',
      ).all() as unknown as StoredHole[],
      bytes: (this.#run('SELECT coalesce(sum(bytes), 0) AS bytes FROM batches').get() as { bytes: number }).bytes,
    };
    for (const { lane, base, position } of lanes) {
      contents.positions[lane] = position;
      contents.bases[lane] = base;
    }
    for (const row of this.#run('SELECT id, point FROM points').all() as unknown as { id: number; point: string }[])
      contents.points[row.id] = row.point;
    return contents;
  }

  transaction(work: () => void, options: { durable: boolean }): void {
    if (this.#durable !== options.durable) {
      this.#db.exec(`PRAGMA synchronous = ${options.durable ? 'FULL' : 'NORMAL'}`);
      this.#durable = options.durable;
    }
    this.#db.exec('BEGIN IMMEDIATE');
    try {
      work();
      this.#db.exec('COMMIT');
    } catch (error) {
      if (this.#db.isTransaction) this.#db.exec('ROLLBACK');
      throw error;
    }
  }

  addPoint(id: number, point: string): void {
    this.#run('INSERT INTO points (id, point) VALUES (?, ?)').run(id, point);
  }

  addBatch(batch: StoredBatch): void {
    const { lane, first, next, fromMs, toMs, kept, data } = batch;
    this.#run(
      'INSERT INTO batches (lane, first, next, from_ms, to_ms, bytes, kept, data) VALUES (?, ?, ?, ?, ?, ?, ?, ?)',
    ).run(lane, first, next, fromMs, toMs, batchBytes(batch), kept === null ? null : JSON.stringify(kept), data);
  }

  removeBatch(lane: StoredLane, next: number): void {
    this.#run('DELETE FROM batches WHERE lane = ? AND next = ?').run(lane, next);
  }

  batchesAfter(lane: StoredLane, position: number, limit: number): StoredBatch[] {
    return this.#batches(
      this.#run(`SELECT ${batchColumns} FROM batches WHERE lane = ? AND next > ? ORDER BY next LIMIT ?`).all(
        lane,
        position,
        limit,
      ),
    );
  }

  oldest(lane: StoredLane, limit: number, options: { thinned: boolean }): StoredBatch[] {
    const whole = options.thinned ? '' : 'AND kept IS NULL';
    return this.#batches(
      this.#run(`SELECT ${batchColumns} FROM batches WHERE lane = ? ${whole} ORDER BY next LIMIT ?`).all(lane, limit),
    );
  }

  oldestEndMs(lane: StoredLane): number | undefined {
    const row = this.#run('SELECT to_ms AS toMs FROM batches WHERE lane = ? ORDER BY next LIMIT 1').get(lane);
    return (row as { toMs: number } | undefined)?.toMs;
  }

  removeBefore(lane: StoredLane, position: number): number {
    const { bytes } = this.#run(
      'SELECT coalesce(sum(bytes), 0) AS bytes FROM batches WHERE lane = ? AND next <= ?',
    ).get(lane, position) as { bytes: number };
    if (bytes > 0) this.#run('DELETE FROM batches WHERE lane = ? AND next <= ?').run(lane, position);
    return bytes;
  }

  savePosition(lane: StoredLane, position: number): void {
    this.#run('UPDATE lanes SET position = ? WHERE lane = ?').run(position, lane);
  }

  saveCursor(uplink: string, lane: StoredLane, position: number): void {
    this.#run('INSERT OR REPLACE INTO cursors (uplink, lane, position) VALUES (?, ?, ?)').run(uplink, lane, position);
  }

  removeCursors(uplink: string): void {
    this.#run('DELETE FROM cursors WHERE uplink = ?').run(uplink);
  }

  saveHoles(holes: readonly StoredHole[]): void {
    this.#db.exec('DELETE FROM holes');
    const insert = this.#run('INSERT INTO holes VALUES (?, ?, ?, ?, ?, ?, ?)');
    for (const { lane, first, next, fromMs, toMs, count, recordedMs } of holes)
      insert.run(lane, first, next, fromMs, toMs, count, recordedMs);
  }

  close(): void {
    this.#statements.clear();
    this.#db.close();
  }

  #batches(rows: unknown[]): StoredBatch[] {
    return (rows as BatchRow[]).map((row) => ({
      ...row,
      kept: row.kept === null ? null : (JSON.parse(row.kept) as number[]),
    }));
  }

  #run(sql: string): StatementSync {
    let statement = this.#statements.get(sql);
    if (statement === undefined) {
      statement = this.#db.prepare(sql);
      this.#statements.set(sql, statement);
    }
    return statement;
  }
}
