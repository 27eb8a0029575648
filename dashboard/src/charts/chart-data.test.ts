import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { alignTracks, breaksLine, heldUntil, mergeHoles, withTail } from './chart-data.ts';
import { resolutionFor } from './chart-range.ts';
import { sparkPaths } from './spark.ts';

describe('chart data', () => {
  test('a sample of one track leaves a gap-free undefined in the other', () => {
    const { x, ys } = alignTracks([
      { t: [1, 3], v: [10, 30], holes: [], factor: 1 },
      { t: [2], v: [5], holes: [], factor: 2 },
    ]);
    expect(x).toEqual([1, 2, 3]);
    expect(ys).toEqual([
      [10, undefined, 30],
      [undefined, 10, undefined],
    ]);
  });

  test('a hole between two samples breaks the line', () => {
    const { x, ys } = alignTracks([{ t: [10, 100], v: [1, 2], holes: [{ fromMs: 20, toMs: 90 }], factor: 1 }]);
    expect(x).toEqual([10, 55, 100]);
    expect(ys[0]).toEqual([1, null, 2]);
  });

  test('no line is ever drawn across a hole', () => {
    const times = fc.uniqueArray(fc.integer({ min: 0, max: 1000 }), { minLength: 2, maxLength: 40 });
    const hole = fc.tuple(fc.integer({ min: 0, max: 1000 }), fc.integer({ min: 1, max: 300 }));
    fc.assert(
      fc.property(times, fc.array(hole, { maxLength: 5 }), (t, spans) => {
        const sorted = [...t].sort((a, b) => a - b);
        const holes = spans.map(([fromMs, length]) => ({ fromMs, toMs: fromMs + length }));
        const { x, ys } = alignTracks([{ t: sorted, v: sorted.map(() => 1), holes, factor: 1 }]);
        for (const { fromMs, toMs } of holes) {
          const before = x.findLastIndex((at, i) => at <= fromMs && typeof ys[0]?.[i] === 'number');
          const after = x.findIndex((at, i) => at >= toMs && typeof ys[0]?.[i] === 'number');
          // A hole of one millisecond begins on the sample that it breaks.
          if (before >= 0 && after > before && toMs - fromMs > 1)
            expect(ys[0]?.slice(before, after + 1)).toContain(null);
        }
      }),
    );
  });

  test('what came live replaces the history from its first sample on', () => {
    expect(
      withTail({ t: [1, 2, 3], v: [1, 2, 3] }, [
        [3, 30],
        [4, null],
      ]),
    ).toEqual({ t: [1, 2, 3, 4], v: [1, 2, 30, null] });
  });

  test('a value that still holds is drawn up to now, one that does not ends where it ended', () => {
    const series = { t: [1, 2], v: [5, 6] };
    expect(heldUntil(series, 6, 9)).toEqual({ t: [1, 2, 9], v: [5, 6, 6] });
    expect(heldUntil(series, null, 9)).toBe(series);
    expect(heldUntil(series, 6, 2)).toBe(series);
    expect(heldUntil({ t: [], v: [] }, 6, 9)).toEqual({ t: [], v: [] });
  });

  test('holes of one reason that meet are one hatch', () => {
    expect(
      mergeHoles([
        { fromMs: 5, toMs: 9, reason: 'stale' },
        { fromMs: 1, toMs: 6, reason: 'stale' },
        { fromMs: 2, toMs: 3, reason: 'comm-lost' },
      ]),
    ).toEqual([
      { fromMs: 1, toMs: 9, reason: 'stale' },
      { fromMs: 2, toMs: 3, reason: 'comm-lost' },
    ]);
  });

  test('the same hole told for each point counts once, two that meet count together', () => {
    const first = { fromMs: 0, toMs: 10, reason: 'thinned', count: 7 };
    const second = { fromMs: 10, toMs: 20, reason: 'thinned', count: 5 };
    expect(mergeHoles([first, second, first, second, first])).toEqual([
      { fromMs: 0, toMs: 20, reason: 'thinned', count: 12 },
    ]);
  });

  test('the line goes on through a thinned span and breaks in every other hole', () => {
    expect(['thinned', 'dropped', 'comm-lost', 'damaged'].filter((reason) => breaksLine({ reason }))).toEqual([
      'dropped',
      'comm-lost',
      'damaged',
    ]);
  });

  test('an hour is shown raw, a month in hours', () => {
    expect(resolutionFor(3_600_000, 900)).toBeNull();
    expect(resolutionFor(30 * 86_400_000, 900)).toBe(7_200_000);
  });

  test('a sparkline lifts its pen over a hole', () => {
    const path = sparkPaths(
      { t: [0, 50, 100], v: [1, 2, 3], holes: [{ fromMs: 60, toMs: 90, reason: 'stale' }] },
      { fromMs: 0, toMs: 100, width: 100, height: 24 },
    );
    expect(path.match(/M/g)).toHaveLength(2);
  });
});
