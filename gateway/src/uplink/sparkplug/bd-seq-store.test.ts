import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Logger, silentLogger, VirtualClock } from '@plantroom/contracts';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { BdSeqStore } from './bd-seq-store.ts';

let folder: string;
let errors: string[];
let file: string;
const clock = new VirtualClock();
const logger: Logger = { ...silentLogger, error: (_, message) => errors.push(message) };
const store = (): BdSeqStore => new BdSeqStore(file, { clock, logger });
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'plantroom-bd-seq-'));
  file = join(folder, 'data', 'bd-seq');
  errors = [];
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

test('it begins at 0, goes on over restarts, and after 255 comes 0', () => {
  expect(Array.from({ length: 3 }, () => store().next())).toEqual([0, 1, 2]);
  writeFileSync(file, '255\n');
  expect(store().next()).toBe(0);
  expect(errors).toEqual([]);
});

test.each(['', 'x', '256', '-1', '1e1', '\0\0\0'])(
  'a file that holds %j is told and no reason to stay away',
  (text) => {
    store().next();
    writeFileSync(file, text);
    const next = store().next();
    expect(next).toBe((Math.floor(clock.nowMs() / 1000) + 1) % 256);
    expect(errors).toEqual([expect.stringContaining('counting begins anew')]);
    expect(readFileSync(file, 'utf8')).toBe(`${next}\n`);
  },
);

test('a disk that takes nothing is told once; the number goes on in memory', () => {
  // A folder where the new file would be.
  mkdirSync(`${file}.new`, { recursive: true });
  const one = store();
  expect([one.next(), one.next(), one.next()]).toEqual([0, 1, 2]);
  expect(errors).toEqual([expect.stringContaining('it goes on in memory')]);
});
