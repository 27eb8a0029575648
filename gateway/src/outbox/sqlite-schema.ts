import type { DatabaseSync } from 'node:sqlite';
import { dataCheck } from './batch-codec.ts';
import { rowCheck } from './row-check.ts';

export const outboxSchemaVersion = 2;
/** SQLite's own default; said, because what is salvaged from a damaged file is found by it. */
export const pageBytes = 4096;

/**
 * `crc`: rowCheck of the columns before it, of batches without their data, which has its own (`data_crc`). Points stand twice, in the table
 * and whole in its index: nearly every batch needs nearly every one of them.
 */
const tables = `
  CREATE TABLE points (id INTEGER PRIMARY KEY, point TEXT NOT NULL, crc INTEGER NOT NULL);
  CREATE INDEX points_copy ON points (point, crc);
  CREATE TABLE lanes (lane TEXT PRIMARY KEY, base INTEGER NOT NULL, floor INTEGER NOT NULL, position INTEGER NOT NULL, crc INTEGER NOT NULL);
  CREATE TABLE batches (
    lane TEXT NOT NULL, first INTEGER NOT NULL, next INTEGER NOT NULL, from_ms INTEGER NOT NULL, to_ms INTEGER NOT NULL,
    bytes INTEGER NOT NULL, kept TEXT, data_crc INTEGER NOT NULL, crc INTEGER NOT NULL, data BLOB NOT NULL
  );
  CREATE UNIQUE INDEX batches_by_next ON batches (lane, next);
  CREATE INDEX batches_whole ON batches (lane, next) WHERE kept IS NULL;
  CREATE TABLE cursors (uplink TEXT NOT NULL, lane TEXT NOT NULL, position INTEGER NOT NULL, crc INTEGER NOT NULL, PRIMARY KEY (uplink, lane));
  CREATE TABLE holes (
    lane TEXT NOT NULL, reason TEXT NOT NULL, first INTEGER NOT NULL, next INTEGER NOT NULL, from_ms INTEGER NOT NULL,
    to_ms INTEGER NOT NULL, count INTEGER, uplinks TEXT NOT NULL, recorded_ms INTEGER NOT NULL, crc INTEGER NOT NULL
  );
`;

export function createTables(db: DatabaseSync): void {
  db.exec(`PRAGMA page_size = ${pageBytes}; BEGIN; ${tables} PRAGMA user_version = ${outboxSchemaVersion}; COMMIT;`);
}

/** From version 1, which had no check sums. */
export function migrate(db: DatabaseSync): void {
  db.function('row_check', { varargs: true, deterministic: true }, (...columns) => rowCheck(...(columns as number[])));
  db.function('data_check', { deterministic: true }, (data) => dataCheck(data as Uint8Array));
  const old = ['points', 'lanes', 'batches', 'cursors', 'holes'];
  db.exec(`
    BEGIN;
    DROP INDEX batches_by_next; DROP INDEX batches_whole;
    ${old.map((table) => `ALTER TABLE ${table} RENAME TO old_${table};`).join(' ')}
    ${tables}
    INSERT INTO points SELECT id, point, row_check(id, point) FROM old_points;
    INSERT INTO lanes SELECT lane, base, floor, position, row_check(lane, base, floor, position) FROM (
      SELECT lane, base, coalesce((SELECT min(first) FROM old_batches b WHERE b.lane = l.lane), position) AS floor, position FROM old_lanes l
    );
    INSERT INTO batches SELECT lane, first, next, from_ms, to_ms, bytes, kept, data_check(data),
      row_check(lane, first, next, from_ms, to_ms, bytes, kept, data_check(data)), data FROM old_batches;
    INSERT INTO cursors SELECT uplink, lane, position, row_check(uplink, lane, position) FROM old_cursors;
    INSERT INTO holes SELECT lane, 'thinned', first, next, from_ms, to_ms, count, '[]', recorded_ms,
      row_check(lane, 'thinned', first, next, from_ms, to_ms, count, '[]', recorded_ms) FROM old_holes;
    ${old.map((table) => `DROP TABLE old_${table};`).join(' ')}
    PRAGMA user_version = ${outboxSchemaVersion};
    COMMIT;
  `);
}
