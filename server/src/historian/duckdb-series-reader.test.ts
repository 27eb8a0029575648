import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { silentLogger, VirtualClock } from '@plantroom/contracts';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { DuckDbHistorian } from './duckdb-historian.ts';
import { Retention } from './retention.ts';

const dayMs = 86_400_000;
const hourMs = 3_600_000;
const minuteMs = 60_000;
const startMs = Date.UTC(2026, 0, 10);
const hourOf = (point: string, hour: number) => ({
  point,
  startMs: startMs + hour * hourMs,
  endMs: startMs + (hour + 1) * hourMs,
});
const clock = new VirtualClock(startMs + 3 * dayMs);
let folder = '';
let historian: DuckDbHistorian;
let counter = 0;
const freshPoint = (): string => `hq/pump-${++counter}/flow`;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'plantroom-reader-'));
  historian = new DuckDbHistorian({ folder, logger: silentLogger, clock });
  await historian.start();
});
afterAll(async () => {
  await historian.stop();
  await rm(folder, { recursive: true });
});

describe('roll-ups of a closed day', () => {
  const everyS = (point: string, from: number, seconds: number) =>
    Array.from({ length: seconds }, (_, i) => ({ point, timeMs: from + i * 1000, value: i % 7 }));

  test('hours and their parts with their extremes, samples by the bucket', async () => {
    const point = freshPoint();
    await historian.write(everyS(point, startMs + hourMs, 7_200), []);
    await historian.maintain();
    const reader = await historian.reader();
    const hours = await reader.hours([point], { fromMs: startMs, toMs: startMs + dayMs });
    const [first] = hours.get(point) ?? [];
    expect(hours.get(point)).toHaveLength(2);
    expect(first).toEqual({
      startMs: startMs + hourMs,
      endMs: startMs + 2 * hourMs,
      firstMs: startMs + hourMs,
      low: 0,
      high: 6,
      last: 3_599 % 7,
      isExact: true,
    });
    const parts = (await reader.parts([hourOf(point, 2)])).get(point) ?? [];
    expect(parts.map(({ startMs: at }) => at)).toEqual(
      Array.from({ length: 12 }, (_, i) => startMs + 2 * hourMs + i * 5 * minuteMs),
    );
    expect(parts[1]).toEqual({
      startMs: startMs + 2 * hourMs + 5 * minuteMs,
      endMs: startMs + 2 * hourMs + 10 * minuteMs,
      firstMs: startMs + 2 * hourMs + 5 * minuteMs,
      low: 0,
      high: 6,
      last: (3_600 + 599) % 7,
      isExact: true,
    });
    const times: number[] = [];
    const part = { point, startMs: startMs + 2 * hourMs + 5 * minuteMs, endMs: startMs + 2 * hourMs + 10 * minuteMs };
    await reader.samples([part], (_, some) => times.push(...some));
    expect(times).toEqual(Array.from({ length: 300 }, (_, i) => part.startMs + i * 1000));
    reader.close();
  });

  test('an hour that got a late sample says that its roll-up is not the whole truth', async () => {
    const point = freshPoint();
    await historian.write(everyS(point, startMs + hourMs, 7_200), []);
    await historian.maintain();
    await historian.write([{ point, timeMs: startMs + hourMs + 500, value: 99 }], []);
    const reader = await historian.reader();
    const hours = await reader.hours([point], { fromMs: startMs, toMs: startMs + dayMs });
    expect(hours.get(point)?.map(({ isExact }) => isExact)).toEqual([false, true]);
    reader.close();
  });

  test('where the samples have expired minutes and hours are left, and no samples', async () => {
    const own = await mkdtemp(join(tmpdir(), 'plantroom-reader-'));
    const retention = new Retention({ default: { rawDays: 1, minuteDays: 400, hourDays: 400 } });
    const short = new DuckDbHistorian({ folder: own, logger: silentLogger, clock, retention });
    await short.start();
    const point = freshPoint();
    await short.write(everyS(point, startMs + hourMs, 7_200), []);
    await short.maintain();
    const reader = await short.reader();
    const hours = await reader.hours([point], { fromMs: startMs, toMs: startMs + dayMs });
    expect(hours.get(point)?.map(({ high }) => high)).toEqual([6, 6]);
    const hour = hourOf(point, 1);
    const parts = (await reader.parts([hour])).get(point) ?? [];
    expect(parts.map(({ endMs, startMs: at }) => endMs - at)).toEqual(Array.from({ length: 60 }, () => minuteMs));
    let samples = 0;
    await reader.samples([hour], (_, times) => {
      samples += times.length;
    });
    expect(samples).toBe(0);
    reader.close();
    await short.stop();
    await rm(own, { recursive: true });
  });

  test('a reader keeps what it reads until it is closed, whatever is compacted meanwhile', async () => {
    const point = freshPoint();
    await historian.write(everyS(point, startMs + hourMs, 600), []);
    const reader = await historian.reader();
    const maintained = historian.maintain();
    const hours = await reader.hours([point], { fromMs: startMs, toMs: startMs + dayMs });
    expect(hours.get(point)).toHaveLength(1);
    let samples = 0;
    await reader.samples([hourOf(point, 1)], (_, times) => {
      samples += times.length;
    });
    expect(samples).toBe(600);
    reader.close();
    await maintained;
  });
});
