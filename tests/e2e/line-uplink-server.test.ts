import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { silentLogger, VirtualClock } from '@plantroom/contracts';
import Fastify, { type FastifyInstance } from 'fastify';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { LineWriter, type LineWriterOptions } from '../../gateway/src/uplink/line-protocol/line-writer.ts';
import { LineSender } from '../../gateway/src/uplink/line-protocol/send-lines.ts';
import { createHistorian } from '../../server/src/historian/create-historian.ts';
import type { Historian } from '../../server/src/historian/historian.ts';
import { writeRoute } from '../../server/src/routes/write/write-route.ts';

const clock = new VirtualClock();
const nowMs = clock.nowMs();
const good = Array.from({ length: 400 }, (_, i) => `pump,site=hq,equipment=p-${i} flow=${i} ${nowMs}`);
const bad = Array.from({ length: 25 }, (_, i) => `pump,site=hq,equipment=p-${i} flow=none ${nowMs}`);
let folder: string;
let historian: Historian;
let app: FastifyInstance;
let url: string;
let requests: number;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'plantroom-line-'));
  historian = createHistorian({ kind: 'duckdb', folder, logger: silentLogger, clock });
  await historian.start();
  requests = 0;
  app = Fastify();
  app.addHook('onRequest', (request, _reply, done) => {
    if (request.method === 'POST') requests++;
    done();
  });
  await app.register(writeRoute, {
    historian,
    verifyToken: (token) => token === 'secret',
    logger: silentLogger,
    nowMs: () => nowMs,
    maxBodyBytes: 12_000,
  });
  url = await app.listen({ port: 0, host: '127.0.0.1' });
});
afterEach(async () => {
  await app.close();
  await historian.stop();
  rmSync(folder, { recursive: true });
});

const senderTo = (options: Partial<LineWriterOptions> = {}): LineSender =>
  new LineSender(new LineWriter({ url, token: 'secret', gzip: true, clock, ...options }));
const storedFlows = async (): Promise<number[]> =>
  (await historian.latest(good.map((_, i) => `hq/p-${i}/flow`))).map(({ value }) => value);

test.each(['v1', 'v2', undefined] as const)(
  'the gateway finds out which lines the server does not take, api %s',
  async (api) => {
    const lines = [...good.slice(0, 200), ...bad];
    const rejected = await senderTo(api === undefined ? {} : { api }).send(lines);
    expect(rejected.reduce((sum, { count }) => sum + count, 0)).toBe(25);
    // The server names twenty of them.
    expect(rejected.flatMap((one) => one.lines)).toEqual(bad.slice(0, 20));
    expect(requests).toBe(1);
    expect(await storedFlows()).toHaveLength(200);
  },
);

test('a batch larger than the server takes is split, and every line of it stored', async () => {
  expect(await senderTo().send(good)).toEqual([]);
  expect(requests).toBeGreaterThan(2);
  expect((await storedFlows()).sort((a, b) => a - b)).toEqual(good.map((_, i) => i));
});

test('a wrong token gives up no line', async () => {
  await expect(senderTo({ token: 'wrong' }).send(good)).rejects.toMatchObject({ status: 401 });
  expect(await storedFlows()).toEqual([]);
});
