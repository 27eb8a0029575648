import { existsSync, readdirSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { type Logger, silentLogger } from '@plantroom/contracts';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Outbox } from './outbox.ts';
import { outboxOptions, reading } from './outbox-contract.ts';
import { openSqliteOutbox } from './sqlite-outbox.ts';
import { FieldBook, OutboxFolders } from './test-helpers/field-book.ts';

const folders = new OutboxFolders();
afterAll(() => folders.remove());

const open = (file: string, book: FieldBook, logger: Logger = silentLogger): Outbox =>
  openSqliteOutbox(file, outboxOptions({ clock: book.clock, logger }));

/** Main file and log both hold something, rows of one page and of many, two uplinks at different places. */
function fill(file: string): { book: FieldBook; outbox: Outbox } {
  const book = new FieldBook();
  const first = open(file, book);
  for (let i = 0; i < 25; i++) {
    book.append(first, 'live', i % 10 === 9 ? 3000 : 40);
    if (i % 4 === 0) book.append(first, 'safety', 3);
  }
  book.commit(first, 'influx', { lane: 'live', to: 100 });
  book.commit(first, 'sparkplug', { lane: 'live', to: 60 });
  first.close();
  const second = open(file, book);
  for (let i = 0; i < 12; i++) {
    book.append(second, 'live', i === 5 ? 2000 : 25);
    if (i % 3 === 0) book.append(second, 'safety', 2);
  }
  book.commit(second, 'influx', { lane: 'live', to: 500 });
  book.append(second, 'live', 10);
  return { book, outbox: second };
}

let source: string;
let truth: FieldBook;
beforeAll(() => {
  const file = folders.newFile();
  const filled = fill(file);
  // As a crash leaves it, with its log.
  source = folders.copy(file);
  truth = filled.book;
  filled.outbox.close();
});

/** Opens what is left, compares, goes on, opens again. */
function verifyOpening(file: string): void {
  const outbox = open(file, truth);
  try {
    truth.verify(outbox);
    const at = outbox.position('live');
    outbox.append('live', [reading('after', truth.clock.nowMs())]);
    expect(outbox.read('live', at, 9)?.readings).toMatchObject([{ point: 'tower/pump-1/after' }]);
  } finally {
    outbox.close();
  }
  const again = open(file, truth);
  expect(again.stats().repairs).toBe(0);
  again.close();
}

test('a copy of the files of a running outbox holds everything that had been appended', () => {
  const file = folders.copy(source);
  const outbox = open(file, truth);
  truth.verify(outbox);
  expect(outbox.holes()).toEqual([]);
  outbox.close();
});

test('bytes overwritten anywhere: no crash, no wrong value, no silent loss', () => {
  const sizes = { '': statSync(source).size, '-wal': statSync(`${source}-wal`).size, '.mark': 1024 };
  fc.assert(
    fc.property(
      fc.constantFrom<keyof typeof sizes>('', '', '-wal', '-wal', '.mark'),
      fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
      fc.uint8Array({ minLength: 1, maxLength: 300 }),
      (suffix, place, garbage) => {
        const file = folders.copy(source);
        const bytes = readFileSync(file + suffix);
        bytes.set(
          garbage.subarray(0, bytes.length),
          Math.min(Math.floor(place * sizes[suffix]), bytes.length - garbage.length),
        );
        writeFileSync(file + suffix, bytes);
        verifyOpening(file);
        rmSync(dirname(file), { recursive: true });
      },
    ),
    { numRuns: 60, seed: 7, endOnFailure: true },
  );
}, 120_000);

test('files cut off anywhere: no crash, no wrong value, no silent loss', () => {
  fc.assert(
    fc.property(
      fc.constantFrom('', '-wal'),
      fc.oneof(fc.constantFrom(0, 1), fc.double({ min: 0, max: 1, noNaN: true })),
      (suffix, share) => {
        const file = folders.copy(source);
        truncateSync(file + suffix, Math.floor(statSync(file + suffix).size * share));
        verifyOpening(file);
        rmSync(dirname(file), { recursive: true });
      },
    ),
    { numRuns: 30, seed: 7, endOnFailure: true },
  );
}, 120_000);

test('every page of the file overwritten in turn costs no more than what lay there', () => {
  const pages = Math.floor(statSync(source).size / 4096);
  for (let page = 0; page < pages; page++) {
    const file = folders.copy(source);
    const bytes = readFileSync(file);
    bytes.fill(0xa5, page * 4096, (page + 1) * 4096);
    writeFileSync(file, bytes);
    const outbox = open(file, truth);
    truth.verify(outbox);
    const lost = outbox.stats().dropped.live + outbox.stats().dropped.safety;
    // A page holds a part of a long row and some forty short ones at most.
    expect(lost, `page ${page}`).toBeLessThanOrEqual(3400);
    outbox.close();
    rmSync(dirname(file), { recursive: true });
  }
}, 120_000);

test.each([
  ['the file', '', 'live'],
  ['the log', '-wal', 'live'],
])('%s taken away: what it held is told by count', (_, suffix) => {
  const file = folders.copy(source);
  rmSync(file + suffix);
  verifyOpening(file);
});

test('file and log taken away: every reading that was not sent is counted, with the span that is known', () => {
  const file = folders.copy(source);
  for (const suffix of ['', '-wal']) rmSync(file + suffix);
  const outbox = open(file, truth);
  const live = outbox.holes().filter(({ lane }) => lane === 'live');
  const produced = truth.produced.live;
  expect(live).toMatchObject([{ next: produced.length, reason: 'damaged', uplinks: ['influx', 'sparkplug'] }]);
  expect(live[0]?.count).toBe(produced.length - (live[0]?.first ?? 0));
  expect(live[0]?.fromMs).toBeGreaterThanOrEqual(produced[0]?.wireTimeMs ?? 0);
  outbox.close();
});

test('files that were moved aside are kept, the newest two of them', () => {
  const file = folders.copy(source);
  for (let i = 0; i < 4; i++) {
    writeFileSync(file, 'damaged');
    truth.clock.advance(1);
    open(file, truth).close();
  }
  expect(readdirSync(dirname(file)).filter((name) => /damaged-\d+$/.test(name))).toHaveLength(2);
});

test('a replacement that was interrupted is finished at the next start', () => {
  const file = folders.copy(source);
  const whole = folders.copy(source);
  open(whole, truth).close();
  writeFileSync(`${file}.fresh`, readFileSync(whole));
  writeFileSync(file, 'damaged');
  const outbox = open(file, truth);
  truth.verify(outbox);
  expect(outbox.holes()).toEqual([]);
  expect(existsSync(`${file}.fresh`)).toBe(false);
  outbox.close();
});

test('damage that comes while it runs is mended without a stop: what can be read is sent, the rest is a hole', () => {
  const file = folders.newFile();
  const book = new FieldBook();
  const errors: string[] = [];
  const outbox = open(file, book, { ...silentLogger, error: (_, message) => errors.push(message) });
  for (let i = 0; i < 140; i++) book.append(outbox, 'live', 8000);
  const bytes = statSync(file).size;
  // More than SQLite keeps in memory.
  expect(bytes).toBeGreaterThan(4_000_000);
  truncateSync(file, Math.floor(bytes / 2 / 4096) * 4096);
  book.verify(outbox);
  expect(outbox.stats().repairs).toBeGreaterThan(0);
  expect(outbox.stats().dropped.live).toBeGreaterThan(0);
  expect(errors.some((message) => message.includes('moved aside'))).toBe(true);
  book.append(outbox, 'live', 10);
  book.verify(outbox);
  outbox.close();
}, 60_000);
