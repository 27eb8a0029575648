import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';
import { type Logger, silentLogger, VirtualClock } from '@plantroom/contracts';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { ModbusServerConnection } from '../../config/gateway-config.ts';
import { bytes, turns, until } from '../test-helpers/scripted-server.ts';
import { withCrc } from '../test-helpers/with-crc.ts';
import { createClient } from './create-client.ts';
import type { ModbusClient } from './modbus-client.ts';

let clock: VirtualClock;
let port: number;
let clients: ModbusClient[];
let callers: Socket[];
let said: string[];
let logger: Logger;

const request = {
  unit: 1,
  table: 'input',
  start: 0,
  count: 1,
  framing: 'standard',
  strictTransactionId: true,
} as const;

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  return typeof address === 'object' && address !== null ? address.port : 0;
}

function listen(some: Partial<ModbusServerConnection> = {}): ModbusClient {
  const client = createClient(
    { id: 'dtu', protocol: 'modbus', transport: 'tcp-server', host: '127.0.0.1', port, ...some },
    { settings: { timeoutMs: 1000, minRequestGapMs: 0, connectDelayMs: 0 }, clock, logger },
  );
  clients.push(client);
  client.start();
  return client;
}

/** A DTU whose devices answer every request with this frame. */
async function call(answer: Buffer | ((asked: Buffer) => Buffer)): Promise<Socket> {
  for (;;) {
    const socket = connect({ port, host: '127.0.0.1', noDelay: true });
    callers.push(socket);
    socket.on('data', (asked) => socket.write(typeof answer === 'function' ? answer(asked) : answer));
    const connected = await new Promise<boolean>((resolve) => {
      socket.once('connect', () => resolve(true));
      socket.once('error', () => resolve(false));
    });
    socket.on('error', () => undefined);
    if (connected) return socket;
    await turns(5);
  }
}

const value = (n: number): Buffer => withCrc(`01 04 02 00 ${n.toString(16).padStart(2, '0')}`);
const read = async (client: ModbusClient): Promise<unknown> => {
  const result = await client.read(request);
  return result.ok ? result.values[0] : result.failure;
};

beforeEach(async () => {
  clock = new VirtualClock();
  port = await freePort();
  clients = [];
  callers = [];
  said = [];
  const note = (_fields: object, words: string) => void said.push(words);
  logger = { ...silentLogger, info: note, warn: note, error: note };
});
afterEach(async () => {
  for (const socket of callers) socket.destroy();
  await Promise.all(clients.map((client) => client.stop()));
});

describe('a line that the other side dials', () => {
  test('takes any caller where none has to register, and reads over it', async () => {
    const client = listen();
    await call(value(7));
    await until(() => client.stats().connected);
    expect(await read(client)).toBe(7);
  });

  test('callers of one port are told apart, by registrations that come split, merged or one the beginning of the other', async () => {
    const [one, ten, raw] = [
      listen({ registration: 'DTU1' }),
      listen({ registration: 'DTU10' }),
      listen({ registration: '0xFE01' }),
    ];
    const first = await call(value(1));
    first.write('DT');
    await turns();
    first.write('U1');
    const second = await call(value(10));
    second.write(Buffer.concat([bytes('FE 01'), value(99)]));
    const third = await call(value(3));
    third.write('DTU10');
    await until(() => ten.stats().connected && raw.stats().connected);
    expect(one.stats().connected).toBe(false);
    clock.advance(500);
    await until(() => one.stats().connected);
    expect([await read(one), await read(ten), await read(raw)]).toEqual([1, 3, 10]);
  });

  test('an unknown caller is named by what it said, and closed', async () => {
    const client = listen({ registration: 'DTU1' });
    const stranger = await call(value(1));
    stranger.write('GET / HTTP/1.1');
    await turns();
    clock.advance(10_000);
    await until(() => stranger.destroyed || stranger.readableEnded || stranger.closed);
    expect(said.join('\n')).toContain('it said "GET / HTTP/1.1", which is no registration in the file');
    expect(client.stats().connected).toBe(false);
  });

  test('a second call with the same registration takes the place of the first', async () => {
    const client = listen({ registration: 'DTU1' });
    const first = await call(value(1));
    first.write('DTU1');
    await until(() => client.stats().connected);
    const second = await call(value(2));
    second.write('DTU1');
    await until(() => client.stats().reconnects === 1);
    expect(await read(client)).toBe(2);
    await until(() => first.closed);
  });

  test.each([
    ['before an answer', (answer: Buffer) => [Buffer.concat([bytes('FE FE'), answer])]],
    ['behind an answer', (answer: Buffer) => [Buffer.concat([answer, bytes('FE FE')])]],
    ['in the middle of an answer', (answer: Buffer) => [answer.subarray(0, 3), bytes('FE FE'), answer.subarray(3)]],
  ])('a heartbeat %s is no part of it', async (_, segments) => {
    const client = listen({ heartbeat: '0xFEFE' });
    const dtu = await call(() => Buffer.alloc(0));
    dtu.on('data', () => {
      void (async () => {
        for (const segment of segments(value(7))) {
          dtu.write(segment);
          await turns(3);
        }
      })();
    });
    await until(() => client.stats().connected);
    expect([await read(client), await read(client)]).toEqual([7, 7]);
  });

  test('with frames of Modbus TCP a heartbeat is no header either', async () => {
    const client = listen({ frames: 'tcp', heartbeat: 'ping' });
    const dtu = await call((asked) =>
      Buffer.concat([Buffer.from('ping'), asked.subarray(0, 4), bytes('00 05 01 04 02 00 07'), Buffer.from('ping')]),
    );
    await until(() => client.stats().connected);
    dtu.write('pi');
    await turns();
    dtu.write('ng');
    expect([await read(client), await read(client)]).toEqual([7, 7]);
  });

  test('heartbeats alone are silence, not a damaged answer', async () => {
    const client = listen({ heartbeat: 'ping' });
    const dtu = await call(Buffer.from('ping'));
    await until(() => client.stats().connected);
    const answer = client.read(request);
    await until(() => dtu.bytesRead > 0);
    await turns();
    clock.advance(1000);
    expect(await answer).toMatchObject({ ok: false, failure: { kind: 'timeout' } });
  });

  test('a port in use is one clear error, and is listened on when it is free', async () => {
    const other = createServer().listen(port, '127.0.0.1');
    await once(other, 'listening');
    const [a] = [listen({ registration: 'A' }), listen({ registration: 'B' })];
    await until(() => said.length > 0);
    expect(await read(a!)).toMatchObject({ kind: 'connection' });
    expect(said).toEqual([expect.stringContaining(`cannot listen on 127.0.0.1:${port}: listen EADDRINUSE`)]);
    other.close();
    await once(other, 'close');
    clock.advance(5000);
    const dtu = await call(value(4));
    dtu.write('A');
    await until(() => a!.stats().connected);
    expect(await read(a!)).toBe(4);
  });

  test('the port closes with the last of its lines', async () => {
    const [a, b] = [listen({ registration: 'A' }), listen({ registration: 'B' })];
    await call(value(1));
    await a.stop();
    await call(value(1));
    await b.stop();
    const late = connect({ port, host: '127.0.0.1' });
    const [error] = (await once(late, 'error')) as [NodeJS.ErrnoException];
    expect(error.code).toBe('ECONNREFUSED');
  });
});
