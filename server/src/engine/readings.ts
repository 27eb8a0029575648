import type { CurrentValue, Reading } from '@plantroom/contracts';
import type { CurrentValues } from '../current/current-values.ts';
import type { Plant } from './plant.ts';
import type { RuleBook } from './rule-book.ts';

/** Readings by what they are to the rules. */
export interface SortedReadings {
  /** News, of points that have rules or are not known yet. */
  ruled: Reading[];
  /** Older than the newest of their point, of points that have rules. */
  late: Reading[];
  /** Newest wire time. */
  lastMs: number;
}

/** Hot path: takes readings over as current values; most have no rule and end there. */
export function sortReadings(
  readings: readonly Reading[],
  { book, plant, current }: { book: RuleBook; plant: Plant; current: CurrentValues },
  nowMs: number,
): SortedReadings {
  const sorted: SortedReadings = { ruled: [], late: [], lastMs: 0 };
  for (const reading of inOrder(readings)) {
    const { point, wireTimeMs } = reading;
    if (wireTimeMs > sorted.lastMs) sorted.lastMs = wireTimeMs;
    if (current.set(currentValue(reading, nowMs))) {
      if (book.of(point).length > 0 || !plant.points.has(point)) sorted.ruled.push(reading);
    } else if (book.of(point).length > 0 && wireTimeMs < (current.get(point)?.wireTimeMs ?? 0))
      sorted.late.push(reading);
  }
  return sorted;
}

function currentValue(reading: Reading, nowMs: number): CurrentValue {
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
function inOrder(readings: readonly Reading[]): readonly Reading[] {
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
