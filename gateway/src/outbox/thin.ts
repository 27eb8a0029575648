import type { Reading } from '@plantroom/contracts';
import type { StoredBatch } from './batch-store.ts';

const minuteMs = 60_000;
/** Readings that one step of thinning decodes at most: it stands in the way of polling while it runs. */
const thinAtOnce = 50_000;

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

/** The batches, oldest first, that thin together: neighbours that begin in the minute of the first; at least that one when there is any. */
export function oldestMinute(batches: Iterable<StoredBatch>): StoredBatch[] {
  const run: StoredBatch[] = [];
  let readings = 0;
  let endMs = 0;
  for (const batch of batches) {
    const before = run.at(-1);
    readings += batch.next - batch.first;
    if (before === undefined) endMs = (Math.floor(batch.fromMs / minuteMs) + 1) * minuteMs;
    else if (batch.fromMs >= endMs || batch.first !== before.next || readings > thinAtOnce) break;
    run.push(batch);
  }
  return run;
}

/** What is left of a run of neighbours. */
export interface Thinned {
  readings: Reading[];
  /** Which positions they had, counted from the first of the run. */
  kept: number[];
  /** How many positions the run takes. */
  whole: number;
  fromMs: number;
  toMs: number;
}

/** The run, which is not empty, reduced to the last reading of each point and minute. */
export function thinned(run: readonly StoredBatch[], readingsOf: (batch: StoredBatch) => readonly Reading[]): Thinned {
  const first = run[0]?.first ?? 0;
  const all = run.flatMap((batch) => readingsOf(batch).map((reading, i) => ({ reading, at: batch.first + i - first })));
  const left = lastPerMinute(all.map(({ reading }) => reading)).flatMap((i) => all[i] ?? []);
  return {
    readings: left.map(({ reading }) => reading),
    kept: left.map(({ at }) => at),
    whole: (run.at(-1)?.next ?? first) - first,
    fromMs: Math.min(...run.map((batch) => batch.fromMs)),
    toMs: Math.max(...run.map((batch) => batch.toMs)),
  };
}
