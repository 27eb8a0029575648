import { type AlarmState, silentLogger, VirtualClock } from '@plantroom/contracts';
import { loadCatalog } from '@plantroom/device-profiles';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { CurrentValues } from '../current/current-values.ts';
import type { AlarmEvent } from '../domain/alarms/alarm-events.ts';
import { type Database, openDatabase } from '../repositories/database.ts';
import { readJournal } from '../repositories/journal-repository.ts';
import { listOrders } from '../repositories/work-order-repository.ts';
import type { EngineEvent } from './committer.ts';
import { Engine } from './engine.ts';

const { catalog } = loadCatalog();
const gateway = 'hq/edge';
/** Of the class pump: raised after 2 s, returned after 10 s, opens an order. */
const fault = 'hq/pump-1/fault';
const minuteMs = 60_000;

let clock: VirtualClock;
let database: Database;
let engine: Engine;
let announced: AlarmState[];

const entry = () => engine.book.of(fault)[0]!;
const state = (): AlarmState => entry().alarm.state;
const begin = async (): Promise<void> => {
  engine = new Engine({ database, catalog, current: new CurrentValues(), clock, logger: silentLogger });
  engine.onEvent((event: EngineEvent) => announced.push(...event.announced.map((alarm) => alarm.state)));
  await engine.start();
};
/** A reading, and wire time far enough behind it for every delay. */
const tell = async (value: boolean): Promise<void> => {
  engine.readings(gateway, [{ point: fault, value, quality: 'good', wireTimeMs: clock.nowMs() }], false);
  clock.advance(minuteMs);
  engine.watermark(gateway, clock.nowMs());
  await engine.settled();
};
const born = async (): Promise<void> => {
  engine.gatewayOnline(gateway, clock.nowMs());
  const point = { point: fault, class: 'pump', profile: null, unit: null, lane: 'live' as const, silenceMs: null };
  engine.deviceOnline(gateway, 'box', [point], clock.nowMs());
  await engine.settled();
};
const act = (event: AlarmEvent) => engine.command(({ work }) => Promise.resolve(work.apply(entry(), event)));
const shelve = (ms: number, mode: 'timed' | 'one-shot' = 'timed') =>
  act({ type: 'shelve', mode, untilMs: clock.nowMs() + ms, maxMs: ms, user: 'li', reason: 'flaps' });
/** The end of the time is told by the engine's own tick. */
const pass = async (ms: number): Promise<void> => {
  clock.advance(ms);
  await engine.settled();
};
const restart = async (awayMs: number): Promise<void> => {
  await engine.stop();
  clock.advance(awayMs);
  await begin();
};
const journal = async (): Promise<string[]> =>
  (await readJournal(database.db, { alarm: entry().alarm.id })).items.reverse().map(({ action }) => action);
const orders = async () => (await listOrders(database.db, {})).items.map(({ evidenceCount }) => evidenceCount);

beforeEach(async () => {
  clock = new VirtualClock();
  announced = [];
  database = await openDatabase(':memory:');
  await begin();
  await born();
  await tell(false);
});
afterEach(async () => {
  await engine.stop();
  await database.close();
});

test('shelving ends by the server clock, and what stands is announced again without a second order', async () => {
  await tell(true);
  await shelve(15 * minuteMs);
  await pass(15 * minuteMs - 1_001);
  expect(state()).toBe('SHLVD');
  await pass(2_001);
  expect([state(), announced]).toEqual(['UNACK', ['UNACK', 'UNACK']]);
  expect(await orders()).toEqual([1]);
});

test('the end of a shelving is that of before, whether or not the server ran meanwhile', async () => {
  await tell(true);
  await shelve(15 * minuteMs);
  await restart(5 * minuteMs);
  await pass(5 * minuteMs);
  expect(entry().alarm).toMatchObject({ state: 'SHLVD', shelving: { by: 'li', reason: 'flaps' } });
  await restart(60 * minuteMs);
  await pass(1_001);
  expect(state()).toBe('UNACK');
});

test('the end of a shelving does not start the delay of the condition anew', async () => {
  await tell(true);
  await shelve(minuteMs);
  const before = entry().state;
  await pass(minuteMs + 1_001);
  expect(state()).toBe('UNACK');
  expect(entry().state).toBe(before);
});

test('a raise while shelved calls nobody and opens its order; unshelved by hand it is acknowledged', async () => {
  await shelve(60 * minuteMs);
  await tell(true);
  expect([state(), announced, await orders()]).toEqual(['SHLVD', [], [1]]);
  await act({ type: 'unshelve', user: 'wang', comment: null });
  expect(entry().alarm).toMatchObject({ state: 'ACKED', ackedBy: 'wang' });
  expect(announced).toEqual([]);
  expect(await journal()).toEqual(['shelved', 'activated', 'order-opened', 'unshelved']);
});

test('a one-shot shelving hides one excursion and not the next', async () => {
  await shelve(60 * minuteMs, 'one-shot');
  await tell(true);
  await tell(false);
  expect(state()).toBe('NORM');
  await tell(true);
  expect([state(), announced]).toEqual(['UNACK', ['UNACK']]);
});

test('what suppression by design hides opens its order only when it comes to light and still stands', async () => {
  const suppression = { cause: 'power', user: null, comment: null };
  await act({ type: 'suppress', ...suppression, atMs: clock.nowMs() });
  await tell(true);
  expect([state(), announced, await orders()]).toEqual(['DSUPR', [], []]);
  await restart(1_000);
  expect(entry().alarm.suppressedBy).toEqual(['power']);
  await act({ type: 'unsuppress', ...suppression, atMs: clock.nowMs() });
  expect([state(), announced, await orders()]).toEqual(['UNACK', ['UNACK'], [1]]);
});

test('out of service lasts over restarts, and its review date is told once', async () => {
  const reviewMs = clock.nowMs() + 30 * minuteMs;
  await act({ type: 'out-of-service', user: 'li', approver: 'chen', workOrder: 'WO-1', reviewMs, reason: 'seal' });
  await restart(60 * minuteMs);
  await pass(5_000);
  expect(entry().alarm).toMatchObject({ state: 'OOSRV', serviceRemoval: { reviewDue: true, approver: 'chen' } });
  expect(await journal()).toEqual(['out-of-service', 'review-due']);
});

test('an acknowledgement outlives a restart', async () => {
  await tell(true);
  await act({ type: 'acknowledge', user: 'wang', comment: 'seen' });
  await restart(60 * minuteMs);
  await born();
  await tell(true);
  expect(entry().alarm).toMatchObject({ state: 'ACKED', ackedBy: 'wang', ackComment: 'seen' });
  expect(announced).toEqual(['UNACK']);
});

test('an acknowledged alarm asks again by the server clock', async () => {
  await tell(true);
  const { definition } = entry();
  engine.book.define('hq/pump-1', [{ ...definition, reAlarmMs: 30 * minuteMs, reAlarmLimit: 1 }]);
  await act({ type: 'acknowledge', user: 'wang', comment: null });
  await pass(29 * minuteMs);
  expect(state()).toBe('ACKED');
  await pass(minuteMs + 1_001);
  expect([state(), announced]).toEqual(['UNACK', ['UNACK', 'UNACK']]);
});

test('a message that comes twice within milliseconds raises one alarm', async () => {
  const wireTimeMs = clock.nowMs();
  for (const ms of [0, 3, 3, 5])
    engine.readings(gateway, [{ point: fault, value: true, quality: 'good', wireTimeMs: wireTimeMs + ms }], false);
  clock.advance(minuteMs);
  engine.watermark(gateway, clock.nowMs());
  await engine.settled();
  expect(entry().alarm).toMatchObject({ state: 'UNACK', count: 1 });
  expect(await journal()).toEqual(['activated', 'order-opened']);
});

test('an alarm that is over is not used again: the next raise is an occurrence of its own', async () => {
  await tell(true);
  const { occurrence } = entry().alarm;
  await act({ type: 'acknowledge', user: 'wang', comment: null });
  await tell(false);
  await tell(true);
  expect(entry().alarm).toMatchObject({ count: 1, ackedBy: null });
  expect(entry().alarm.occurrence).not.toBe(occurrence);
});

test('an alarm that is disabled within its delay does not come, and one that was hidden leaves nothing behind', async () => {
  const { definition } = entry();
  engine.readings(gateway, [{ point: fault, value: true, quality: 'good', wireTimeMs: clock.nowMs() }], false);
  await engine.settled();
  expect(engine.book.pending().size).toBe(1);
  engine.book.define('hq/pump-1', [{ ...definition, enabled: false }]);
  clock.advance(minuteMs);
  engine.watermark(gateway, clock.nowMs());
  await engine.settled();
  expect([announced, engine.book.pending().size, engine.book.standing().size]).toEqual([[], 0, 0]);
});
