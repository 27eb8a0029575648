import type { Reading } from '@plantroom/contracts';
import type { StoredLane } from './outbox.ts';

/** A second of the largest gateway that is foreseen; what uplinks are behind by more than this they read from the store. */
const mostReadings = 130_000;
/** Uplinks that keep up have read them by then; what is sent and not yet confirmed need not lie here twice. */
const longestMs = 2_000;

/** What one append stored at positions `first` to `next` (exclusive). */
export interface RecentRun {
  first: number;
  next: number;
  readings: readonly Reading[];
}

/**
 * The newest readings beside the store, which stays the truth: uplinks that keep up are served the objects that were just appended instead
 * of each reading and decoding the same batches.
 */
export class RecentReadings {
  readonly #runs: Record<StoredLane, (RecentRun & { addedMs: number })[]> = { safety: [], live: [] };
  #count = 0;

  /** In the order of positions, without holes between neighbours of one lane. `nowMs`: monotonic. */
  add(lane: StoredLane, run: RecentRun, nowMs: number): void {
    while ((this.#runs[lane][0]?.addedMs ?? nowMs) < nowMs - longestMs) this.#dropFirst(lane);
    this.#runs[lane].push({ ...run, addedMs: nowMs });
    this.#count += run.readings.length;
    while (this.#count > mostReadings) this.#dropFirst(this.#runs.live.length > 0 ? 'live' : 'safety');
  }

  /** From this position to the end of the append it came in, at most `most`; empty when the store has to be asked. */
  read(lane: StoredLane, position: number, most: number): readonly Reading[] {
    const runs = this.#runs[lane];
    let low = 0;
    let high = runs.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((runs[middle]?.next ?? 0) > position) high = middle;
      else low = middle + 1;
    }
    const found = runs[low];
    if (found === undefined || found.first > position) return [];
    const from = position - found.first;
    return from === 0 && found.readings.length <= most ? found.readings : found.readings.slice(from, from + most);
  }

  dropBefore(lane: StoredLane, position: number): void {
    while ((this.#runs[lane][0]?.next ?? Number.POSITIVE_INFINITY) <= position) this.#dropFirst(lane);
  }

  clear(): void {
    this.#runs.safety = [];
    this.#runs.live = [];
    this.#count = 0;
  }

  #dropFirst(lane: StoredLane): void {
    this.#count -= this.#runs[lane].shift()?.readings.length ?? 0;
  }
}
