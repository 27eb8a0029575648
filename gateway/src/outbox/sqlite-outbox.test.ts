import { spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { type Logger, silentLogger, VirtualClock } from '@plantroom/contracts';
import { afterEach, expect, test } from 'vitest';
import { outboxContract, outboxOptions, reading } from './outbox-contract.ts';
import { openSqliteOutbox } from './sqlite-outbox.ts';

const folders: string[] = [];
function newFile(): string {
  const folder = mkdtempSync(join(tmpdir(), 'plantroom-outbox-'));
  folders.push(folder);
  return join(folder, 'edge', 'outbox.sqlite');
}
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

const clock = new VirtualClock();
const options = outboxOptions({ clock });
const t0 = clock.nowMs();

function recordingLogger(): { logger: Logger; errors: string[] } {
  const errors: string[] = [];
  return { errors, logger: { ...silentLogger, error: (_, message) => errors.push(message) } };
}

outboxContract('sqlite', (opened) => openSqliteOutbox(newFile(), opened));

test('a reopened file goes on where it was: readings, positions, cursors, dictionary, holes', () => {
  const file = newFile();
  const before = openSqliteOutbox(file, options);
  before.append('live', [reading('flow', t0), reading('head', t0 + 1)]);
  before.append('safety', [reading('smoke', t0, true)]);
  before.commit('influx', 'live', 1);
  before.close();
  const after = openSqliteOutbox(file, options);
  expect(after.position('live')).toBe(2);
  expect(after.peek('influx', 'live', 9)).toMatchObject({ from: 1, to: 2, readings: [reading('head', t0 + 1)] });
  expect(after.peek('sparkplug', 'live', 9)).toMatchObject({ from: 0, to: 2 });
  expect(after.append('live', [reading('flow', t0 + 2), reading('speed', t0 + 2)])).toBe(4);
  expect(after.peek('influx', 'live', 9)?.readings.map((r) => r.point)).toEqual([
    'tower/pump-1/head',
    'tower/pump-1/flow',
    'tower/pump-1/speed',
  ]);
  after.close();
});

test('an uplink that is no longer configured holds nothing back', () => {
  const file = newFile();
  const own = new VirtualClock();
  const before = openSqliteOutbox(file, outboxOptions({ clock: own }));
  before.append('live', [reading('flow', t0)]);
  before.commit('sparkplug', 'live', 1);
  before.close();
  const after = openSqliteOutbox(file, outboxOptions({ clock: own, uplinks: ['influx'] }));
  own.advance(1000);
  after.commit('influx', 'live', 1);
  after.append('live', [reading('flow', t0 + 1)]);
  expect(after.read('live', 0, 9)).toMatchObject({ from: 1, to: 2 });
  after.close();
});

test('a file that is no database, with nothing beside it that knows more, is moved aside, said once, and positions go on above any old one', () => {
  const file = newFile();
  openSqliteOutbox(file, options).close();
  writeFileSync(file, 'not a database at all, but longer than a header of one hundred bytes '.repeat(20));
  rmSync(`${file}.mark`);
  const { logger, errors } = recordingLogger();
  const outbox = openSqliteOutbox(file, { ...options, logger });
  expect(errors).toEqual([expect.stringContaining('damaged')]);
  expect(outbox.holes()).toMatchObject([
    { lane: 'safety', reason: 'damaged', count: null },
    { lane: 'live', reason: 'damaged', count: null, uplinks: ['influx', 'sparkplug'] },
  ]);
  expect(readdirSync(join(file, '..')).some((name) => name.includes('.damaged-'))).toBe(true);
  expect(outbox.position('live')).toBe(t0 * 1000);
  expect(outbox.append('live', [reading('flow', t0)])).toBe(t0 * 1000 + 1);
  expect(outbox.peek('influx', 'live', 5)).toMatchObject({ from: t0 * 1000, to: t0 * 1000 + 1 });
  expect(outbox.stats().produced.live).toBe(1);
  outbox.close();
});

test('a page overwritten with garbage is noticed when the file is opened', () => {
  const file = newFile();
  const before = openSqliteOutbox(file, options);
  for (let i = 0; i < 2000; i++) before.append('live', [reading(`p${i}`, t0 + i, i + 0.1)]);
  before.close();
  const bytes = readFileSync(file);
  bytes.fill(0xa5, 4096, 4096 * 8);
  writeFileSync(file, bytes);
  const { logger, errors } = recordingLogger();
  const outbox = openSqliteOutbox(file, { ...options, logger });
  expect(errors).toHaveLength(1);
  outbox.close();
});

test('one damaged batch costs that batch only: it becomes a hole, the rest is sent', () => {
  const file = newFile();
  const before = openSqliteOutbox(file, options);
  for (let i = 0; i < 3; i++) before.append('live', [reading('flow', t0 + i, i)]);
  before.close();
  const db = new DatabaseSync(file);
  db.exec('UPDATE batches SET data = zeroblob(length(data)) WHERE first = 1');
  db.close();
  const { logger, errors } = recordingLogger();
  const outbox = openSqliteOutbox(file, { ...options, logger });
  expect(outbox.peek('influx', 'live', 9)?.readings.map((r) => r.value)).toEqual([0, 2]);
  expect(errors).toEqual([expect.stringContaining('OUTBOX_BATCH_DAMAGED')]);
  expect(outbox.holes()).toMatchObject([{ fromMs: t0 + 1, toMs: t0 + 1, count: 1 }]);
  outbox.close();
});

test('a file of a newer release is refused and left as it is', () => {
  const file = newFile();
  openSqliteOutbox(file, options).close();
  const db = new DatabaseSync(file);
  db.exec('PRAGMA user_version = 99');
  db.close();
  expect(() => openSqliteOutbox(file, options)).toThrow(/newer release.*99/);
  expect(readdirSync(join(file, '..')).every((name) => !name.includes('damaged'))).toBe(true);
});

test('after kill -9 every reading whose append had returned is there', async () => {
  const file = newFile();
  const child = spawn(process.execPath, [join(import.meta.dirname, 'test-helpers', 'append-forever.ts'), file], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let output = '';
  child.stdout.setEncoding('utf8');
  for await (const chunk of child.stdout) {
    output += String(chunk);
    if (output.split('\n').length > 50) child.kill('SIGKILL');
  }
  const told = Number(output.slice(0, output.lastIndexOf('\n')).split('\n').at(-1));
  expect(told).toBeGreaterThan(300);
  const outbox = openSqliteOutbox(file, { ...options, uplinks: ['influx'] });
  expect(outbox.position('live')).toBeGreaterThanOrEqual(told);
  const values: unknown[] = [];
  for (let from = 0; ; ) {
    const slice = outbox.read('live', from, 1000);
    if (slice === undefined) break;
    values.push(...slice.readings.map((r) => r.value));
    from = slice.to;
  }
  expect(values.slice(0, told)).toEqual(Array.from({ length: told }, (_, i) => i));
  outbox.close();
});
