import { writeFileSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { type Logger, type Reading, silentLogger, VirtualClock } from '@plantroom/contracts';
import { afterAll, expect, test } from 'vitest';
import { Batcher } from '../pipeline/batcher.ts';
import { BatchOutbox } from './batch-outbox.ts';
import { outboxOptions, reading } from './outbox-contract.ts';
import { openSqliteOutbox } from './sqlite-outbox.ts';
import { createTables } from './sqlite-schema.ts';
import { SqliteStore } from './sqlite-store.ts';
import { OutboxFolders } from './test-helpers/field-book.ts';

const folders = new OutboxFolders();
afterAll(() => folders.remove());

/** An outbox over a database that may be told how large it may grow, which fails as a full disk does (SQLITE_FULL). */
function outboxOnSmallDisk() {
  const clock = new VirtualClock();
  const errors: string[] = [];
  const logger: Logger = { ...silentLogger, error: (_, message) => errors.push(message) };
  const file = folders.newFile();
  const db = new DatabaseSync(file, { timeout: 0 });
  createTables(db);
  db.exec('PRAGMA journal_mode = WAL');
  const store = new SqliteStore(db);
  for (const lane of ['safety', 'live'] as const) store.saveLane(lane, { base: 0, floor: 0, position: 0 });
  const outbox = new BatchOutbox(store, outboxOptions({ clock, logger }));
  const pages = (count: number): void => db.exec(`PRAGMA max_page_count = ${count}`);
  return { clock, errors, file, logger, outbox, pages };
}

const readingsOf = (clock: VirtualClock, first: number, count: number): Reading[] =>
  Array.from({ length: count }, (_, i) => reading(`p${i % 20}`, clock.nowMs() + i, first + i));

test('a full disk refuses appends with one error, loses nothing that was taken, and takes again when there is room', () => {
  const { clock, errors, outbox, pages } = outboxOnSmallDisk();
  pages(24);
  let stored = 0;
  const fill = (): void => {
    for (let i = 0; i < 1000; i++) stored = outbox.append('live', readingsOf(clock, stored, 200));
  };
  expect(fill).toThrow(/200 readings were not stored.*full.*OUTBOX_APPEND/);
  expect(fill).toThrow(/OUTBOX_APPEND/);
  expect(stored).toBeGreaterThan(1000);
  expect(outbox.stats()).toMatchObject({ refusing: expect.stringContaining('full'), produced: { live: stored } });
  expect(errors).toHaveLength(1);
  expect(outbox.read('live', 0, 1e6)?.readings.map(({ value }) => value)).toEqual(
    Array.from({ length: stored }, (_, i) => i),
  );

  pages(1000);
  expect(outbox.append('live', readingsOf(clock, stored, 10))).toBe(stored + 10);
  expect(outbox.stats().refusing).toBeNull();
  expect(outbox.holes()).toEqual([]);
  outbox.close();
});

test('a point that was first seen in an append that was refused is stored with the next one', () => {
  const { clock, file, outbox, pages } = outboxOnSmallDisk();
  outbox.append('live', readingsOf(clock, 0, 10));
  pages(1);
  const first = [reading('new-point'.repeat(400), clock.nowMs(), 1)];
  expect(() => outbox.append('live', first)).toThrow(/OUTBOX_APPEND/);
  pages(1000);
  outbox.append('live', first);
  outbox.close();
  const again = openSqliteOutbox(file, outboxOptions({ clock }));
  expect(again.read('live', 10, 9)?.readings).toEqual(first);
  again.close();
});

test('a commit that the disk does not take is no error of the uplink; it is told and stored later', () => {
  const { clock, errors, file, outbox } = outboxOnSmallDisk();
  outbox.append('live', readingsOf(clock, 0, 100));
  const other = new DatabaseSync(file);
  other.exec('BEGIN IMMEDIATE');
  clock.advance(2000);
  for (const uplink of ['influx', 'sparkplug']) outbox.commit(uplink, 'live', 100);
  expect(outbox.committed('influx', 'live')).toBe(100);
  expect(outbox.stats().refusing).toMatch(/locked/);
  expect(() => outbox.append('live', readingsOf(clock, 100, 1))).toThrow(/locked.*OUTBOX_APPEND/);
  expect(errors).toHaveLength(1);
  other.exec('ROLLBACK');
  other.close();
  outbox.append('live', readingsOf(clock, 100, 1));
  expect(outbox.stats()).toMatchObject({ refusing: null, pending: { influx: { live: 1 } } });
  outbox.close();
  const again = openSqliteOutbox(file, outboxOptions({ clock }));
  expect(again.committed('influx', 'live')).toBe(100);
  again.close();
});

test('while the disk is full polling goes on: readings wait in memory and are stored in their order', () => {
  const { clock, outbox, pages } = outboxOnSmallDisk();
  const batcher = new Batcher(outbox, { clock, logger: silentLogger });
  pages(1);
  for (let i = 0; i < 50; i++) {
    for (const each of readingsOf(clock, i * 100, 100)) batcher.add('live', each);
    batcher.settle();
    clock.advance(1000);
  }
  const { waiting, dropped } = batcher.stats();
  expect(waiting).toBeGreaterThan(3000);
  expect(dropped).toBe(0);
  pages(10_000);
  clock.advance(1000);
  expect(batcher.stats().waiting).toBe(0);
  expect(outbox.read('live', 0, 1e6)?.readings.map(({ value }) => value)).toEqual(
    Array.from({ length: 5000 }, (_, i) => i),
  );
  outbox.close();
});

test('what memory cannot hold while the disk is full is told as a hole when there is room again', () => {
  const { clock, file, outbox, pages } = outboxOnSmallDisk();
  const batcher = new Batcher(outbox, { clock, logger: silentLogger });
  pages(1);
  const startMs = clock.nowMs();
  for (let i = 0; i < 250; i++) {
    for (const each of readingsOf(clock, i * 1000, 1000)) batcher.add('live', each);
    clock.advance(1000);
  }
  const { dropped } = batcher.stats();
  expect(dropped).toBeGreaterThan(0);
  pages(100_000);
  clock.advance(1000);
  outbox.close();
  const again = openSqliteOutbox(file, outboxOptions({ clock }));
  expect(again.holes()).toMatchObject([
    { lane: 'live', reason: 'not-stored', count: dropped, fromMs: startMs, uplinks: ['influx', 'sparkplug'] },
  ]);
  expect(again.position('live')).toBe(250_000 - dropped);
  again.close();
});

test('a second gateway on the same file is refused, the first goes on; a damaged lock is no reason to refuse', () => {
  const file = folders.newFile();
  const clock = new VirtualClock();
  const held = openSqliteOutbox(file, outboxOptions({ clock }));
  held.append('live', readingsOf(clock, 0, 10));
  expect(() => openSqliteOutbox(file, outboxOptions({ clock }))).toThrow(/cannot open ".*locked.*OUTBOX_OPEN/);
  held.append('live', readingsOf(clock, 10, 10));
  held.close();
  writeFileSync(`${file}.lock`, 'not a database, and longer than the header of one would be: '.repeat(20));
  const again = openSqliteOutbox(file, outboxOptions({ clock }));
  expect(again.position('live')).toBe(20);
  again.close();
});
