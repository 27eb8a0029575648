import { type Reading, silentLogger, VirtualClock } from '@plantroom/contracts';
import type { EquipmentClass } from '@plantroom/device-profiles';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { CurrentValues } from '../current/current-values.ts';
import { type Database, openDatabase } from '../repositories/database.ts';
import { readJournal } from '../repositories/journal-repository.ts';
import { Engine } from './engine.ts';

const text = { zh: '测试', en: 'test' };
const machine: EquipmentClass = {
  class: 'machine',
  name: text,
  system: 'water',
  points: { door: { name: text, kind: 'boolean', unit: 'none' } },
  failureModes: {},
  alarms: {
    restless: {
      ...{ point: 'door', name: text, cause: text, consequence: text, response: text, timeToRespond: '10min' },
      ...{ onDelay: '0s', offDelay: '0s', priority: 'high', opensOrder: false },
      condition: { type: 'count', of: { is: [true] }, times: 2, windowMs: 60_000 },
    },
  },
};
const gateway = 'hq/edge';
const door = 'hq/m-1/door';

let clock: VirtualClock;
let database: Database;
let engine: Engine;
let startMs: number;

const at = (s: number): number => startMs + s * 1000;
const tell = async (s: number, value: boolean, historical = false): Promise<void> => {
  if (!historical) clock.advance(Math.max(0, at(s) - clock.nowMs()));
  const reading: Reading = { point: door, value, quality: 'good', wireTimeMs: at(s) };
  engine.readings(gateway, [reading], historical);
  await engine.settled();
};
/** `false, true, false` around a time. */
const opened = async (s: number, historical = false): Promise<void> => {
  await tell(s - 1, false, historical);
  await tell(s, true, historical);
  await tell(s + 1, false, historical);
};
const born = async (s: number): Promise<void> => {
  clock.advance(at(s) - clock.nowMs());
  engine.gatewayOnline(gateway, at(s));
  const point = { point: door, class: 'machine', profile: null, unit: null, lane: 'live' as const, silenceMs: null };
  engine.deviceOnline(gateway, 'box', [point], at(s));
  await tell(s, false);
};
const lost = async (s: number): Promise<void> => {
  clock.advance(at(s) - clock.nowMs());
  engine.gatewayOffline(gateway, at(s));
  engine.degraded(gateway, [door], 'uncertain', 'stale', at(s));
  await engine.settled();
};
/** A gateway of ours says that everything up to this time has come. */
const whole = async (s: number): Promise<void> => {
  clock.advance(Math.max(0, at(s) - clock.nowMs()));
  engine.complete(gateway, 'live', s);
  await engine.settled();
  engine.watermark(gateway, at(s));
  await engine.settled();
};
const kept = () => engine.book.of(door)[0]!.signal!.checkpoints.length;
const told = async (): Promise<string[]> =>
  (await readJournal(database.db, {})).items
    .filter(({ alarm, action }) => alarm.endsWith('#restless') && action === 'activated')
    .map(({ atMs, historical }) => `${(atMs - startMs) / 1000} activated${historical ? ' (was)' : ''}`);

beforeEach(async () => {
  clock = new VirtualClock();
  startMs = clock.nowMs();
  database = await openDatabase(':memory:');
  const catalog = { classes: new Map([['machine', machine]]) };
  engine = new Engine({ database, catalog, current: new CurrentValues(), clock, logger: silentLogger });
  await engine.start();
  engine.watermark(gateway, startMs - 1);
  await born(0);
});
afterEach(async () => {
  await engine.stop();
  await database.close();
});

describe('what a rule over several points keeps of the time before an outage', () => {
  test('is let go when its gateway says that nothing is missing any more', async () => {
    await lost(5);
    await born(30);
    expect(kept()).toBeGreaterThan(0);
    await whole(31);
    expect(kept()).toBe(0);
  });

  test('stays as long as its gateway is away', async () => {
    await whole(1);
    await lost(5);
    await whole(10);
    expect(kept()).toBeGreaterThan(0);
  });

  test('stays with a node that never says so: late data may come at any time', async () => {
    await lost(5);
    await born(30);
    engine.watermark(gateway, at(31));
    await engine.settled();
    expect(kept()).toBeGreaterThan(0);
  });

  test('is not taken for what was before the next outage: late data goes on from what was told live in between', async () => {
    await whole(1);
    await lost(5);
    await born(30);
    await opened(12, true);
    await whole(32);
    await opened(100);
    await whole(102);
    await lost(105);
    await born(130);
    await opened(110, true);
    await whole(132);
    expect(await told()).toEqual(['110 activated (was)']);
  });
});

test('late data that comes without an outage goes on from where the rule has been judged up to', async () => {
  await whole(1);
  await opened(10);
  await whole(12);
  await tell(40, false);
  await opened(30, true);
  await whole(41);
  expect(await told()).toEqual(['30 activated (was)']);
});
