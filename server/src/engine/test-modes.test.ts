import { silentLogger, VirtualClock } from '@plantroom/contracts';
import { loadCatalog } from '@plantroom/device-profiles';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { CurrentValues } from '../current/current-values.ts';
import { meaningOf } from '../notifications/domain/journal-meaning.ts';
import { type Database, openDatabase } from '../repositories/database.ts';
import { readJournal } from '../repositories/journal-repository.ts';
import { listOrders } from '../repositories/work-order-repository.ts';
import { Engine } from './engine.ts';
import { actOnTest, askForTest, type TestAct } from './test-acts.ts';

const { catalog } = loadCatalog();
const gateway = 'hq/edge';
const minuteMs = 60_000;
const tested = 'hq/zone-1/fire';
const other = 'hq/zone-2/fire';

let clock: VirtualClock;
let database: Database;
let engine: Engine;
let announced: string[];

const begin = async (): Promise<void> => {
  engine = new Engine({ database, catalog, current: new CurrentValues(), clock, logger: silentLogger });
  engine.onEvent((event) => announced.push(...event.announced.map(({ source }) => source)));
  await engine.start();
};
const tell = async (point: string, value: boolean, wireTimeMs = clock.nowMs()): Promise<void> => {
  engine.readings(gateway, [{ point, value, quality: 'good', wireTimeMs }], false);
  engine.watermark(gateway, clock.nowMs());
  await engine.settled();
};
const alarm = (point: string) => engine.book.of(point).find(({ definition }) => definition.id.endsWith('#fire'))!.alarm;
const pass = async (ms: number): Promise<void> => {
  clock.advance(ms);
  await engine.settled();
};
const act = (what: TestAct, user: string) => {
  const before = engine.tests.open()[0]!;
  return engine.command((context) => actOnTest(engine, context, { before, act: what, user }));
};
const start = async (untilMs: number): Promise<void> => {
  const asked = { equipment: ['hq/zone-1'], reason: 'smoke test', workOrder: 'W-7', untilMs };
  await engine.command((context) => askForTest(engine, context, { asked, site: 'hq', user: 'li', act: null }));
  await act({ type: 'approve' }, 'wang');
};
const journal = async (id: string) =>
  (await readJournal(database.db, { alarm: id })).items
    .reverse()
    .map(({ action, stateAfter, details }) => [action, stateAfter, details?.test ?? null]);
const orders = async () => (await listOrders(database.db, {})).items.map(({ equipment }) => equipment);
/** Alarms for which somebody is called. */
const calls = async () => {
  const { items } = await readJournal(database.db, {});
  const isCall = (row: (typeof items)[number]) =>
    meaningOf(row, { lifeSafety: row.lifeSafety, called: null }).act === 'call';
  return [...new Set(items.filter(isCall).map(({ alarm: id }) => id))];
};

beforeEach(async () => {
  clock = new VirtualClock();
  announced = [];
  database = await openDatabase(':memory:');
  await begin();
  engine.gatewayOnline(gateway, clock.nowMs());
  const place = { class: 'fire-zone', profile: null, unit: null, lane: 'safety' as const, silenceMs: null };
  for (const point of [tested, other])
    engine.deviceOnline(gateway, point.replaceAll('/', '-'), [{ point, ...place }], clock.nowMs());
  await engine.settled();
  for (const point of [tested, other]) await tell(point, false);
  clock.advance(minuteMs);
});
afterEach(async () => {
  await engine.stop();
  await database.close();
});

test('a fire in a tested zone calls nobody, one in the next zone is announced at once', async () => {
  await start(clock.nowMs() + 60 * minuteMs);
  await pass(1_000);
  await tell(tested, true);
  expect(alarm(tested)).toMatchObject({ state: 'UNACK', testMode: 'test-1', lifeSafety: true });
  await tell(other, true);
  expect(announced).toEqual([other]);
  expect(await orders()).toEqual(['hq/zone-2']);
  expect(await calls()).toEqual([alarm(other).id]);
});

test('what has returned when the test ends is over with it, latched or not', async () => {
  await start(clock.nowMs() + 60 * minuteMs);
  await tell(tested, true);
  await pass(1_000);
  await tell(tested, false);
  expect(alarm(tested).state).toBe('LATCHED-UNACK');
  await act({ type: 'end', comment: 'done' }, 'li');
  expect(alarm(tested)).toMatchObject({ state: 'NORM', testMode: null });
  expect([announced, await orders(), await calls()]).toEqual([[], [], []]);
  expect(await journal(alarm(tested).id)).toEqual([
    ['activated', 'UNACK', 'test-1'],
    ['latched', 'LATCHED-UNACK', 'test-1'],
    ['test-ended', 'NORM', 'test-1'],
  ]);
  expect(await journal('hq/zone-1#test-mode')).toEqual([
    ['test-started', 'NORM', 'test-1'],
    ['test-ended', 'NORM', 'test-1'],
  ]);
});

test('what still stands at its time is announced as real, with its true time, and opens its order', async () => {
  await start(clock.nowMs() + 10 * minuteMs);
  await pass(minuteMs);
  const onsetMs = clock.nowMs();
  await tell(tested, true);
  await engine.command(({ work }) => {
    const entry = engine.book.get(alarm(tested).id)!;
    return Promise.resolve(work.apply(entry, { type: 'acknowledge', user: 'li', comment: null }));
  });
  await pass(10 * minuteMs);
  expect(alarm(tested)).toMatchObject({ state: 'UNACK', testMode: null, onsetMs, activeMs: onsetMs });
  expect([announced, await orders()]).toEqual([[tested], ['hq/zone-1']]);
  const [last] = (await readJournal(database.db, { alarm: alarm(tested).id, action: 'test-ended' })).items;
  expect(last).toMatchObject({ atMs: onsetMs, stateAfter: 'UNACK', details: { cause: 'test-1' } });
  expect(await calls()).toEqual([alarm(tested).id]);
});

test('it expires over a restart, and goes on over one', async () => {
  await start(clock.nowMs() + 10 * minuteMs);
  await engine.stop();
  clock.advance(minuteMs);
  await begin();
  await tell(tested, true);
  expect(alarm(tested).testMode).toBe('test-1');
  await engine.stop();
  clock.advance(20 * minuteMs);
  await begin();
  await pass(1_001);
  expect(engine.tests.open()).toEqual([]);
  expect([alarm(tested).testMode, announced]).toEqual([null, [tested]]);
  expect((await journal('hq/zone-1#test-mode')).map(([action]) => action)).toEqual(['test-started', 'test-expired']);
});

test('an occurrence that stood before the test stays real within it', async () => {
  await tell(tested, true);
  await start(clock.nowMs() + 10 * minuteMs);
  await pass(1_000);
  await tell(tested, false);
  await pass(1_000);
  await tell(tested, true);
  expect(alarm(tested)).toMatchObject({ testMode: null, count: 2 });
  expect(announced).toEqual([tested, tested]);
});

test('without approval nothing is a test', async () => {
  const asked = { equipment: ['hq/zone-1'], reason: 'smoke test', untilMs: clock.nowMs() + 10 * minuteMs };
  await engine.command((context) => askForTest(engine, context, { asked, site: 'hq', user: 'li', act: null }));
  expect(await act({ type: 'approve' }, 'li')).toEqual({ refused: 'TEST_MODE_SAME_PERSON' });
  await pass(1_000);
  await tell(tested, true);
  expect(announced).toEqual([tested]);
});

test('late data tells of a fire during a test without calling anybody, of one elsewhere with a call', async () => {
  await pass(5 * minuteMs);
  await start(clock.nowMs() + 60 * minuteMs);
  await pass(minuteMs);
  const duringMs = clock.nowMs();
  await pass(5 * minuteMs);
  await tell(tested, false);
  await tell(tested, true, duringMs);
  expect(alarm(tested)).toMatchObject({ onsetMs: duringMs, testMode: 'test-1' });
  expect(announced).toEqual([]);
  await tell(other, false);
  await tell(other, true, duringMs);
  expect(announced).toEqual([other]);
});
