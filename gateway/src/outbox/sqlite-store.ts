import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type { OutboxHole } from '@plantroom/contracts';
import type { BatchStore, LaneState, Mark, StoreContents, StoredBatch, StoredCursor } from './batch-store.ts';
import { StoreDamage } from './damage.ts';
import { untold } from './holes.ts';
import { type StoredLane, storedLanes } from './outbox.ts';
import {
  batchHeadOf,
  batchOf,
  batchRow,
  cursorOf,
  cursorRow,
  holeOf,
  holeRow,
  laneOf,
  laneRow,
  pointOf,
  pointRow,
  type RawRow,
} from './sqlite-rows.ts';

const headColumns = 'lane, first, next, from_ms, to_ms, bytes, kept, data_crc, crc';
const batchColumns = `${headColumns}, data`;

/**
 * One SQLite file. WAL, so that an append is one sequential write. Appends run with synchronous=FULL: in WAL mode NORMAL leaves the
 * last transactions in the system's cache, which survives kill -9 but not a power cut (sqlite.org/pragma.html#pragma_synchronous),
 * and "produced" means stored. One fsync per append, at most ten a second in the steady state. What may be lost without harm
 * (a cursor: the receiver drops what it has) is written with NORMAL.
 */
export class SqliteStore implements BatchStore {
  readonly #db: DatabaseSync;
  readonly #mark: { write(mark: Mark): void; close(): void } | undefined;
  readonly #statements = new Map<string, StatementSync>();
  #durable: boolean | undefined;

  /** `mark` left out: none is kept. */
  constructor(db: DatabaseSync, mark?: { write(mark: Mark): void; close(): void }) {
    this.#db = db;
    this.#mark = mark;
  }

  load(): StoreContents {
    const points: (string | undefined)[] = [];
    for (const row of this.#rows('SELECT id, point, crc FROM points ORDER BY id', pointOf)) points[row.id] = row.point;
    const found = this.#rows('SELECT lane, base, floor, position, crc FROM lanes', laneOf);
    const laneNamed = (name: StoredLane): LaneState => {
      const row = found.find(({ lane }) => lane === name);
      if (row === undefined) throw new StoreDamage(`the positions of the ${name} lane are missing`);
      const { base, floor, position } = row;
      return { base, floor, position };
    };
    const contents: StoreContents = {
      points: Array.from(points),
      lanes: { safety: laneNamed('safety'), live: laneNamed('live') },
      cursors: this.#rows('SELECT uplink, lane, position, crc FROM cursors', cursorOf),
      holes: this.#rows(
        'SELECT lane, reason, first, next, from_ms, to_ms, count, uplinks, recorded_ms, crc FROM holes ORDER BY rowid',
        holeOf,
      ),
      bytes: 0,
    };
    for (const lane of storedLanes) contents.bytes += this.#checkedBytes(lane, contents);
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
      // A full disk ends the transaction by itself; a rollback that fails leaves the first reason the true one.
      if (this.#db.isTransaction) attempt(() => this.#db.exec('ROLLBACK'));
      throw error;
    }
  }

  addPoint(id: number, point: string): void {
    this.#run('INSERT INTO points (id, point, crc) VALUES (?, ?, ?)').run(...pointRow(id, point));
  }

  addBatch(batch: StoredBatch): void {
    this.#run(`INSERT INTO batches (${batchColumns}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`).run(...batchRow(batch));
  }

  removeBatch(lane: StoredLane, next: number): void {
    this.#run('DELETE FROM batches WHERE lane = ? AND next = ?').run(lane, next);
  }

  batchesAfter(lane: StoredLane, position: number, limit: number): StoredBatch[] {
    return this.oldest(lane, limit, { thinned: true, after: position });
  }

  oldest(lane: StoredLane, limit: number, { thinned, after = 0 }: { thinned: boolean; after?: number }): StoredBatch[] {
    const whole = thinned ? '' : 'AND kept IS NULL';
    return this.#rows(
      `SELECT ${batchColumns} FROM batches WHERE lane = ? AND next > ? ${whole} ORDER BY next LIMIT ?`,
      batchOf,
      lane,
      after,
      limit,
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

  saveLane(lane: StoredLane, state: LaneState): void {
    this.#run('INSERT OR REPLACE INTO lanes (lane, base, floor, position, crc) VALUES (?, ?, ?, ?, ?)').run(
      ...laneRow(lane, state),
    );
  }

  saveCursor(cursor: StoredCursor): void {
    this.#run('INSERT OR REPLACE INTO cursors (uplink, lane, position, crc) VALUES (?, ?, ?, ?)').run(
      ...cursorRow(cursor),
    );
  }

  removeCursors(uplink: string): void {
    this.#run('DELETE FROM cursors WHERE uplink = ?').run(uplink);
  }

  saveHoles(holes: readonly OutboxHole[]): void {
    this.#db.exec('DELETE FROM holes');
    const insert = this.#run('INSERT INTO holes VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)');
    for (const hole of holes) insert.run(...holeRow(hole));
  }

  mark(mark: Mark): void {
    this.#mark?.write(mark);
  }

  close(): void {
    this.#statements.clear();
    this.#mark?.close();
    if (this.#db.isOpen) this.#db.close();
  }

  /** Every reading from the floor to the position has to be in a batch or in a hole. */
  #checkedBytes(lane: StoredLane, { lanes, holes }: StoreContents): number {
    const { floor, position } = lanes[lane];
    let bytes = 0;
    let at = floor;
    const check = (first: number): void => {
      const [gap] = untold(holes, { lane, from: at, next: first });
      if (gap !== undefined)
        throw new StoreDamage(`readings ${gap.from} to ${gap.next} of the ${lane} lane are missing`);
    };
    const heads = this.#run(`SELECT ${headColumns} FROM batches WHERE lane = ? ORDER BY next`);
    heads.setReturnArrays(true);
    for (const row of heads.iterate(lane)) {
      const head = batchHeadOf(row as unknown as RawRow);
      if (head === undefined) throw new StoreDamage(`a batch of the ${lane} lane does not fit its check sum`);
      if (head.first > at) check(head.first);
      at = Math.max(at, head.next);
      bytes += head.bytes;
    }
    if (at > position)
      throw new StoreDamage(`the ${lane} lane holds readings up to ${at}, its position is ${position}`);
    check(position);
    return bytes;
  }

  #rows<T>(sql: string, read: (row: RawRow) => T | undefined, ...parameters: (string | number)[]): T[] {
    const statement = this.#run(sql);
    statement.setReturnArrays(true);
    return (statement.all(...parameters) as unknown as RawRow[]).map((row) => {
      const value = read(row);
      if (value === undefined) throw new StoreDamage('a row does not fit its check sum');
      return value;
    });
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

function attempt(call: () => void): void {
  try {
    call();
  } catch {
    // Whoever asked knows of the failure that came before.
  }
}
