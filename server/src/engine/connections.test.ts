import { type Reading, silentLogger, VirtualClock } from '@plantroom/contracts';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { CurrentValues } from '../current/current-values.ts';
import { type Database, openDatabase } from '../repositories/database.ts';
import { Engine } from './engine.ts';

const gateway = 'hq/edge';
const bus = 'hq/edge#line/bus';
let clock: VirtualClock;
let database: Database;
let engine: Engine;
let announced: string[];

const begin = async (): Promise<void> => {
  engine = new Engine({
    database,
    catalog: { classes: new Map() },
    current: new CurrentValues(),
    clock,
    logger: silentLogger,
  });
  engine.onEvent((event) => announced.push(...event.announced.map(({ source }) => source)));
  await engine.start();
};
const born = (device: string, connection?: string): void => {
  const point = { point: `hq/${device}/x`, class: null, profile: null, unit: null, lane: 'live' as const };
  const line = connection === undefined ? {} : { connection };
  engine.deviceOnline(gateway, device, [{ ...point, silenceMs: null, ...line }], clock.nowMs());
};
const gone = (device: string): void => engine.deviceOffline(gateway, device, clock.nowMs());
const heard = (device: string): void => {
  const wireTimeMs = clock.nowMs();
  const reading: Reading = { point: `hq/${device}/x`, value: wireTimeMs, quality: 'good', wireTimeMs };
  engine.readings(gateway, [reading], false);
};
const pass = async (s: number): Promise<void> => {
  await engine.settled();
  for (let i = 0; i < s; i++) {
    clock.advance(1000);
    await engine.settled();
  }
};
const stateOf = (source: string): string | undefined => engine.book.of(source)[0]?.alarm.state;

beforeEach(async () => {
  clock = new VirtualClock();
  database = await openDatabase(':memory:');
  announced = [];
  await begin();
  engine.gatewayOnline(gateway, clock.nowMs());
});
afterEach(async () => {
  await engine.stop();
  await database.close();
});

test('all devices of a connection that go one after the other are one alarm, and it returns with the first that is back', async () => {
  for (const device of ['a', 'b', 'c']) born(device, 'bus');
  await pass(1);
  for (const device of ['a', 'b', 'c']) {
    gone(device);
    await pass(8);
  }
  await pass(2);
  expect(announced).toEqual([bus]);
  expect(['a', 'b', 'c'].map((device) => stateOf(`${gateway}/${device}`))).toEqual(['DSUPR', 'DSUPR', 'DSUPR']);
  born('b', 'bus');
  await pass(70);
  expect(stateOf(bus)).toBe('RTNUN');
  expect(announced.slice(1).sort()).toEqual([`${gateway}/a`, `${gateway}/c`]);
});

test('one of several is its own alarm as soon as another one is heard, at the latest after a minute', async () => {
  for (const device of ['a', 'b']) born(device, 'bus');
  await pass(1);
  gone('a');
  await pass(7);
  expect(announced).toEqual([]);
  heard('b');
  await pass(1);
  expect(announced).toEqual([`${gateway}/a`]);
  born('a', 'bus');
  await pass(1);
  gone('b');
  await pass(64);
  expect(announced).toEqual([`${gateway}/a`]);
  await pass(2);
  expect(announced).toEqual([`${gateway}/a`, `${gateway}/b`]);
  expect(stateOf(bus)).toBe('NORM');
});

test('a device alone on its connection, and devices of a node that names none, keep their own alarms', async () => {
  born('alone', 'stub');
  born('foreign-1');
  born('foreign-2');
  await pass(1);
  for (const device of ['alone', 'foreign-1', 'foreign-2']) gone(device);
  await pass(6);
  expect([...announced].sort()).toEqual([`${gateway}/alone`, `${gateway}/foreign-1`, `${gateway}/foreign-2`]);
  expect(stateOf('hq/edge#line/stub')).toBeUndefined();
});

test('behind a lost gateway no connection is told of, and a restart keeps what stands', async () => {
  for (const device of ['a', 'b']) born(device, 'bus');
  await pass(1);
  engine.gatewayOffline(gateway, clock.nowMs());
  for (const device of ['a', 'b']) gone(device);
  await pass(20);
  expect(announced).toEqual([gateway]);
  engine.gatewayOnline(gateway, clock.nowMs());
  for (const device of ['a', 'b']) born(device, 'bus');
  await pass(1);
  for (const device of ['a', 'b']) gone(device);
  // What comes back late with the gateway has a minute for it.
  await pass(50);
  expect(announced).toEqual([gateway]);
  await pass(15);
  expect(announced).toEqual([gateway, bus]);
  await engine.stop();
  await begin();
  await pass(5);
  expect(stateOf(bus)).toBe('UNACK');
  expect(stateOf(`${gateway}/a`)).toBe('DSUPR');
});

test('a device that moves to another line takes the alarm of the old one with it when only one is left there', async () => {
  for (const device of ['a', 'b']) born(device, 'bus');
  await pass(1);
  expect(stateOf(bus)).toBe('NORM');
  born('b', 'other');
  await pass(1);
  expect(stateOf(bus)).toBeUndefined();
});
