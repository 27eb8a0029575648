import { type Logger, type OutboxHole, silentLogger, VirtualClock } from '@plantroom/contracts';
import { eventually } from '@plantroom/contracts/testing';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type Database, openDatabase } from '../repositories/database.ts';
import { loadHoles } from '../repositories/hole-repository.ts';
import { OutboxBook } from './outbox-book.ts';

const clock = new VirtualClock();
let database: Database;
let errors: string[];
const logger: Logger = { ...silentLogger, error: (_, message) => errors.push(message) };

const hole = (first: number, next: number, more: Partial<OutboxHole> = {}): OutboxHole => ({
  lane: 'live',
  reason: 'thinned',
  first,
  next,
  fromMs: first * 10,
  toMs: next * 10,
  count: next - first,
  uplinks: ['line-protocol'],
  recordedMs: next,
  ...more,
});
const report = (holes: OutboxHole[], refusing: string | null = null): string =>
  JSON.stringify({ bytes: 10, maxBytes: 100, refusing, holes });

beforeEach(async () => {
  errors = [];
  database = await openDatabase(':memory:');
});
afterEach(() => database.close());

async function opened(): Promise<OutboxBook> {
  const book = new OutboxBook({ db: database.db, clock, logger });
  await book.start();
  return book;
}

test('holes are known again after a restart, and one that has grown is one', async () => {
  const book = await opened();
  book.report('hq/g', report([hole(0, 5)]));
  book.report('hq/g', report([hole(0, 9), hole(20, 21, { reason: 'damaged' })]));
  await book.stop();
  const again = await opened();
  expect(again.of('hq/g')).toEqual({ state: null, holes: [hole(0, 9), hole(20, 21, { reason: 'damaged' })] });
  expect(again.of('hq/other')).toEqual({ state: null, holes: [] });
});

test('what a gateway has forgotten meanwhile is not forgotten here', async () => {
  const book = await opened();
  book.report('hq/g', report([hole(0, 5)]));
  book.report('hq/g', report([hole(50, 55)]));
  expect(book.of('hq/g').holes).toEqual([hole(0, 5), hole(50, 55)]);
  await book.stop();
});

test('history has the holes of its lane and time, and none that only another uplink has', async () => {
  const book = await opened();
  book.report(
    'hq/g',
    report([
      hole(0, 5),
      hole(10, 15, { uplinks: ['sparkplug'] }),
      hole(20, 25, { lane: 'safety' }),
      hole(30, 35, { count: null, reason: 'damaged' }),
    ]),
  );
  const all = { fromMs: 0, toMs: 1000 };
  expect(book.historyHoles('hq/g', 'live', all)).toEqual([
    { fromMs: 0, toMs: 50, reason: 'thinned', count: 5 },
    { fromMs: 300, toMs: 350, reason: 'damaged' },
  ]);
  expect(book.historyHoles('hq/g', 'safety', all)).toHaveLength(1);
  expect(book.historyHoles('hq/g', 'live', { fromMs: 51, toMs: 300 })).toEqual([]);
  expect(book.historyHoles('hq/g', 'live', { fromMs: 50, toMs: 301 })).toHaveLength(2);
  await book.stop();
});

test.each([
  '',
  '{}',
  'null',
  report([{ ...hole(0, 1), count: -1 }]),
  report([{ ...hole(0, 1), reason: 'lost' as 'dropped' }]),
])('a report that is none is told and changes nothing: %s', async (text) => {
  const book = await opened();
  book.report('hq/g', text);
  expect(errors).toEqual(['what a gateway says of its outbox cannot be read']);
  expect(book.of('hq/g')).toEqual({ state: null, holes: [] });
  await book.stop();
});

test('a gateway whose outbox takes nothing is told once, and listeners hear of every change', async () => {
  const book = await opened();
  const heard: string[] = [];
  book.onChange((gateway) => heard.push(gateway));
  book.report('hq/g', report([], 'disk is full'));
  book.report('hq/g', report([], 'disk is full'));
  expect(book.of('hq/g').state).toEqual({ bytes: 10, maxBytes: 100, refusing: 'disk is full' });
  expect(errors).toEqual(['the outbox of a gateway takes no readings']);
  expect(heard).toEqual(['hq/g', 'hq/g']);
  await book.stop();
});

test('a database that refuses is tried again until it takes', async () => {
  const book = await opened();
  await database.db.schema.alterTable('outbox_holes').renameTo('away').execute();
  book.report('hq/g', report([hole(0, 5)]));
  await eventually(() => expect(errors).toHaveLength(1));
  await database.db.schema.alterTable('away').renameTo('outbox_holes').execute();
  await eventually(async () => {
    clock.advance(5000);
    expect(await loadHoles(database.db)).toEqual([{ gateway: 'hq/g', ...hole(0, 5) }]);
  });
  await book.stop();
});
