import type { HistoryAggregate, HistorySeries } from '@plantroom/contracts';
import { expect } from 'vitest';

/** The answer of a store against the definition: exact but for the rounding of a mean. */
export function expectSame(
  actual: HistorySeries,
  expected: Omit<HistorySeries, 'point'>,
  aggregate: HistoryAggregate,
): void {
  const { v, min, max, ...rest } = expected;
  expect(actual).toMatchObject(rest);
  expectClose(actual.v, v);
  if (aggregate !== 'minmax') return;
  expect(actual.min).toEqual(min);
  expect(actual.max).toEqual(max);
}

function expectClose(actual: readonly (number | null)[], expected: readonly (number | null)[]): void {
  expect(actual).toHaveLength(expected.length);
  actual.forEach((value, i) => {
    const wanted = expected[i] ?? null;
    if (value === null || wanted === null) expect(value).toBe(wanted);
    else expect(Math.abs(value - wanted)).toBeLessThanOrEqual(1e-9 * Math.max(1, Math.abs(wanted)) + 1e-6);
  });
}
