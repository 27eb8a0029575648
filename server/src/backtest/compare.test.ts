import { describe, expect, test } from 'vitest';
import { compareOccurrences } from './compare.ts';
import { OccurrenceList } from './occurrence-list.ts';
import type { Occurrence } from './occurrence-recorder.ts';

const occurrence = (raisedMs: number, returnedMs: number | null): Occurrence => ({
  onsetMs: raisedMs,
  raisedMs,
  returnedMs,
  low: 1,
  high: 2,
});

describe('the difference of two lists', () => {
  const counts = (before: Occurrence[], after: Occurrence[]) => {
    const { items, ...rest } = compareOccurrences(before, after, 10);
    return { ...rest, kinds: items.map(({ kind }) => kind) };
  };

  test('the same, moved, gone and new', () => {
    const before = [occurrence(10, 20), occurrence(30, 40), occurrence(50, 60)];
    const after = [occurrence(10, 20), occurrence(35, 40), occurrence(70, null)];
    expect(counts(before, after)).toEqual({ same: 1, moved: 1, gone: 1, new: 1, kinds: ['moved', 'gone', 'new'] });
  });

  test('of two that become one the first moves and the second is gone', () => {
    expect(counts([occurrence(10, 20), occurrence(30, 40)], [occurrence(10, 40)])).toEqual({
      same: 0,
      moved: 1,
      gone: 1,
      new: 0,
      kinds: ['moved', 'gone'],
    });
  });

  test('one that still stands overlaps everything behind it', () => {
    expect(counts([occurrence(10, null)], [occurrence(50, null)])).toMatchObject({ moved: 1, gone: 0, new: 0 });
  });

  test('only so many are listed, all are counted', () => {
    const many = Array.from({ length: 30 }, (_, i) => occurrence(i * 10, i * 10 + 5));
    const { gone, items } = compareOccurrences(many, [], 10);
    expect([gone, items.length]).toEqual([30, 10]);
  });
});

describe('a list of occurrences', () => {
  const rule = { condition: { type: 'limit', kind: 'H', limit: 1 }, onDelayMs: 0, offDelayMs: 0 } as const;
  const listOf = (...occurrences: Occurrence[]) => {
    const list = new OccurrenceList({ fromMs: 1_000_000, toMs: 2_000_000 }, [1_000_000, 1_500_000]);
    for (const each of occurrences) list.add(each);
    return list.side(rule, 200);
  };

  test('counts by day what was raised within the range, and the time it stood within it', () => {
    const side = listOf(occurrence(900_000, 1_100_000), occurrence(1_200_000, 1_300_000), occurrence(1_900_000, null));
    expect(side).toMatchObject({ count: 2, perDay: [1, 1], activeMs: 300_000 });
    expect(side.occurrences).toHaveLength(3);
  });

  test('three within a minute chatter, each counted once; what is gone within five seconds is fleeting', () => {
    const at = (s: number) => occurrence(1_000_000 + s * 1000, 1_000_000 + s * 1000 + 4_999);
    expect(listOf(at(0), at(30))).toMatchObject({ chattering: 0, fleeting: 2 });
    expect(listOf(at(0), at(30), at(60))).toMatchObject({ chattering: 3 });
    expect(listOf(at(0), at(30), at(60), at(80), at(300), at(400))).toMatchObject({ chattering: 4, count: 6 });
    expect(listOf(at(0), at(30), at(60), at(300), at(310), at(320))).toMatchObject({ chattering: 6 });
  });

  test('so many are listed, all are counted', () => {
    const side = listOf(
      ...Array.from({ length: 6_000 }, (_, i) => occurrence(1_000_000 + i * 100, 1_000_050 + i * 100)),
    );
    expect(side).toMatchObject({ count: 6_000, truncated: true, fleeting: 6_000, chattering: 6_000 });
    expect(side.occurrences).toHaveLength(200);
  });
});
