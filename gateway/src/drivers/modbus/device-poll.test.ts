import { VirtualClock } from '@plantroom/contracts';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Driver } from '../driver.ts';
import { modbusDevice } from '../test-helpers/devices.ts';
import { type RecordingSink, recordingSink } from '../test-helpers/recording-sink.ts';
import { type RegisterServer, registerServer } from '../test-helpers/register-server.ts';
import { bytes, type ScriptedServer } from '../test-helpers/scripted-server.ts';
import { secondsPass, startedDriver } from '../test-helpers/started-driver.ts';

type Answer = ScriptedServer['answer'];

let server: RegisterServer;
let clock: VirtualClock;
let sink: RecordingSink;
let driver: Driver;
let answer: Answer;

beforeEach(async () => {
  server = await registerServer();
  clock = new VirtualClock();
  sink = recordingSink();
  answer = server.answer;
});
afterEach(async () => {
  await driver.stop();
  await server.close();
});

/** A minute of two units on one line, the second of which does this with each request: how often it was asked, and how often the first was read. */
async function minute(second: Answer): Promise<{ asked: number; readsOfFirst: number }> {
  let asked = 0;
  server.answer = (request, socket, index) => {
    if (request[6] !== 2) return answer(request, socket, index);
    asked += 1;
    second(request, socket, index);
  };
  const points = { x: { at: 0 }, y: { at: 100 } };
  driver = await startedDriver(
    [modbusDevice('first', points, { unitId: 1 }), modbusDevice('second', points, { unitId: 2 })],
    { server, clock, sink },
  );
  await secondsPass(60, { server, clock });
  return { asked, readsOfFirst: sink.raws.filter(({ point }) => point === 'first/x').length };
}

/** One data byte where two were asked for. */
const nonsense: Answer = (request, socket) =>
  socket.write(Buffer.concat([request.subarray(0, 4), bytes('00 04 02 04 01 FF')]));

describe('a unit of which nothing comes that can be used', () => {
  test.each<[string, Answer]>([
    ['is silent', () => undefined],
    ['sends nonsense', nonsense],
    ['ends the connection', (_, socket) => socket.destroy()],
    ['ends the connection after a while', (_, socket) => clock.after(20, () => socket.destroy())],
    ['breaks off in the middle of an answer', (request, socket) => socket.end(request.subarray(0, 5))],
  ])('because it %s is gone, and costs the other unit of its line next to nothing', async (_, second) => {
    const { asked, readsOfFirst } = await minute(second);
    expect(asked).toBeGreaterThan(10);
    expect(sink.availabilities).toEqual([{ device: 'second', online: false }]);
    expect(driver.stats().devices?.second).toMatchObject({ silent: true });
    expect(readsOfFirst).toBeGreaterThanOrEqual(57);
  });

  test('is back as soon as it answers', async () => {
    await minute(nonsense);
    server.answer = answer;
    await secondsPass(2, { server, clock });
    expect(sink.availabilities.at(-1)).toEqual({ device: 'second', online: true });
    expect(sink.raws.some(({ point }) => point === 'second/y')).toBe(true);
  });
});

test('a unit of which every other answer is nonsense stays, and is asked as often as ever', async () => {
  let count = 0;
  const { asked } = await minute((request, socket, index) => {
    count += 1;
    if (count % 2 === 0) answer(request, socket, index);
    else nonsense(request, socket, index);
  });
  expect(asked).toBe(120);
  expect(sink.availabilities).toEqual([]);
});
