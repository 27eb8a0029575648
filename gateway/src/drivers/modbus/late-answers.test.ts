import type { Socket } from 'node:net';
import { VirtualClock } from '@plantroom/contracts';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Driver } from '../driver.ts';
import { modbusDevice } from '../test-helpers/devices.ts';
import { type RecordingSink, recordingSink } from '../test-helpers/recording-sink.ts';
import { type ScriptedServer, scriptedServer } from '../test-helpers/scripted-server.ts';
import { secondsPass, startedDriver } from '../test-helpers/started-driver.ts';
import { withCrc } from '../test-helpers/with-crc.ts';
import { LateAnswers } from './late-answers.ts';
import type { ReadRequest } from './request.ts';

const timeoutMs = 1000;

let server: ScriptedServer;
let clock: VirtualClock;
let sink: RecordingSink;
let driver: Driver;
/** How long the device takes for its next answers; it answers one request after the other. */
let lateMs: number;
let busyUntilMs: number;

/** Every register holds its own address, so that a value tells which block it was served in. */
function answerInTurn(wire: 'lenient' | 'rtu') {
  return (request: Buffer, socket: Socket): void => {
    const pdu = wire === 'rtu' ? request.subarray(0, 6) : request.subarray(6);
    const [start, count] = [pdu.readUInt16BE(2), pdu.readUInt16BE(4)];
    const words = Buffer.alloc(2 * count);
    for (let i = 0; i < count; i++) words.writeUInt16BE(start + i, 2 * i);
    const reply = Buffer.concat([pdu.subarray(0, 2), Buffer.from([2 * count]), words]);
    const frame =
      wire === 'rtu'
        ? withCrc(reply.toString('hex'))
        : Buffer.concat([Buffer.from([0, 0, 0, 0, 0, reply.length]), reply]);
    busyUntilMs = Math.max(busyUntilMs, clock.monotonicMs() + lateMs);
    if (busyUntilMs <= clock.monotonicMs()) socket.write(frame);
    else clock.after(busyUntilMs - clock.monotonicMs(), () => socket.write(frame));
  };
}

async function start(wire: 'lenient' | 'rtu', points: Record<string, { at: number }>): Promise<void> {
  server.answer = answerInTurn(wire);
  const device = modbusDevice('m', points, { modbus: { timeoutMs, strictTransactionId: wire === 'rtu' } });
  const connection = { transport: wire === 'rtu' ? 'rtu-over-tcp' : 'tcp' } as const;
  driver = await startedDriver([device], { server, clock, sink, connection });
}

const seconds = (count: number): Promise<void> => secondsPass(count, { server, clock });

const pointsAt = (...addresses: number[]): Record<string, { at: number }> =>
  Object.fromEntries(addresses.map((at) => [`p${at}`, { at }]));
const taken = (): string[] => sink.raws.map(({ point, raw }) => `${point}=${(raw as number[]).join()}`);
const wrong = (): string[] => taken().filter((value) => !/^m\/p(\d+)=\1$/.test(value));

beforeEach(async () => {
  server = await scriptedServer();
  clock = new VirtualClock();
  sink = recordingSink();
  lateMs = 0;
  busyUntilMs = 0;
});
afterEach(async () => {
  await driver?.stop();
  await server.close();
});

describe.each(['lenient', 'rtu'] as const)('answers without ids (%s)', (wire) => {
  /**
   * Three blocks of one length: nothing but what was asked tells their answers apart. Six values each, so that more lengths can be read
   * than answers can be outstanding: a device with fewer is held back until the last of them is lost.
   */
  const blocks = pointsAt(...[0, 100, 200].flatMap((start) => Array.from({ length: 6 }, (_, i) => start + i)));

  test.each([1.5, 2.5, 4.4])(
    'that come %d time-outs late pass for no other block, and all are back within two polls',
    async (late) => {
      await start(wire, blocks);
      await seconds(2);
      lateMs = late * timeoutMs;
      await seconds(10);
      lateMs = 0;
      await seconds(Math.ceil(Math.max(0, busyUntilMs - clock.monotonicMs()) / 1000));
      expect(wrong()).toEqual([]);
      sink.raws.length = 0;
      await seconds(2);
      expect(new Set(taken())).toEqual(new Set(Object.keys(blocks).map((point) => `m/${point}=${point.slice(1)}`)));
    },
  );

  test('that come now late, now in time pass for no other block', async () => {
    await start(wire, blocks);
    for (const late of [1.2, 0, 2.4, 0, 0, 3.7, 4.2, 0.9, 3, 0]) {
      lateMs = late * timeoutMs;
      await seconds(2);
    }
    expect(wrong()).toEqual([]);
    expect(taken().length).toBeGreaterThan(0);
  });

  test('pass for no other value where every block is one value long', async () => {
    const single = pointsAt(0, 100, 200);
    await start(wire, single);
    await seconds(2);
    lateMs = 2.5 * timeoutMs;
    await seconds(10);
    lateMs = 0;
    await seconds(10);
    expect(wrong()).toEqual([]);
    sink.raws.length = 0;
    await seconds(1);
    expect(taken().sort()).toEqual(['m/p0=0', 'm/p100=100', 'm/p200=200']);
  });
});

describe('requests that were given up', () => {
  const read = (some: Partial<ReadRequest> = {}): ReadRequest => ({
    unit: 1,
    table: 'holding',
    start: 0,
    count: 10,
    framing: 'standard',
    strictTransactionId: true,
    ...some,
  });

  test.each([
    ['the same again', {}, 'itself'],
    ['another address of this length', { start: 100 }, 'another'],
    ['another length', { count: 9 }, 'none'],
    ['another function', { table: 'input' }, 'none'],
    ['another unit', { unit: 2 }, 'none'],
  ] as const)('are confused with %s or not', (_, some, expected) => {
    const late = new LateAnswers();
    late.gaveUp(read(), { sentMs: 0, timeoutMs });
    expect(late.confusion(read(some), 4999)).toBe(expected);
    expect(late.untilMs(read(some), 4999)).toBe(expected === 'another' ? 5000 : 0);
    expect(late.confusion(read(some), 5000)).toBe('none');
  });

  test('are over with the answer to a later one that is like none of them', () => {
    const late = new LateAnswers();
    late.gaveUp(read(), { sentMs: 0, timeoutMs });
    late.answered(read({ count: 2 }), { confusion: 'none', sentMs: 1000, timeoutMs });
    expect(late.confusion(read({ start: 100 }), 1001)).toBe('none');
  });

  test('are not over with an answer that may have been theirs', () => {
    const late = new LateAnswers();
    late.gaveUp(read(), { sentMs: 0, timeoutMs });
    late.answered(read(), { confusion: 'itself', sentMs: 3000, timeoutMs });
    expect(late.confusion(read({ start: 100 }), 7999)).toBe('another');
    expect(late.confusion(read({ start: 100 }), 8000)).toBe('none');
  });

  test('and have come late are over, with all that were asked before', () => {
    const late = new LateAnswers();
    late.gaveUp(read({ count: 2 }), { sentMs: 0, timeoutMs });
    late.gaveUp(read(), { sentMs: 1000, timeoutMs });
    late.cameLate(read());
    expect(late.confusion(read({ start: 100, count: 2 }), 1001)).toBe('none');
    expect(late.confusion(read({ start: 100 }), 1001)).toBe('none');
  });
});
