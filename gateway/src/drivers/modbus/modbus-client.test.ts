import { silentLogger, VirtualClock } from '@plantroom/contracts';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { bytes, type ScriptedServer, scriptedServer, turns, until } from '../test-helpers/scripted-server.ts';
import { MbapFraming } from './mbap-framing.ts';
import { type ExchangeResult, ModbusClient } from './modbus-client.ts';
import type { ReadRequest } from './request.ts';
import { RtuFraming } from './rtu-framing.ts';
import { tcpLine } from './tcp-line.ts';

const timeoutMs = 1000;
const request = (some: Partial<ReadRequest> = {}): ReadRequest => ({
  unit: 1,
  table: 'input',
  start: 0,
  count: 1,
  framing: 'standard',
  strictTransactionId: true,
  ...some,
});

/** The answer to a request over TCP with one register of this value. */
function mbap(asked: Buffer, value: number): Buffer {
  const frame = bytes('00 00 00 00 00 05 00 00 02 00 00');
  asked.copy(frame, 0, 0, 2);
  asked.copy(frame, 6, 6, 8);
  frame.writeUInt16BE(value, 9);
  return frame;
}

let server: ScriptedServer;
let clock: VirtualClock;
let client: ModbusClient;

function connect(framing = 'mbap', settings: { minRequestGapMs?: number; connectDelayMs?: number } = {}): void {
  client = new ModbusClient({
    line: (options) => tcpLine({ host: '127.0.0.1', port: server.port }, options),
    framing: framing === 'mbap' ? new MbapFraming() : new RtuFraming(),
    settings: { timeoutMs, minRequestGapMs: 0, connectDelayMs: 0, ...settings },
    clock,
    logger: silentLogger,
  });
  client.start();
}

const outcomeOf = (result: ExchangeResult): unknown => (result.ok ? result.values[0] : result.failure);

/** Starts a read, waits until the server has it, lets the time-out pass. */
async function timedOut(of: ReadRequest): Promise<ExchangeResult> {
  const before = server.requests.length;
  const read = client.read(of);
  await until(() => server.requests.length > before);
  clock.advance(timeoutMs);
  return read;
}

async function connectedAgain(): Promise<void> {
  await until(() => {
    clock.advance(100);
    return client.stats().connected;
  });
}

beforeEach(async () => {
  server = await scriptedServer();
  clock = new VirtualClock();
});
afterEach(async () => {
  await client.stop();
  await server.close();
});

describe('Modbus client over TCP', () => {
  test('reads, and stamps the reading when its bytes came', async () => {
    connect();
    server.answer = (asked, socket) => socket.write(mbap(asked, 2302));
    clock.step(5);
    expect(await client.read(request())).toEqual({
      ok: true,
      values: Uint16Array.of(2302),
      atMs: clock.nowMs(),
      tookMs: 0,
    });
    expect(client.stats()).toMatchObject({ connected: true, requests: 1, responses: 1 });
  });

  test('a wrong transaction id is waited out, unless the device is known not to echo it', async () => {
    connect();
    server.answer = (asked, socket) => socket.write(mbap(Buffer.concat([bytes('77 77'), asked.subarray(2)]), 7));
    const strict = client.read(request());
    await until(() => client.stats().stray === 1);
    clock.advance(timeoutMs);
    expect(outcomeOf(await strict)).toMatchObject({ kind: 'malformed' });
    expect(outcomeOf(await client.read(request({ strictTransactionId: false })))).toBe(7);
  });

  test('without ids, nothing is asked after a time-out until the line has been silent', async () => {
    connect();
    const lenient = request({ strictTransactionId: false });
    await timedOut(lenient);
    const next = client.read(lenient);
    await turns();
    expect(server.requests.length).toBe(1);
    server.answer = (asked, socket) => socket.write(mbap(asked, 222));
    server.connections[0]!.write(mbap(server.requests[0]!, 111));
    expect(outcomeOf(await next)).toBe(222);
  });

  test('a wrong length is an error at once, not a value', async () => {
    connect();
    server.answer = (asked, socket) => socket.write(mbap(asked, 7));
    expect(outcomeOf(await client.read(request({ count: 2 })))).toMatchObject({ kind: 'malformed' });
    expect(client.stats().malformed).toBe(1);
  });

  test('bytes that are no Modbus end the connection, and the next one works', async () => {
    connect();
    server.answer = (_, socket) => socket.write('HTTP/1.1 400 Bad Request\r\n');
    expect(outcomeOf(await client.read(request()))).toMatchObject({ kind: 'malformed' });
    server.answer = (asked, socket) => socket.write(mbap(asked, 7));
    await connectedAgain();
    expect(outcomeOf(await client.read(request()))).toBe(7);
    expect(client.stats().reconnects).toBe(1);
  });

  test('an answer that nonsense cut off may come on the next connection: without ids, another request could take it for its own', async () => {
    connect();
    const lenient = { strictTransactionId: false };
    server.answer = (asked, socket) => socket.write(mbap(asked, 7));
    expect(outcomeOf(await client.read(request(lenient)))).toBe(7);
    expect(client.confusion(request({ ...lenient, start: 100 }))).toBe('none');
    server.answer = (_, socket) => socket.write('HTTP/1.1 400 Bad Request\r\n');
    expect(outcomeOf(await client.read(request(lenient)))).toMatchObject({ kind: 'malformed' });
    await connectedAgain();
    expect(client.confusion(request({ ...lenient, start: 100 }))).toBe('another');
    expect(client.confusion(request({ ...lenient, start: 100, count: 2 }))).toBe('none');
  });

  test('three silences in a row bring a new connection', async () => {
    connect();
    for (let i = 0; i < 3; i++) await timedOut(request({ unit: i + 1 }));
    await connectedAgain();
    server.answer = (asked, socket) => socket.write(mbap(asked, 7));
    expect(outcomeOf(await client.read(request()))).toBe(7);
    expect(server.connections.length).toBe(2);
  });

  test('attempts to connect come ever more slowly until something answers', async () => {
    connect();
    server.answer = (_, socket) => socket.destroy();
    for (const backoffMs of [500, 1000, 2000]) {
      await client.read(request());
      const before = server.connections.length;
      clock.advance(backoffMs - 1);
      await turns();
      expect(server.connections.length).toBe(before);
      clock.advance(1);
      await until(() => server.connections.length > before);
    }
  });

  test('a refused connection names host, port and reason', async () => {
    const { port } = server;
    await server.close();
    connect();
    const failure = outcomeOf(await client.read(request()));
    expect(failure).toMatchObject({ kind: 'connection' });
    expect((failure as { message: string }).message).toContain(`127.0.0.1:${port}: connect ECONNREFUSED`);
    server = await scriptedServer();
  });

  test('keeps the connect delay and the gap between requests', async () => {
    connect('mbap', { connectDelayMs: 300, minRequestGapMs: 100 });
    server.answer = (asked, socket) => socket.write(mbap(asked, 7));
    await until(() => server.connections.length === 1);
    const first = client.read(request());
    await turns();
    expect(server.requests.length).toBe(0);
    clock.advance(300);
    await first;
    const second = client.read(request());
    clock.advance(99);
    await turns();
    expect(server.requests.length).toBe(1);
    clock.advance(1);
    expect(outcomeOf(await second)).toBe(7);
  });
});

describe('Modbus client with RTU frames over TCP', () => {
  const rtu = request({ unit: 0x11, table: 'holding', start: 0x6b, count: 3 });
  const answer = bytes('11 03 06 AE 41 56 52 43 40 49 AD');

  test('after a time-out the line must fall silent before the next request', async () => {
    connect('rtu');
    await timedOut(rtu);
    const next = client.read(rtu);
    clock.advance(timeoutMs - 1);
    server.connections[0]!.write(bytes('11 03'));
    await turns();
    clock.advance(timeoutMs - 1);
    await turns();
    expect(server.requests.length).toBe(1);
    server.answer = (_, socket) => socket.write(answer);
    clock.advance(1);
    expect((await next).ok).toBe(true);
  });

  test('a damaged answer is malformed once the time is up', async () => {
    connect('rtu');
    server.answer = (_, socket) => socket.write(bytes('11 03 06 AE 41 56 52 43 41 49 AD'));
    const read = client.read(rtu);
    await until(() => server.requests.length === 1);
    await turns();
    clock.advance(timeoutMs);
    expect(outcomeOf(await read)).toMatchObject({ kind: 'malformed' });
  });
});
