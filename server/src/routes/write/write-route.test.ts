import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { PlantroomError, silentLogger, VirtualClock } from '@plantroom/contracts';
import Fastify, { type FastifyInstance } from 'fastify';
import { afterEach, beforeEach, expect, test } from 'vitest';
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
  expect(answer.json().message).toBe('invalid precision "days"; valid precision units are ns, us, ms, and s');
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
