import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gunzipSync } from 'node:zlib';
import { type Reading, silentLogger, VirtualClock } from '@plantroom/contracts';
import { eventually } from '@plantroom/contracts/testing';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { openMemoryOutbox } from '../../outbox/memory-outbox.ts';
import type { Outbox } from '../../outbox/outbox.ts';
import { pointTable } from '../../pipeline/point-table.ts';
import { testBinding, testDevice } from '../../test-helpers/devices.ts';
import { LineUplink, lineUplinkName } from './line-uplink.ts';
import { LineWriter, type LineWriterOptions } from './line-writer.ts';

type Answer = { status: number; headers?: Record<string, string>; body?: string } | 'reset';
interface Request {
  url: string;
  headers: IncomingMessage['headers'];
  lines: string[];
}

const table = pointTable('tower', [testDevice('drive', [testBinding('flow'), testBinding('head')])]);
const clock = new VirtualClock();
const t = clock.nowMs();
const readings = (count: number, from = 0): Reading[] =>
  Array.from({ length: count }, (_, i) => ({
    point: 'tower/pump-1/flow',
    value: from + i,
    quality: 'good',
    wireTimeMs: t + from + i,
  }));

let server: Server;
let requests: Request[];
let answer: (request: Request) => Answer;
let outbox: Outbox;
let uplink: LineUplink;

const stored = (): number[] =>
  requests
    .filter((r) => answered.get(r) === 204)
    .flatMap((r) => r.lines)
    .flatMap((line) => /flow=(\d+)/.exec(line)?.[1] ?? [])
    .map(Number);
const answered = new WeakMap<Request, number>();

async function open({
  api = 'v2',
  ...options
}: Partial<Omit<LineWriterOptions, 'api'>> & { api?: 'v1' | 'v2' | 'ask' } = {}): Promise<void> {
  const { port } = server.address() as AddressInfo;
  const form = api === 'ask' ? {} : { api };
  const writer = new LineWriter({ url: `http://127.0.0.1:${port}`, timeoutMs: 20_000, ...form, ...options });
  uplink = new LineUplink({ outbox, table, writer, clock, logger: silentLogger });
  await uplink.start();
}

/** Time moves only while the uplink waits for it; the requests take real time. */
async function until(condition: () => boolean, stepMs = 100): Promise<void> {
  await eventually(
    () => {
      clock.advance(stepMs);
      expect(condition()).toBe(true);
    },
    { everyMs: 2 },
  );
}
const drained = (): boolean => outbox.committed(lineUplinkName, 'live') === outbox.position('live');

beforeEach(async () => {
  requests = [];
  answer = () => ({ status: 204 });
  outbox = openMemoryOutbox({ uplinks: [lineUplinkName], clock, logger: silentLogger });
  server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const body = Buffer.concat(chunks);
      const text = request.headers['content-encoding'] === 'gzip' ? gunzipSync(body) : body;
      const seen = { url: request.url ?? '', headers: request.headers, lines: text.toString().split('\n') };
      requests.push(seen);
      const reply = answer(seen);
      if (reply === 'reset') {
        request.socket.resetAndDestroy();
        return;
      }
      answered.set(seen, reply.status);
      response.writeHead(reply.status, reply.headers).end(reply.body);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});
afterEach(async () => {
  await uplink.stop();
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

describe('line protocol uplink', () => {
  test('v2: path, token, gzip; the cursor moves when the receiver has answered 2xx', async () => {
    outbox.append('live', readings(200));
    await open({ token: 'secret', org: 'my org', bucket: 'room', gzip: true });
    await until(drained);
    expect(requests[0]?.url).toBe('/api/v2/write?org=my%20org&bucket=room&precision=ms');
    expect(requests[0]?.headers.authorization).toBe('Token secret');
    expect(requests[0]?.headers['content-encoding']).toBe('gzip');
    expect(stored()).toEqual(Array.from({ length: 200 }, (_, i) => i));
    expect(uplink.stats()).toMatchObject({ connected: true, sentReadings: 200, failures: 0, rejectedReadings: 0 });
  });

  test('a receiver on this machine gets its lines as they are: compressing them costs more than it saves', async () => {
    outbox.append('live', readings(200));
    await open();
    await until(drained);
    expect(requests[0]?.headers['content-encoding']).toBeUndefined();
    expect(stored()).toHaveLength(200);
  });

  test.each([
    ['1.6.7~rc0', '/write?db=room&precision=ms'],
    ['1.8.10', '/api/v2/write?org=plantroom&bucket=room&precision=ms'],
    ['v2.7.1', '/api/v2/write?org=plantroom&bucket=room&precision=ms'],
  ])('a receiver that says at /ping that it is InfluxDB %s is written to at %s', async (version, path) => {
    answer = () => ({ status: 204, headers: { 'x-influxdb-version': version } });
    outbox.append('live', readings(1));
    await open({ api: 'ask', bucket: 'room' });
    await until(drained);
    expect(requests.map((request) => request.url)).toEqual(['/ping', path]);
  });

  test('v1: the database goes in the path of /write', async () => {
    outbox.append('live', readings(1));
    await open({ api: 'v1', bucket: 'room' });
    await until(drained);
    expect(requests[0]?.url).toBe('/write?db=room&precision=ms');
    expect(requests[0]?.headers.authorization).toBeUndefined();
    expect(requests[0]?.lines[0]).toBe(`pump,site=tower,equipment=pump-1 flow=0 ${t}`);
  });

  test('503 with Retry-After: nothing is sent before that time, and nothing is lost', async () => {
    let busyAt: number | undefined;
    let nextAt: number | undefined;
    answer = () => {
      if (busyAt === undefined) {
        busyAt = clock.nowMs();
        return { status: 503, headers: { 'retry-after': '30' } };
      }
      nextAt ??= clock.nowMs();
      return { status: 204 };
    };
    outbox.append('live', readings(5));
    await open();
    await until(drained);
    expect(nextAt! - busyAt!).toBeGreaterThanOrEqual(30_000);
    expect(stored()).toEqual([0, 1, 2, 3, 4]);
    expect(uplink.stats()).toMatchObject({ failures: 1, rejectedReadings: 0 });
  });

  test('a connection that is reset is tried again', async () => {
    answer = () => (requests.length < 4 ? 'reset' : { status: 204 });
    outbox.append('live', readings(5));
    await open();
    await until(drained);
    expect(stored()).toEqual([0, 1, 2, 3, 4]);
    expect(uplink.stats().failures).toBe(3);
  });

  test('one bad line among many is found, counted and left out; the others are stored', async () => {
    answer = ({ lines }) =>
      lines.some((line) => line.includes('flow=137 '))
        ? { status: 400, headers: { 'content-type': 'application/json' }, body: '{"error":"field type conflict"}' }
        : { status: 204 };
    outbox.append('live', readings(300));
    await open();
    await until(drained);
    expect(stored()).toEqual(Array.from({ length: 300 }, (_, i) => i).filter((i) => i !== 137));
    expect(uplink.stats()).toMatchObject({ rejectedReadings: 1, failures: 0 });
  });

  test('a network failure in the midst of the search loses nothing', async () => {
    answer = ({ lines }) => {
      if (requests.length === 4) return 'reset';
      return lines.some((line) => line.includes('flow=3 ')) ? { status: 400 } : { status: 204 };
    };
    outbox.append('live', readings(20));
    await open();
    await until(drained);
    expect([...new Set(stored())].sort((a, b) => a - b)).toEqual(
      Array.from({ length: 20 }, (_, i) => i).filter((i) => i !== 3),
    );
  });

  test('a wrong token costs no reading: they wait until it is right', async () => {
    answer = () => (requests.length < 3 ? { status: 401 } : { status: 204 });
    outbox.append('live', readings(5));
    await open();
    await until(() => uplink.stats().failures === 1);
    expect(uplink.stats()).toMatchObject({ connected: false, rejectedReadings: 0 });
    expect(uplink.stats().lastError).toMatch(/401/);
    await until(drained);
    expect(stored()).toEqual([0, 1, 2, 3, 4]);
  });

  test('safety readings go ahead of telemetry that waits', async () => {
    outbox.append('live', readings(5));
    outbox.append('safety', [{ point: 'tower/pump-1/head', value: 1, quality: 'good', wireTimeMs: t }]);
    await open();
    await until(drained);
    expect(requests[0]?.lines[0]).toContain('head=1');
    expect(requests[1]?.lines[0]).toContain('flow=0');
  });
});
