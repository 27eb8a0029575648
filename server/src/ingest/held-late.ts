import type { Reading } from '@plantroom/contracts';
import type { StoredLane } from './ingest.ts';

/** More are handed on as they are: order is worth less than memory. */
const maxHeld = 100_000;

/**
 * Late readings of a node that reports what it has sent, until a report vouches that none is missing: rules follow a point through its past in the
 * order in which it happened, and what was lost on the way comes again behind what was not.
 */
export class HeldLate {
  readonly #give: (readings: Reading[]) => void;
  readonly #held: Record<StoredLane, Reading[]> = { safety: [], live: [] };

  constructor(give: (readings: Reading[]) => void) {
    this.#give = give;
  }

  hold(lane: StoredLane, reading: Reading): void {
    this.#held[lane].push(reading);
    if (this.#held[lane].length >= maxHeld) this.release(lane);
  }

  /** In order of their times. */
  release(lane: StoredLane): void {
    const readings = this.#held[lane];
    if (readings.length === 0) return;
    this.#held[lane] = [];
    this.#give(readings.sort((a, b) => a.wireTimeMs - b.wireTimeMs));
  }

  releaseAll(): void {
    this.release('safety');
    this.release('live');
  }
}
