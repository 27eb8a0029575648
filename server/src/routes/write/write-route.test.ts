import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { PlantroomError, silentLogger, VirtualClock } from '@plantroom/contracts';
import { eventually } from '@plantroom/contracts/testing';
import Fastify, { type FastifyInstance } from 'fastify';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createHistorian } from '../../historian/create-historian.ts';
import type { Historian } from '../../historian/historian.ts';
import { writeRoute } from './write-route.ts';

const now = Date.UTC(2026, 0, 20);
let folder: string;
let historian: Historian;
let app: FastifyInstance;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'plantroom-write-'));
  historian = createHistorian({ kind: 'duckdb', folder, logger: silentLogger, clock: new VirtualClock(now) });
  await historian.start();
  app = Fastify();
  await app.register(writeRoute, {
    historian,
    verifyToken: (token) => token === 'secret',
    logger: silentLogger,
    nowMs: () => now,
    maxBodyBytes: 10_000,
    maxBytesInFlight: 70_000,
  });
});
afterEach(async () => {
  await app.close();
  await historian.stop();
  await rm(folder, { recursive: true });
});

const post = (payload: string | Buffer, headers: Record<string, string> = {}, precision = 'ms') =>
  app.inject({
    method: 'POST',
    url: `/api/v2/write?org=o&bucket=b&precision=${precision}`,
    headers: { authorization: 'Token secret', 'content-type': 'text/plain; charset=utf-8', ...headers },
    payload,
  });
const line = (value: number, timeMs = now) => `pump,site=hq,equipment=p-1 flow=${value} ${timeMs}`;

test('204 means stored', async () => {
  const answer = await post(line(5));
  expect(answer.statusCode).toBe(204);
  expect(answer.body).toBe('');
  expect(await historian.latest(['hq/p-1/flow'])).toEqual([{ point: 'hq/p-1/flow', timeMs: now, value: 5 }]);
});

test('gzip bodies, Bearer tokens and requests without a content type are taken', async () => {
  expect((await post(gzipSync(line(6)), { 'content-encoding': 'gzip' })).statusCode).toBe(204);
  expect((await post(line(7), { authorization: 'Bearer secret' })).statusCode).toBe(204);
  const bare = await app.inject({
    method: 'POST',
    url: '/api/v2/write?precision=ms',
    headers: { authorization: 'Token secret', 'content-type': 'application/x-www-form-urlencoded' },
    payload: line(8),
  });
  expect(bare.statusCode).toBe(204);
  expect((await historian.latest(['hq/p-1/flow']))[0]?.value).toBe(8);
});

test('a wrong or missing token is 401 and nothing is stored', async () => {
  for (const authorization of ['Token wrong', 'Basic c2VjcmV0', '']) {
    const answer = await post(line(5), { authorization });
    expect(answer.statusCode).toBe(401);
    expect(answer.json()).toEqual({ code: 'unauthorized', message: 'unauthorized access' });
  }
  expect(await historian.latest(['hq/p-1/flow'])).toEqual([]);
});

test('wrong lines are told by number, and the others are stored', async () => {
  const answer = await post(`# comment\n${line(5)}\npump,site=hq,equipment=p-1 flow=abc 1\n${line(6, now + 1)}`);
  expect(answer.statusCode).toBe(400);
  expect(answer.json()).toEqual({
    code: 'invalid',
    line: 3,
    message: `partial write: line 3: unable to parse 'pump,site=hq,equipment=p-1 flow=abc 1': invalid number dropped=1`,
  });
  expect((await historian.latest(['hq/p-1/flow']))[0]?.value).toBe(6);
});

test('an unknown precision names the allowed ones', async () => {
  const answer = await post(line(5), {}, 'days');
  expect(answer.statusCode).toBe(400);
  expect(answer.json().message).toBe('invalid precision "days"; valid precision units are ns, n, us, u, ms, s');
});

test('a body over the limit is 413, also when it is small before decompression', async () => {
  const large = Array.from({ length: 500 }, (_, i) => line(i, now + i)).join('\n');
  expect((await post(large)).statusCode).toBe(413);
  const answer = await post(gzipSync(large), { 'content-encoding': 'gzip' });
  expect(answer.statusCode).toBe(413);
  expect(answer.json().code).toBe('request too large');
});

test('a body that is not what its header says is 400 or 415', async () => {
  expect((await post(line(5), { 'content-encoding': 'gzip' })).statusCode).toBe(400);
  expect((await post(line(5), { 'content-encoding': 'br' })).statusCode).toBe(415);
});

test('gzip that ends too early, or that unpacks to more than is allowed, is refused without holding it', async () => {
  const whole = gzipSync(line(5));
  const cut = await post(whole.subarray(0, whole.length - 10), { 'content-encoding': 'gzip' });
  expect(cut.statusCode).toBe(400);
  expect(cut.json().message).toMatch(/^body is not gzip: /);
  const bomb = gzipSync(Buffer.alloc(5_000_000, '#'));
  expect(bomb.length).toBeLessThan(10_000);
  expect((await post(bomb, { 'content-encoding': 'gzip' })).statusCode).toBe(413);
  expect(await historian.latest(['hq/p-1/flow'])).toEqual([]);
});

test('more bodies at once than there is room for are 429 with Retry-After; the first is taken', async () => {
  const { promise: stored, resolve: store } = Promise.withResolvers<void>();
  let writes = 0;
  const slow = Object.assign(Object.create(historian), {
    write: () => {
      writes++;
      return stored;
    },
  }) as Historian;
  const tight = Fastify();
  await tight.register(writeRoute, {
    historian: slow,
    verifyToken: () => true,
    logger: silentLogger,
    nowMs: () => now,
    maxBytesInFlight: 70_000,
  });
  const address = await tight.listen({ port: 0, host: '127.0.0.1' });
  const send = () =>
    fetch(`${address}/api/v2/write?precision=ms`, {
      method: 'POST',
      headers: { authorization: 'Token x' },
      body: line(5),
    });
  const first = send();
  await eventually(() => expect(writes).toBe(1));
  const second = await send();
  expect(second.status).toBe(429);
  expect(second.headers.get('retry-after')).toBe('1');
  expect(await second.json()).toEqual({ code: 'too many requests', message: 'too many writes are under way' });
  store();
  expect((await first).status).toBe(204);
  await eventually(async () => expect((await send()).status).toBe(204));
  await tight.close();
});

test('a saturated historian is 503 with Retry-After', async () => {
  const saturated = Fastify();
  const busy = () => Promise.reject(new PlantroomError('HISTORIAN_BUSY', 'too much waits', { retryable: true }));
  await saturated.register(writeRoute, {
    historian: Object.assign(Object.create(historian), { write: busy }) as Historian,
    verifyToken: () => true,
    logger: silentLogger,
    nowMs: () => now,
  });
  const answer = await saturated.inject({
    method: 'POST',
    url: '/api/v2/write?precision=ms',
    headers: { authorization: 'Token x', 'content-type': 'text/plain' },
    payload: line(5),
  });
  expect(answer.statusCode).toBe(503);
  expect(answer.headers['retry-after']).toBe('2');
  await saturated.close();
});

test('writers that look first find ping and health', async () => {
  expect((await app.inject('/ping')).statusCode).toBe(204);
  expect((await app.inject('/health')).json()).toMatchObject({ status: 'pass' });
});

describe('as Telegraf asks it', () => {
  const batch = Array.from(
    { length: 40 },
    (_, i) => `cpu,cpu=cpu${i},host=web-1 usage_idle=${90 + i / 10},usage_user=3i ${now + i}000000`,
  );
  const agent = { 'user-agent': 'Telegraf/1.34.0 Go/1.24', 'content-type': 'text/plain; charset=utf-8' };

  test('outputs.influxdb_v2: batches of ns lines, gzip, Token', async () => {
    const answer = await app.inject({
      method: 'POST',
      url: '/api/v2/write?bucket=room&org=site',
      headers: { ...agent, authorization: 'Token secret', 'content-encoding': 'gzip' },
      payload: gzipSync(`${batch.join('\n')}\n`),
    });
    expect(answer.statusCode).toBe(204);
    const points = ['external/web-1/cpu.cpu0.usage_idle', 'external/web-1/cpu.cpu39.usage_user'];
    expect(await historian.latest(points)).toEqual([
      { point: points[0], timeMs: now, value: 90 },
      { point: points[1], timeMs: now + 39, value: 3 },
    ]);
  });

  test('outputs.influxdb: database, Basic or the query, errors in the words that it looks for', async () => {
    const v1 = (payload: string, { url = '/write?db=telegraf&precision=ns', headers = {} } = {}) =>
      app.inject({
        method: 'POST',
        url,
        headers: { ...agent, authorization: `Basic ${btoa('telegraf:secret')}`, ...headers },
        payload,
      });
    expect((await v1(batch.join('\n'))).statusCode).toBe(204);
    expect((await v1(batch.join('\n'), { headers: { authorization: '' } })).statusCode).toBe(401);
    expect((await v1(batch.join('\n'), { headers: { authorization: `Basic ${btoa('a:b')}` } })).json()).toEqual({
      error: 'unauthorized access',
    });
    const byQuery = { url: '/write?db=telegraf&u=telegraf&p=secret', headers: { authorization: '' } };
    expect((await v1(batch.join('\n'), byQuery)).statusCode).toBe(204);
    expect((await v1('m f=1 5', { url: '/write?db=x&precision=h' })).statusCode).toBe(204);
    expect((await v1('m f=1', { url: '/write' })).json()).toEqual({ error: 'database is required' });
    const partial = await v1(`${batch[0]}\nnonsense`);
    expect(partial.statusCode).toBe(400);
    expect(partial.json().error).toBe(`partial write: line 2: unable to parse 'nonsense': missing fields dropped=1`);
  });
});

test('bytes that are no UTF-8 cost their line only', async () => {
  const body = Buffer.concat([
    Buffer.from(`${line(5)}\nm,a=`),
    Buffer.from([0xff]),
    Buffer.from(` f=1\n${line(6, now + 1)}`),
  ]);
  const answer = await post(body);
  expect(answer.statusCode).toBe(400);
  expect(answer.json().message).toMatch(/^partial write: line 2: .*invalid UTF-8 dropped=1$/);
  expect((await historian.latest(['hq/p-1/flow']))[0]?.value).toBe(6);
});

test('an address that does not exist is 404, another method too', async () => {
  expect((await app.inject({ method: 'POST', url: '/api/v2/writes' })).statusCode).toBe(404);
  expect((await app.inject({ method: 'GET', url: '/api/v2/write' })).statusCode).toBe(404);
});
