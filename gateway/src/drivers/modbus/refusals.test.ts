import { VirtualClock } from '@plantroom/contracts';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { DeviceRuntime } from '../../config/gateway-config.ts';
import type { Driver } from '../driver.ts';
import { modbusDevice } from '../test-helpers/devices.ts';
import { type RecordingSink, recordingSink } from '../test-helpers/recording-sink.ts';
import { type RegisterServer, registerServer } from '../test-helpers/register-server.ts';
import { secondsPass, startedDriver } from '../test-helpers/started-driver.ts';

let server: RegisterServer;
let clock: VirtualClock;
let sink: RecordingSink;
let driver: Driver;

async function start(devices: DeviceRuntime[]): Promise<void> {
  driver = await startedDriver(devices, { server, clock, sink });
}

const seconds = (count: number): Promise<void> => secondsPass(count, { server, clock });

/** What was asked since, and what came. */
async function during(work: Promise<void>): Promise<{ asked: string[]; points: string[] }> {
  const [asked, raws] = [server.asked.length, sink.raws.length];
  await work;
  return { asked: server.asked.slice(asked), points: sink.raws.slice(raws).map(({ point }) => point) };
}

/** Registers of three blocks, two values each; those of the last lie in a hole when it is refused alone. */
const points = { a: { at: 0 }, b: { at: 1 }, c: { at: 100 }, d: { at: 101 }, e: { at: 200 }, f: { at: 201 } };
const everything = [0, 1, 100, 101, 200, 201];
const whole = ['1:4 0+2', '1:4 100+2', '1:4 200+2'];

beforeEach(async () => {
  server = await registerServer();
  clock = new VirtualClock();
  sink = recordingSink();
});
afterEach(async () => {
  await driver.stop();
  await server.close();
});

describe('a device that answers exception 2 to everything', () => {
  test.each([1, 3, 8])('for %i polls is read as before in the first poll after', async (polls) => {
    await start([modbusDevice('m', points)]);
    await seconds(2);
    for (const address of everything) server.missing.add(address);
    await seconds(polls);
    server.missing.clear();
    const { asked, points: came } = await during(seconds(1));
    expect(asked).toEqual(whole);
    expect(came).toEqual(['m/a', 'm/b', 'm/c', 'm/d', 'm/e', 'm/f']);
  });

  test('from the start, is read whole in the first poll that it answers', async () => {
    for (const address of everything) server.missing.add(address);
    await start([modbusDevice('m', points)]);
    await seconds(8);
    server.missing.clear();
    expect(await during(seconds(1))).toMatchObject({ asked: whole });
  });

  test('costs the line no more than its usual polls, but for a search now and then', async () => {
    await start([modbusDevice('m', points)]);
    await seconds(2);
    for (const address of everything) server.missing.add(address);
    const { asked } = await during(seconds(12));
    expect(asked.length).toBeLessThanOrEqual(12 * 3 + 6);
  });

  test('keeps what was learned of its holes before', async () => {
    server.missing.add(200);
    await start([modbusDevice('m', points)]);
    await seconds(4);
    for (const address of everything) server.missing.add(address);
    await seconds(6);
    server.missing.clear();
    server.missing.add(200);
    const { asked, points: came } = await during(seconds(1));
    expect(came.sort()).toEqual(['m/a', 'm/b', 'm/c', 'm/d', 'm/f']);
    expect(asked).not.toContain('1:4 200+2');
  });

  test('says so for each of its points in each poll', async () => {
    for (const address of everything) server.missing.add(address);
    await start([modbusDevice('m', points)]);
    await seconds(3);
    sink.failures.length = 0;
    await seconds(1);
    expect(sink.failures.flatMap((failure) => failure.points).sort()).toEqual(
      ['a', 'b', 'c', 'd', 'e', 'f'].map((point) => `m/${point}`),
    );
    expect(sink.failures[0]?.failure).toEqual({ kind: 'exception', code: 2 });
  });
});

describe('a block that is refused', () => {
  test('alone is split in the same poll, and a value refused three polls in a row is not asked in the next', async () => {
    server.missing.add(201);
    await start([modbusDevice('m', points)]);
    expect((await during(seconds(1))).points.sort()).toEqual(['m/a', 'm/b', 'm/c', 'm/d', 'm/e']);
    await seconds(3);
    expect((await during(seconds(1))).asked).toEqual(['1:4 0+2', '1:4 100+2', '1:4 200+1']);
  });

  test('the only one of its device, with a hole, is split in the first poll', async () => {
    server.missing.add(3);
    await start([modbusDevice('m', Object.fromEntries([0, 1, 2, 3, 4, 5].map((at) => [`p${at}`, { at }])))]);
    const { points: came } = await during(seconds(1));
    expect(came.sort()).toEqual(['m/p0', 'm/p1', 'm/p2', 'm/p4', 'm/p5']);
  });

  test('the only one of its poll class, is given up when the device answers its other class', async () => {
    server.missing.add(500);
    await start([modbusDevice('m', { a: { at: 0 }, rare: { at: 500, poll: 'fast' } })]);
    await seconds(8);
    expect((await during(seconds(2))).asked).not.toContain('1:4 500+1');
  });
});

test('a silent unit of whose shortest class no value exists is found again all the same', async () => {
  server.missing.add(500);
  await start([modbusDevice('m', { gone: { at: 500, poll: 'fast' }, a: { at: 0 } })]);
  await seconds(8);
  server.silent.add(1);
  await seconds(8);
  expect(driver.stats().devices?.m).toMatchObject({ silent: true });
  server.silent.delete(1);
  const { points: came } = await during(seconds(2));
  expect(came).toContain('m/a');
});
