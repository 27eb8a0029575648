import type { OutboxHole } from '@plantroom/contracts';
import { expect, test } from 'vitest';
import { countOf, maxHoles, untold, withHole } from './holes.ts';

const hole = (first: number, next: number, more: Partial<OutboxHole> = {}): OutboxHole => ({
  lane: 'live',
  reason: 'dropped',
  first,
  next,
  fromMs: first * 10,
  toMs: next * 10,
  count: next - first,
  uplinks: ['influx'],
  recordedMs: next,
  ...more,
});

test('a hole that begins where one of its kind ended grows it', () => {
  expect(withHole([hole(0, 5)], hole(5, 9))).toEqual([hole(0, 9)]);
  expect(withHole([hole(0, 5)], hole(6, 9))).toHaveLength(2);
  expect(withHole([hole(0, 5)], hole(5, 9, { reason: 'thinned' }))).toHaveLength(2);
  expect(withHole([hole(0, 5)], hole(5, 9, { lane: 'safety' }))).toHaveLength(2);
  expect(withHole([hole(0, 5)], hole(5, 9, { uplinks: [] }))).toHaveLength(2);
});

test('the record of holes is bounded, and nothing counted is forgotten', () => {
  let holes: OutboxHole[] = [];
  for (let i = 0; i < maxHoles + 300; i++)
    holes = withHole(
      holes,
      hole(i * 10, i * 10 + 3, { lane: i % 7 === 0 ? 'safety' : 'live', uplinks: [`u${i % 2}`] }),
    );
  expect(holes).toHaveLength(maxHoles);
  const { safety, live } = countOf(holes);
  expect(safety + live).toBe((maxHoles + 300) * 3);
  expect(holes[0]).toMatchObject({ lane: 'safety', first: 0 });
});

test('a count that nobody knows stays unknown when holes grow together', () => {
  expect(withHole([hole(0, 5, { count: null })], hole(5, 9))).toMatchObject([{ first: 0, next: 9, count: null }]);
});

test('what is told of leaves the rest; a thinned span is still there', () => {
  const span = { lane: 'live', from: 0, next: 20 } as const;
  expect(untold([hole(3, 5), hole(8, 30), hole(0, 2, { lane: 'safety' })], span)).toEqual([
    { from: 0, next: 3 },
    { from: 5, next: 8 },
  ]);
  expect(untold([hole(0, 20, { reason: 'thinned' })], span)).toEqual([{ from: 0, next: 20 }]);
  expect(untold([hole(0, 20)], span)).toEqual([]);
});
