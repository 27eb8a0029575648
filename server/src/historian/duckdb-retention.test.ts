import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { silentLogger, VirtualClock } from '@plantroom/contracts';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { DuckDbHistorian } from './duckdb-historian.ts';
import { Retention } from './retention.ts';

const day = 86_400_000;
const hour = 3_600_000;
const t0 = Date.UTC(2026, 0, 10);
const pump = 'hq/pump-1/flow';
const lift = 'hq/lift-1/floor';

let folder = '';
let clock: VirtualClock;
let historian: DuckDbHistorian;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'plantroom-retention-'));
  clock = new VirtualClock(t0 + day + 2 * hour);
  const retention = new Retention({
    default: { rawDays: 100, minuteDays: 200, hourDays: 300 },
    classes: { elevator: { rawDays: 10, minuteDays: 20, hourDays: 30 } },
  });
  const classOf = (point: string): string | null => (point.includes('lift') ? 'elevator' : 'pump');
  historian = new DuckDbHistorian({ folder, logger: silentLogger, clock, retention, classOf });
  await historian.start();
  // Every 7 s for an hour, 0 to 9 over and over.
  const samples = [pump, lift].flatMap((point) =>
    Array.from({ length: 514 }, (_, i) => ({ point, timeMs: t0 + i * 7_000, value: i % 10 })),
  );
  await historian.write(samples, []);
  await historian.maintain();
});
afterEach(async () => {
  await historian.stop();
  await rm(folder, { recursive: true });
});

const later = async (days: number): Promise<void> => {
  clock.advance(days * day);
  await historian.maintain();
};
const ask = async (point: string, aggregate: 'raw' | 'minmax', resolutionMs = 1) => {
  const query = {
    points: [point],
    fromMs: t0 + 1_000,
    toMs: t0 + hour - 1_000,
    aggregate,
    resolutionMs,
    limit: 10_000,
  };
  return (await historian.query(query))[0]!;
};
const files = (): Promise<string[]> => readdir(join(folder, 'days'));

test('each class loses its samples in its own time, and then they are a hole with the reason', async () => {
  await later(11);
  expect((await ask(pump, 'raw')).t).toHaveLength(513);
  const gone = await ask(lift, 'raw');
  expect(gone.t).toEqual([]);
  expect(gone.holes).toEqual([{ fromMs: t0 + 1_000, toMs: t0 + hour - 1_000, reason: 'expired' }]);
});

test('buckets finer than what is left are widened to it, and the range with them', async () => {
  const before = await ask(lift, 'minmax', 60_000);
  await later(11);
  const minutes = await ask(lift, 'minmax', 10_000);
  expect(minutes.t).toEqual(Array.from({ length: 60 }, (_, i) => t0 + i * 60_000));
  expect(minutes.v.slice(1, -1)).toEqual(before.v.slice(1, -1));
  await later(10);
  const hours = await ask(lift, 'minmax', 10_000);
  expect(hours).toMatchObject({ t: [t0], min: [0], max: [9] });
  expect(hours.v[0]).toBeCloseTo(16_113 / 3_600, 9);
});

test('late samples of a day whose samples are gone change nothing', async () => {
  await later(11);
  const before = await ask(lift, 'minmax', 60_000);
  await historian.write([{ point: lift, timeMs: t0 + 30_500, value: 1e6 }], []);
  expect(await ask(lift, 'minmax', 60_000)).toEqual(before);
  await historian.maintain();
  expect(await ask(lift, 'minmax', 60_000)).toEqual(before);
});

test('a day of which nothing is kept has no file any more', async () => {
  await later(31);
  expect(await historian.latest([lift, pump])).toMatchObject([{ point: pump }]);
  expect(await files()).toHaveLength(1);
  await later(300);
  expect(await files()).toEqual([]);
  expect(await ask(pump, 'minmax', hour)).toMatchObject({ t: [], holes: [] });
});

test('what has nothing to lose is not written anew', async () => {
  const before = await files();
  await later(5);
  expect(await files()).toEqual(before);
  await later(6);
  const after = await files();
  expect(after).not.toEqual(before);
  await later(1);
  expect(await files()).toEqual(after);
});

test('a change of quality that comes after the samples are gone is a hole in what is left', async () => {
  await later(11);
  await historian.write([], [{ point: lift, timeMs: t0 + 2 * hour, code: 0, reason: 'comm-lost' }]);
  const query = { points: [lift], fromMs: t0, toMs: t0 + 3 * hour, aggregate: 'max', resolutionMs: hour } as const;
  expect((await historian.query({ ...query, limit: 10 }))[0]).toMatchObject({
    t: [t0, t0 + hour, t0 + 2 * hour],
    v: [9, 3, null],
    holes: [{ fromMs: t0 + 2 * hour, toMs: t0 + 3 * hour, reason: 'comm-lost' }],
  });
});

test('late samples are taken in once they have settled, in the background', async () => {
  await historian.write([{ point: pump, timeMs: t0 + 500, value: 77 }], []);
  const compacted = historian.stats().compactedDays;
  const rounds = async (): Promise<number> => {
    clock.advance(10 * 60_000);
    await historian.settled();
    return historian.stats().compactedDays - compacted;
  };
  expect(await rounds()).toBe(0);
  expect(await rounds()).toBe(1);
  expect((await ask(pump, 'minmax', 60_000)).max?.[0]).toBe(77);
});
