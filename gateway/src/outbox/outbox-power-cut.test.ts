import { copyFileSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { silentLogger } from '@plantroom/contracts';
import { afterAll, expect, test } from 'vitest';
import { outboxOptions } from './outbox-contract.ts';
import { openSqliteOutbox } from './sqlite-outbox.ts';
import { FieldBook, OutboxFolders } from './test-helpers/field-book.ts';

const folders = new OutboxFolders();
afterAll(() => folders.remove());

const frameBytes = 24 + 4096;
const headerBytes = 32;

/**
 * A power cut leaves of the log at least what was synchronised, that is up to the end of the last append that had returned; of what came
 * behind it anything: nothing, a part, or zeros where the length arrived before the contents. The mark beside the file is never
 * synchronised: it may be as old as one likes, or not be there.
 */
test('wherever a power cut ends the log, every append that had returned before is there', () => {
  const file = folders.newFile();
  const book = new FieldBook();
  const outbox = openSqliteOutbox(file, outboxOptions({ clock: book.clock, logger: silentLogger }));
  const marks = [folders.newFile()];
  const steps = [{ walBytes: 0, live: 0, safety: 0 }];
  for (let i = 0; i < 8; i++) {
    book.append(outbox, i % 3 === 0 ? 'safety' : 'live', i === 4 ? 1500 : 20);
    const { live, safety } = book.produced;
    const mark = folders.newFile();
    copyFileSync(`${file}.mark`, mark);
    marks.push(mark);
    steps.push({ walBytes: statSync(`${file}-wal`).size, live: live.length, safety: safety.length });
  }
  const log = readFileSync(`${file}-wal`);
  const cuts: number[] = [0, 16, headerBytes];
  for (let at = headerBytes; at < log.length; at += frameBytes)
    cuts.push(at + 1, at + 24, at + 2000, at + frameBytes - 1, at + frameBytes);
  let checked = 0;
  for (const cut of cuts) {
    const stored = steps.findLastIndex(({ walBytes }) => walBytes <= cut);
    for (const tail of ['none', 'zeros', 'mark'] as const) {
      const copy = folders.copy(file);
      const left = Buffer.from(log.subarray(0, cut));
      const toFrame = (frameBytes - ((cut - headerBytes) % frameBytes)) % frameBytes;
      const isPadded = tail === 'zeros' && cut > headerBytes;
      writeFileSync(`${copy}-wal`, isPadded ? Buffer.concat([left, Buffer.alloc(toFrame)]) : left);
      if (tail === 'mark' && stored > 0) copyFileSync(marks[stored] ?? '', `${copy}.mark`);
      else rmSync(`${copy}.mark`);
      const opened = openSqliteOutbox(copy, outboxOptions({ clock: book.clock, logger: silentLogger }));
      const { live = 0, safety = 0 } = steps[stored] ?? {};
      for (const [lane, count] of [
        ['live', live],
        ['safety', safety],
      ] as const) {
        const readings = [];
        for (let from = 0; ; ) {
          const slice = opened.read(lane, from, 5000);
          if (slice === undefined) break;
          readings.push(...slice.readings);
          from = slice.to;
        }
        expect(readings.slice(0, count), `cut at ${cut}, ${tail}`).toEqual(book.produced[lane].slice(0, count));
        expect(readings).toEqual(book.produced[lane].slice(0, readings.length));
      }
      opened.close();
      rmSync(dirname(copy), { recursive: true });
      checked++;
    }
  }
  expect(checked).toBeGreaterThan(200);
  outbox.close();
}, 120_000);
