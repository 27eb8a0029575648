import type { Reading } from '@plantroom/contracts';

const minuteMs = 60_000;

/** Which readings of a run survive thinning: the last of each point in each minute of wire time. Answers indexes, rising. */
export function lastPerMinute(readings: readonly Pick<Reading, 'point' | 'wireTimeMs'>[]): number[] {
  const seen = new Map<string, number>();
  const kept: number[] = [];
  for (let i = readings.length - 1; i >= 0; i--) {
    const reading = readings[i];
    if (reading === undefined) continue;
    const minute = Math.floor(reading.wireTimeMs / minuteMs);
    if (seen.get(reading.point) === minute) continue;
    seen.set(reading.point, minute);
    kept.push(i);
  }
  return kept.reverse();
}
