import { type Reading, silentLogger, VirtualClock } from '@plantroom/contracts';
import { loadCatalog } from '@plantroom/device-profiles';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { CurrentValues } from '../current/current-values.ts';
import { type Database, openDatabase } from '../repositories/database.ts';
import { readJournal } from '../repositories/journal-repository.ts';
import { listOrders } from '../repositories/work-order-repository.ts';
import { Engine } from './engine.ts';

const { catalog } = loadCatalog();
const gateway = 'hq/edge';
/** Of the class pump: raised after 2 s. */
const fault = 'hq/pump-1/fault';

let clock: VirtualClock;
let database: Database;
let engine: Engine;
let startMs: number;

const at = (s: number): number => startMs + s * 1000;
const tell = async (historical: boolean, s: number, value: boolean): Promise<void> => {
  const reading: Reading = { point: fault, value, quality: 'good', wireTimeMs: at(s) };
  engine.readings(gateway, [reading], historical);
  await engine.settled();
};
const begin = async (): Promise<void> => {
  engine = new Engine({ database, catalog, current: new CurrentValues(), clock, logger: silentLogger });
  await engine.start();
};
/** As the host tells it: the device first, then the value that its birth carries. */
const born = async (s: number, value: boolean): Promise<void> => {
  engine.gatewayOnline(gateway, clock.nowMs());
  await bornWith({ point: fault, value, quality: 'good', wireTimeMs: at(s) });
};
const bornWith = async (reading: Reading): Promise<void> => {
  const point = { point: fault, class: 'pump', profile: null, unit: null, lane: 'live' as const, silenceMs: null };
  engine.deviceOnline(gateway, 'box', [point], clock.nowMs());
  engine.readings(gateway, [reading], false);
  await engine.settled();
};
const watermark = async (s: number): Promise<void> => {
  engine.watermark(gateway, at(s));
  await engine.settled();
};
const pass = async (s: number): Promise<void> => {
  for (let i = 0; i < s; i++) {
    clock.advance(1000);
    await engine.settled();
  }
};
const told = async (source: string): Promise<string[]> => {
  const alarm = engine.book.of(source)[0]!.alarm.id;
  return (await readJournal(database.db, { alarm })).items
    .reverse()
    .map(({ action, atMs, historical }) => `${(atMs - startMs) / 1000} ${action}${historical ? ' (was)' : ''}`);
};
const changes = async (source: string) => (await told(source)).filter((entry) => !/certain/.test(entry));
const orders = async () => (await listOrders(database.db, {})).items.length;

beforeEach(async () => {
  clock = new VirtualClock();
  startMs = clock.nowMs();
  database = await openDatabase(':memory:');
  await begin();
  await born(0, false);
});
afterEach(async () => {
  await engine.stop();
  await database.close();
});

describe('a delay that runs', () => {
  const restart = async (): Promise<void> => {
    await engine.stop();
    clock.advance(10_000);
    await begin();
  };

  test('when the server is killed does not end by a birth that says that the condition is over: what came in between decides', async () => {
    await tell(false, 1, true);
    await restart();
    await born(10, false);
    await tell(true, 2, false);
    await pass(10);
    expect(await told(fault)).toEqual([]);
    expect(await orders()).toBe(0);
  });

  test('when the host loses its broker does not, either', async () => {
    await tell(false, 1, true);
    await born(10, false);
    await tell(true, 2, false);
    await pass(10);
    expect(await told(fault)).toEqual([]);
  });

  test('and had ended meanwhile, as late data shows, is journalled with its times', async () => {
    await tell(false, 1, true);
    await restart();
    await born(60, false);
    await tell(true, 2, true);
    await tell(true, 5, true);
    await tell(true, 6, false);
    await tell(true, 30, false);
    await pass(10);
    expect(await told(fault)).toEqual(['3 activated (was)', '16 returned (was)']);
  });

  test('ends by wire time when the condition stands after the restart', async () => {
    await tell(false, 1, true);
    await restart();
    await born(2, true);
    expect(await told(fault)).toEqual([]);
    await watermark(3);
    expect(await told(fault)).toEqual(['3 activated', '3 order-opened']);
    expect(await orders()).toBe(1);
  });

  test('and stood all the time is told once, whatever is sent again of it, also by a server that was killed twice', async () => {
    await tell(false, 1, true);
    await restart();
    await born(10, true);
    for (const s of [1, 2, 3, 4, 8]) await tell(true, s, true);
    await restart();
    await born(20, true);
    for (const s of [1, 2, 3, 4, 8, 10, 12, 15]) await tell(true, s, true);
    await pass(10);
    expect(await told(fault)).toEqual(['3 activated', '3 order-opened']);
  });

  test('a birth that knows no value yet says nothing of that time: a return that comes late is a return, and nothing was raised again', async () => {
    await tell(false, 1, true);
    await watermark(3);
    await restart();
    engine.gatewayOnline(gateway, clock.nowMs());
    const unknown: Reading = { point: fault, value: null, quality: 'bad', reason: 'stale', wireTimeMs: at(54) };
    await bornWith(unknown);
    await tell(false, 55, false);
    await tell(true, 37, false);
    await watermark(70);
    await pass(10);
    expect(await changes(fault)).toEqual(['3 activated', '3 order-opened', '65 returned', '47 corrected']);
  });

  test('or has ended by then', async () => {
    await tell(false, 1, true);
    await restart();
    await born(10, true);
    await pass(10);
    expect(await told(fault)).toEqual(['3 activated', '3 order-opened']);
  });
});

describe('a gateway that was lost just before the server was killed', () => {
  beforeEach(async () => {
    clock.advance(1000);
    engine.gatewayOffline(gateway, clock.nowMs());
    await engine.settled();
    clock.advance(4000);
    await engine.stop();
    clock.advance(20_000);
    await begin();
  });

  test('and is back when the server is was not away: nobody saw the ten seconds pass', async () => {
    await pass(2);
    await born(27, false);
    await pass(60);
    expect(await told(gateway)).toEqual([]);
  });

  test('and stays away is told when the time has passed in which gateways come back', async () => {
    await pass(30);
    expect(await told(gateway)).toEqual([]);
    engine.gatewayOffline(gateway, clock.nowMs());
    await engine.settled();
    expect(await told(gateway)).toEqual(['11 activated']);
  });
});
