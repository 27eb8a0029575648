import type { CurrentValue, Reading } from '@plantroom/contracts';

export function currentValue(reading: Reading, nowMs: number): CurrentValue {
  const value: CurrentValue = {
    point: reading.point,
    value: reading.value,
    quality: reading.quality,
    wireTimeMs: reading.wireTimeMs,
    ingestTimeMs: reading.ingestTimeMs ?? nowMs,
  };
  if (reading.reason !== undefined) value.reason = reading.reason;
  if (reading.deviceTimeMs !== undefined) value.deviceTimeMs = reading.deviceTimeMs;
  return value;
}

/** By wire time, then by point, so that a message gives the same whatever order its metrics came in. */
export function inOrder(readings: readonly Reading[]): readonly Reading[] {
  const before = (a: Reading, b: Reading): boolean =>
    a.wireTimeMs < b.wireTimeMs || (a.wireTimeMs === b.wireTimeMs && a.point <= b.point);
  for (let i = 1; i < readings.length; i++) {
    const [a, b] = [readings[i - 1], readings[i]];
    if (a !== undefined && b !== undefined && !before(a, b)) {
      return readings.toSorted(
        (x, y) => x.wireTimeMs - y.wireTimeMs || (x.point < y.point ? -1 : x.point > y.point ? 1 : 0),
      );
    }
  }
  return readings;
}
