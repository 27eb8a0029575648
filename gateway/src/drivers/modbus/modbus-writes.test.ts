import { VirtualClock } from '@plantroom/contracts';
import type { PointWrite } from '@plantroom/device-profiles';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Driver } from '../driver.ts';
import { modbusDevice } from '../test-helpers/devices.ts';
import { type RecordingSink, recordingSink } from '../test-helpers/recording-sink.ts';
import { type RegisterServer, registerServer } from '../test-helpers/register-server.ts';
import { bytes, turns, until } from '../test-helpers/scripted-server.ts';
import { startedDriver } from '../test-helpers/started-driver.ts';

const write: PointWrite = { encode: () => ({ refused: 'unused' }), agrees: () => true, settleMs: 300 };
const setpoint = { protocol: 'modbus', table: 'holding', address: 900, words: [42], single: true } as const;

let server: RegisterServer;
let clock: VirtualClock;
let sink: RecordingSink;
let driver: Driver;
let device: ReturnType<typeof modbusDevice>;

const bindingOf = (point: string) => device.bindings.find((binding) => binding.point === point)!;

beforeEach(async () => {
  server = await registerServer();
  clock = new VirtualClock();
  sink = recordingSink();
});
afterEach(async () => {
  await driver.stop();
  await server.close();
});

async function start(
  points: Parameters<typeof modbusDevice>[1],
  options: Parameters<typeof modbusDevice>[2] = {},
): Promise<void> {
  device = modbusDevice('d', points, options);
  driver = await startedDriver([device], { server, clock, sink });
}

/** Answers writes of one register with their echo; everything else as before. */
function acceptWrites(): void {
  const read = server.answer;
  server.answer = (request, socket, index) => {
    if (request[7] !== 6) return read(request, socket, index);
    server.asked.push(`write ${request.readUInt16BE(8)}=${request.readUInt16BE(10)}`);
    socket.write(request);
  };
}

const target = { target: { table: 'holding', at: 900, poll: 'slow', write } } as const;

describe('writes of the Modbus driver', () => {
  test('a write goes between two reads of a poll that runs, and the point is read back when it has settled', async () => {
    await start({ ...target, a: { at: 0 }, b: { at: 100 }, c: { at: 200 } });
    acceptWrites();
    // The slow poll, which reads the point too, comes once at the start and then not for ten seconds.
    await until(() => {
      clock.advance(10);
      return sink.raws.some(({ point }) => point === 'd/target');
    });
    const answer = server.answer;
    const held: (() => void)[] = [];
    server.answer = (request, socket, index) => void held.push(() => answer(request, socket, index));
    await until(() => {
      clock.advance(10);
      return held.length > 0;
    });
    const written = driver.write('d', bindingOf('target'), setpoint);
    await turns();
    server.answer = answer;
    const before = server.asked.length;
    held.shift()!();
    expect(await written).toEqual({ kind: 'done' });
    expect(server.asked[before + 1]).toBe('write 900=42');
    await turns();
    const afterWrite = server.asked.filter((asked) => asked === '1:3 900+1').length;
    clock.advance(299);
    await turns();
    expect(server.asked.filter((asked) => asked === '1:3 900+1').length).toBe(afterWrite);
    const raws = sink.raws.length;
    clock.advance(1);
    await until(() => sink.raws.slice(raws).some(({ point }) => point === 'd/target'));
  });

  test('an exception is told with its code, and nothing is read back', async () => {
    await start(target);
    server.answer = (request, socket) =>
      request[7] === 6
        ? void socket.write(Buffer.concat([request.subarray(0, 4), bytes('00 03 01 86 03')]))
        : undefined;
    expect(await driver.write('d', bindingOf('target'), setpoint)).toEqual({
      kind: 'failed',
      failure: { kind: 'exception', code: 3 },
    });
    expect(driver.stats().devices?.d).toMatchObject({ exceptions: { 3: 1 } });
  });

  test('a write that is not answered is told as a time-out, is not repeated, and what became of it is read back', async () => {
    await start(target);
    const read = server.answer;
    let writes = 0;
    server.answer = (request, socket, index) => {
      if (request[7] !== 6) return read(request, socket, index);
      writes += 1;
    };
    const written = driver.write('d', bindingOf('target'), setpoint);
    await until(() => writes === 1);
    clock.advance(1000);
    expect(await written).toEqual({ kind: 'failed', failure: { kind: 'timeout' } });
    const raws = sink.raws.length;
    await until(() => {
      clock.advance(10);
      return sink.raws.slice(raws).some(({ point }) => point === 'd/target');
    });
    expect(writes).toBe(1);
  });

  test('an answer that repeats another value is no success', async () => {
    await start(target);
    server.answer = (request, socket) => {
      const wrong = Buffer.from(request);
      wrong[11]! ^= 1;
      if (request[7] === 6) socket.write(wrong);
    };
    expect(await driver.write('d', bindingOf('target'), setpoint)).toMatchObject({
      kind: 'failed',
      failure: { kind: 'malformed' },
    });
  });

  test('a broadcast is refused without being sent', async () => {
    await start(target, { unitId: 0 });
    const result = await driver.write('d', bindingOf('target'), setpoint);
    expect(result).toMatchObject({ kind: 'failed', failure: { message: expect.stringContaining('broadcast') } });
    expect(server.requests.every((request) => request[7] !== 6)).toBe(true);
  });
});

describe('what a device answers instead of a value', () => {
  const busyOnce = (code: number, times: number): void => {
    const read = server.answer;
    let left = times;
    server.answer = (request, socket, index) => {
      if (left-- <= 0) return read(request, socket, index);
      socket.write(Buffer.concat([request.subarray(0, 4), bytes('00 03 01 84'), Buffer.from([code])]));
    };
  };

  test.each([5, 6])('exception %i: it is asked again within the period, and nothing is lost', async (code) => {
    await start({ a: { at: 3 } });
    busyOnce(code, 2);
    await until(() => {
      clock.advance(10);
      return sink.settledDevices.length > 0;
    });
    expect([sink.raws.length, sink.failures.length]).toEqual([0, 0]);
    for (let i = 0; i < 80; i++) {
      clock.advance(10);
      await turns(2);
    }
    await until(() => sink.raws.length > 0);
    expect(sink.raws[0]).toMatchObject({ point: 'd/a', raw: [3] });
    expect(sink.failures).toEqual([]);
  });

  test('a value with its scale in another table is given when both have come', async () => {
    await start({ a: { at: 3, length: 2, more: [{ table: 'holding', address: 70, length: 1 }] } });
    await until(() => {
      clock.advance(10);
      return sink.raws.length > 0;
    });
    expect(sink.raws[0]).toMatchObject({ point: 'd/a', raw: [3, 4, 70] });
    server.missing.add(70);
    const before = sink.raws.length;
    await until(() => {
      clock.advance(10);
      return sink.failures.length > 0;
    });
    expect(sink.raws.length).toBe(before);
    expect(sink.failures[0]).toMatchObject({ points: ['d/a'], failure: { kind: 'exception', code: 2 } });
  });
});
