import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Historian, HistorianQuery, HistorianSample, QualityChange } from './historian.ts';
import { naiveSeries } from './naive-series.ts';
import { expectSame } from './same-series.ts';

export interface HistorianUnderTest {
  historian: Historian;
  /** What the store takes for now; every stored time of the suite lies before it unless a test says otherwise. */
  nowMs: number;
}

const day = 86_400_000;
let counter = 0;
/** A point of its own for each test, so that all can share one store. */
const freshPoint = (): string => `hq/pump-${++counter}/flow`;
const sample = (point: string, timeMs: number, value: number): HistorianSample => ({ point, timeMs, value });

/** What every historian must do, whichever store it is on. */
export function historianContract(make: () => HistorianUnderTest): void {
  const ask = async (point: string, query: Partial<HistorianQuery> & { fromMs: number; toMs: number }) => {
    const answer = await make().historian.query({ points: [point], aggregate: 'raw', limit: 100_000, ...query });
    const [series] = answer;
    if (series === undefined) throw new Error('no series');
    return series;
  };
  const t0 = Date.UTC(2026, 0, 10, 8);

  test('what has been written is read back, in order of time', async () => {
    const point = freshPoint();
    await make().historian.write([sample(point, t0 + 20, 2.5), sample(point, t0, -1), sample(point, t0 + 10, 0)], []);
    expect(await ask(point, { fromMs: t0, toMs: t0 + 100 })).toEqual({
      point,
      t: [t0, t0 + 10, t0 + 20],
      v: [-1, 0, 2.5],
      truncated: false,
      holes: [],
    });
  });

  test('the end of the range is exclusive and the beginning is not', async () => {
    const point = freshPoint();
    await make().historian.write([sample(point, t0, 1), sample(point, t0 + 10, 2)], []);
    expect((await ask(point, { fromMs: t0, toMs: t0 + 10 })).t).toEqual([t0]);
    expect((await ask(point, { fromMs: t0 + 1, toMs: t0 + 11 })).t).toEqual([t0 + 10]);
  });

  test('a sample written twice by point and time is stored once, and the later value counts', async () => {
    const point = freshPoint();
    const { historian } = make();
    await historian.write([sample(point, t0, 1), sample(point, t0 + 10, 5)], []);
    await historian.write([sample(point, t0, 1), sample(point, t0 + 10, 6)], []);
    expect(await ask(point, { fromMs: t0, toMs: t0 + 100 })).toMatchObject({ t: [t0, t0 + 10], v: [1, 6] });
    expect(await historian.latest([point])).toEqual([sample(point, t0 + 10, 6)]);
  });

  test('a point that was never written answers with an empty series', async () => {
    const point = freshPoint();
    for (const aggregate of ['raw', 'mean', 'minmax'] as const) {
      const series = await ask(point, { fromMs: t0, toMs: t0 + day, aggregate, resolutionMs: 60_000 });
      expect(series).toMatchObject({ point, t: [], v: [], truncated: false, holes: [] });
    }
    expect(await make().historian.latest([point])).toEqual([]);
  });

  test('series come back in the order in which the points were asked for', async () => {
    const [a, b, never] = [freshPoint(), freshPoint(), freshPoint()] as const;
    await make().historian.write([sample(b, t0, 2), sample(a, t0, 1)], []);
    const answer = await make().historian.query({
      points: [a, never, b],
      fromMs: t0,
      toMs: t0 + 1,
      aggregate: 'raw',
      limit: 10,
    });
    expect(answer.map(({ point, v }) => [point, v])).toEqual([
      [a, [1]],
      [never, []],
      [b, [2]],
    ]);
  });

  test('more rows than the limit are cut off and the answer says so', async () => {
    const point = freshPoint();
    await make().historian.write(
      [0, 1, 2].map((i) => sample(point, t0 + i * 1000, i)),
      [],
    );
    const range = { fromMs: t0, toMs: t0 + 3000 };
    expect(await ask(point, { ...range, limit: 2 })).toMatchObject({ v: [0, 1], truncated: true });
    expect(await ask(point, { ...range, limit: 3 })).toMatchObject({ v: [0, 1, 2], truncated: false });
    const buckets = { aggregate: 'mean', resolutionMs: 1000 } as const;
    expect(await ask(point, { ...range, ...buckets, limit: 2 })).toMatchObject({ v: [0, 1], truncated: true });
    expect(await ask(point, { ...range, ...buckets, limit: 3 })).toMatchObject({ v: [0, 1, 2], truncated: false });
  });

  test('a mean weighs each value by how long it held, not by how often it was sent', async () => {
    const point = freshPoint();
    const samples = [sample(point, t0, 10), ...[0, 1, 2, 3].map((i) => sample(point, t0 + 9_600 + i * 100, 90))];
    await make().historian.write(samples, []);
    const series = await ask(point, { fromMs: t0, toMs: t0 + 10_000, aggregate: 'mean', resolutionMs: 10_000 });
    expect(series.t).toEqual([t0]);
    expect(series.v[0]).toBeCloseTo((10 * 9_600 + 90 * 400) / 10_000, 9);
  });

  test('the value from before the range, even days before, holds into it', async () => {
    const point = freshPoint();
    await make().historian.write([sample(point, t0 - 3 * day, 7), sample(point, t0 + 5_000, 9)], []);
    const series = await ask(point, { fromMs: t0, toMs: t0 + 10_000, aggregate: 'minmax', resolutionMs: 10_000 });
    expect(series).toMatchObject({ t: [t0], v: [8], min: [7], max: [9] });
  });

  test('buckets are aligned to the epoch even where the range is not', async () => {
    const point = freshPoint();
    await make().historian.write([sample(point, t0, 1), sample(point, t0 + 1_500, 3)], []);
    const series = await ask(point, { fromMs: t0 + 700, toMs: t0 + 2_300, aggregate: 'last', resolutionMs: 1_000 });
    expect(series).toMatchObject({ t: [t0, t0 + 1_000, t0 + 2_000], v: [1, 3, 3] });
  });

  test('bad data is a hole with its reason: no mean across it, one empty row where it begins', async () => {
    const point = freshPoint();
    const quality: QualityChange[] = [
      { point, timeMs: t0 + 2_000, code: 0, reason: 'comm-lost' },
      { point, timeMs: t0 + 7_000, code: 192, reason: null },
    ];
    await make().historian.write([sample(point, t0, 4), sample(point, t0 + 7_000, 6)], quality);
    const series = await ask(point, { fromMs: t0, toMs: t0 + 9_000, aggregate: 'mean', resolutionMs: 1_000 });
    expect(series.t.map((t) => t - t0)).toEqual([0, 1_000, 2_000, 7_000, 8_000]);
    expect(series.v).toEqual([4, 4, null, 6, 6]);
    expect(series.holes).toEqual([{ fromMs: t0 + 2_000, toMs: t0 + 7_000, reason: 'comm-lost' }]);
  });

  test('a hole that began before the range is seen from its edge, and one that goes on ends with it', async () => {
    const point = freshPoint();
    await make().historian.write(
      [sample(point, t0, 4)],
      [{ point, timeMs: t0 + 1_000, code: 0, reason: 'device-error' }],
    );
    const series = await ask(point, { fromMs: t0 + 5_000, toMs: t0 + 9_000 });
    expect(series.holes).toEqual([{ fromMs: t0 + 5_000, toMs: t0 + 9_000, reason: 'device-error' }]);
  });

  test('uncertain data is data', async () => {
    const point = freshPoint();
    await make().historian.write([sample(point, t0, 4)], [{ point, timeMs: t0 + 1_000, code: 500, reason: 'stale' }]);
    const series = await ask(point, { fromMs: t0, toMs: t0 + 2_000, aggregate: 'mean', resolutionMs: 2_000 });
    expect(series).toMatchObject({ v: [4], holes: [] });
  });

  test('nothing is held into the future', async () => {
    const point = freshPoint();
    const { historian, nowMs } = make();
    const startMs = Math.floor(nowMs / 1_000) * 1_000;
    await historian.write([sample(point, startMs - 1_000, 3)], []);
    const series = await ask(point, {
      fromMs: startMs - 1_000,
      toMs: startMs + day,
      aggregate: 'mean',
      resolutionMs: 1_000,
    });
    expect(series.t.length).toBeLessThan(60);
    expect(series.v[0]).toBe(3);
  });

  test('quality is told as it changed, with what was in force before the range', async () => {
    const [point, other] = [freshPoint(), freshPoint()] as const;
    const change = (at: number, code: number, reason: string | null = null) => ({
      point,
      timeMs: t0 + at,
      code,
      reason,
    });
    const changes = [change(-day, 0, 'comm-lost'), change(-5, 192), change(10, 500, 'stale'), change(20, 192)];
    const { historian } = make();
    await historian.write([sample(point, t0, 1), sample(other, t0, 1)], changes.toReversed());
    await historian.write([], [change(10, 500, 'substituted')]);
    expect(await historian.quality([point, other], { fromMs: t0, toMs: t0 + 20 })).toEqual([
      change(-5, 192),
      change(10, 500, 'substituted'),
    ]);
  });

  test('latest answers the newest sample of each point that has one, across days', async () => {
    const [old, recent, never] = [freshPoint(), freshPoint(), freshPoint()] as const;
    const { historian } = make();
    await historian.write([sample(old, t0 - 40 * day, 1), sample(recent, t0 - day, 2), sample(recent, t0, 3)], []);
    const latest = await historian.latest([never, recent, old]);
    expect(latest.toSorted((a, b) => a.value - b.value)).toEqual([
      sample(old, t0 - 40 * day, 1),
      sample(recent, t0, 3),
    ]);
  });

  test('many small writes at once are all stored', async () => {
    const point = freshPoint();
    const { historian } = make();
    await Promise.all(Array.from({ length: 200 }, (_, i) => historian.write([sample(point, t0 + i, i)], [])));
    expect((await ask(point, { fromMs: t0, toMs: t0 + 1_000 })).t).toHaveLength(200);
  });

  test('a value that is no number, a time that is none and a wrong id are refused by name', async () => {
    const { historian } = make();
    const point = freshPoint();
    await expect(historian.write([sample(point, t0, Number.NaN)], [])).rejects.toThrow('VALUE_INVALID');
    await expect(historian.write([sample(point, 1.5, 1)], [])).rejects.toThrow('TIME_INVALID');
    await expect(historian.write([sample('a b/c', t0, 1)], [])).rejects.toThrow('ID_INVALID');
    await expect(ask(point, { fromMs: t0, toMs: t0 + 1, aggregate: 'mean', resolutionMs: 0 })).rejects.toThrow(
      'RESOLUTION_INVALID',
    );
  });

  test('for any history, any order of writing and any range the answer equals the plain definition', async () => {
    await fc.assert(
      fc.asyncProperty(anyHistory, anyRange, async (history, range) => {
        const point = freshPoint();
        const { historian, nowMs } = make();
        const samples = history.samples.map(([offset, value]) => sample(point, t0 + offset, value));
        const quality = history.quality.map(([offset, code]) => ({ point, timeMs: t0 + offset, code, reason: null }));
        // In two writes, the second repeating the first: order and duplicates must not matter.
        await historian.write(samples, quality);
        await historian.write(samples.toReversed(), quality);
        for (const aggregate of ['raw', 'mean', 'min', 'max', 'last', 'minmax'] as const) {
          const query = { ...range, fromMs: t0 + range.fromMs, toMs: t0 + range.fromMs + range.lengthMs, aggregate };
          const expected = naiveSeries({ samples, quality, nowMs, ...query });
          expectSame(await ask(point, query), expected, aggregate);
        }
      }),
      { numRuns: 40 },
    );
  });
}

const offset = fc.integer({ min: -5_000, max: 30_000 });
// −0 + 0 is 0: stores do not keep the sign of zero (InfluxDB answers 0), and nobody measures it.
const anyValue = fc.double({ min: -1e6, max: 1e6, noNaN: true }).map((value) => value + 0);
const anyHistory = fc.record({
  samples: fc.uniqueArray(fc.tuple(offset, anyValue), {
    selector: ([at]) => at,
    maxLength: 30,
  }),
  quality: fc.uniqueArray(fc.tuple(offset, fc.constantFrom(0, 192, 500)), { selector: ([at]) => at, maxLength: 6 }),
});
const anyRange = fc.record({
  fromMs: fc.integer({ min: -6_000, max: 20_000 }),
  lengthMs: fc.integer({ min: 1, max: 20_000 }),
  resolutionMs: fc.integer({ min: 50, max: 12_000 }),
});
