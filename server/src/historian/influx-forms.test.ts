import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gunzipSync } from 'node:zlib';
import { silentLogger, VirtualClock } from '@plantroom/contracts';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createHistorian } from './create-historian.ts';
import type { Historian } from './historian.ts';

// What goes over the wire to each version, as its documentation has it. 1.x is verified against a real server in tests/peers; 2.x
// (/api/v2/write, and /query of its 1.x compatibility API) and 3.x (the same two) are not.
interface Heard {
  method: string;
  path: string;
  query: Record<string, string>;
  headers: IncomingHttpHeaders;
  body: string;
}

let server: Server;
let heard: Heard[];
let status: number;
let url: string;

beforeEach(async () => {
  heard = [];
  status = 200;
  server = createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on('data', (part: Buffer) => parts.push(part));
    request.on('end', () => {
      const { pathname, searchParams } = new URL(request.url ?? '', 'http://receiver');
      const bytes = Buffer.concat(parts);
      const body = request.headers['content-encoding'] === 'gzip' ? gunzipSync(bytes) : bytes;
      const { method = '', headers } = request;
      heard.push({ method, path: pathname, query: Object.fromEntries(searchParams), headers, body: body.toString() });
      if (status !== 200) return response.writeHead(status).end('{"code":"unauthorized"}');
      if (pathname === '/query') return response.end('{"results":[{"statement_id":0}]}');
      response.writeHead(204).end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
});
afterEach(() => new Promise<void>((resolve) => server.close(() => resolve())));

const clock = new VirtualClock(Date.UTC(2026, 0, 20));
const historian = (options: { org?: string; token?: string }): Historian =>
  createHistorian({
    kind: 'influxdb',
    url,
    bucket: 'plant',
    classOf: () => 'pump',
    logger: silentLogger,
    clock,
    ...options,
  });
const samples = [{ point: 'hq/p-1/flow', timeMs: 1_000, value: 2.5 }];
const quality = [{ point: 'hq/p-1/flow', timeMs: 1_001, code: 0, reason: 'comm-lost' }];
const lines =
  'pump,site=hq,equipment=p-1 flow=2.5 1000\npoint_quality,site=hq,equipment=p-1,point=flow code=0,reason="comm-lost" 1001';

test('2.x and 3.x are written through /api/v2/write with organisation, bucket and token', async () => {
  await historian({ org: 'acme', token: 'secret' }).write(samples, quality);
  expect(heard).toMatchObject([
    {
      method: 'POST',
      path: '/api/v2/write',
      query: { org: 'acme', bucket: 'plant', precision: 'ms' },
      headers: {
        authorization: 'Token secret',
        'content-encoding': 'gzip',
        'content-type': 'text/plain; charset=utf-8',
      },
      body: lines,
    },
  ]);
});

test('1.x is written through /write, signed in with user and password', async () => {
  await historian({ token: 'admin:pass' }).write(samples, quality);
  expect(heard).toMatchObject([
    {
      method: 'POST',
      path: '/write',
      query: { db: 'plant', precision: 'ms' },
      headers: { authorization: `Basic ${Buffer.from('admin:pass').toString('base64')}` },
      body: lines,
    },
  ]);
});

test('every version is read with InfluxQL over /query, the bucket as database, times in ms', async () => {
  for (const options of [{ org: 'acme', token: 'se:cret' }, {}]) {
    await historian(options).latest(['hq/p-1/flow']);
  }
  const body = new URLSearchParams({
    db: 'plant',
    epoch: 'ms',
    q: `SELECT last("flow") FROM "pump" WHERE "site" = 'hq' AND "equipment" = 'p-1'`,
  });
  const form = { 'content-type': 'application/x-www-form-urlencoded;charset=UTF-8' };
  expect(heard).toMatchObject([
    { method: 'POST', path: '/query', headers: { ...form, authorization: 'Token se:cret' }, body: body.toString() },
    { method: 'POST', path: '/query', headers: form, body: body.toString() },
  ]);
  expect(heard[1]?.headers.authorization).toBeUndefined();
});

test('only a database of 1.x is created; a bucket is made by its owner', async () => {
  await historian({ org: 'acme', token: 'secret' }).start();
  await historian({}).start();
  expect(heard.map(({ path, body }) => [path, new URLSearchParams(body).get('q')])).toEqual([
    ['/ping', null],
    ['/query', 'CREATE DATABASE "plant"'],
  ]);
});

test('a token that is refused is an error not worth repeating, an overloaded server is', async () => {
  status = 401;
  await expect(historian({ org: 'acme' }).write(samples, [])).rejects.toMatchObject({
    code: 'INFLUX_REFUSED',
    retryable: false,
  });
  status = 503;
  await expect(historian({ org: 'acme' }).write(samples, [])).rejects.toMatchObject({
    code: 'INFLUX_BUSY',
    retryable: true,
  });
});
