import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { silentLogger, VirtualClock } from '@plantroom/contracts';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { DuckDbHistorian } from './duckdb-historian.ts';
import { parquetContract } from './export/parquet-contract.ts';
import type { Historian } from './historian.ts';
import { historianContract } from './historian-contract.ts';

const clock = new VirtualClock(Date.UTC(2026, 0, 20));
const make = (folder: string) => new DuckDbHistorian({ folder, logger: silentLogger, clock });

describe('DuckDB historian', () => {
  let folder = '';
  let historian: DuckDbHistorian;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'plantroom-duckdb-'));
    historian = make(folder);
    await historian.start();
  });
  afterAll(async () => {
    await historian.stop();
    await rm(folder, { recursive: true });
  });

  historianContract(() => ({ historian, nowMs: clock.nowMs() }));
  parquetContract(() => historian);

  describe('with every closed day compacted before it is read', () => {
    const compacting = (): Historian => ({
      kind: 'duckdb',
      start: () => historian.start(),
      stop: () => historian.stop(),
      write: (samples, quality) => historian.write(samples, quality),
      query: (query) => historian.maintain().then(() => historian.query(query)),
      quality: (points, range) => historian.maintain().then(() => historian.quality(points, range)),
      latest: (points) => historian.maintain().then(() => historian.latest(points)),
      ping: () => historian.ping(),
    });
    historianContract(() => ({ historian: compacting(), nowMs: clock.nowMs() }));
  });

  test('what was stored is there after a restart, and goes on under the same ids', async () => {
    const point = 'hq/pump-restart/flow';
    const t = Date.UTC(2026, 0, 10);
    await historian.write([{ point, timeMs: t, value: 1 }], [{ point, timeMs: t + 5, code: 0, reason: 'comm-lost' }]);
    await historian.stop();
    historian = make(folder);
    await historian.start();
    await historian.write([{ point, timeMs: t + 10, value: 2 }], []);
    const query = { points: [point], fromMs: t, toMs: t + 20, aggregate: 'raw', limit: 10 } as const;
    expect(await historian.query(query)).toEqual([
      {
        point,
        t: [t, t + 10],
        v: [1, 2],
        truncated: false,
        holes: [{ fromMs: t + 5, toMs: t + 10, reason: 'comm-lost' }],
      },
    ]);
  });
});

test('a day that cannot be compacted is told and tried again; writing and reading go on', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'plantroom-duckdb-'));
  const historian = make(folder);
  await historian.start();
  const point = 'hq/pump-1/flow';
  const timeMs = Date.UTC(2026, 0, 10, 12);
  await historian.write([{ point, timeMs, value: 1 }], []);
  // In the way of the day's file, so that it cannot be put in its place.
  const obstacle = join(folder, 'days', '20260110-1.duckdb');
  await mkdir(join(obstacle, 'x'), { recursive: true });
  await expect(historian.maintain()).rejects.toThrow();
  expect(historian.trouble()).toContain('20260110 is not compacted');
  expect(await historian.latest([point])).toEqual([{ point, timeMs, value: 1 }]);
  await rm(obstacle, { recursive: true });
  await historian.maintain();
  expect(historian.trouble()).toBeNull();
  expect(await historian.latest([point])).toEqual([{ point, timeMs, value: 1 }]);
  await historian.stop();
  await rm(folder, { recursive: true });
});
