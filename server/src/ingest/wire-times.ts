const recentCapacity = 16;
const lateCapacity = 1024;

export type Arrival = 'new' | 'late' | 'duplicate';

/**
 * The wire times seen of one point, to drop what came before: the newest ones, and a bounded set of those that came late
 * (when it is full the oldest is forgotten, and the historian's own idempotence is what remains).
 */
export class WireTimes {
  /** The host has degraded the point since its last reading, so a birth that repeats this reading is news. */
  degraded = false;
  #newestMs = Number.NEGATIVE_INFINITY;
  /** A ring; written for every reading, read only when one does not come in order. */
  readonly #recent = new Float64Array(recentCapacity).fill(Number.NaN);
  #next = 0;
  #late: Set<number> | null = null;

  arrive(timeMs: number): Arrival {
    if (timeMs > this.#newestMs) {
      this.#newestMs = timeMs;
      this.#recent[this.#next] = timeMs;
      this.#next = (this.#next + 1) % recentCapacity;
      return 'new';
    }
    if (this.#recent.includes(timeMs)) return 'duplicate';
    this.#late ??= new Set();
    if (this.#late.has(timeMs)) return 'duplicate';
    this.#late.add(timeMs);
    if (this.#late.size > lateCapacity) {
      const [oldest] = this.#late;
      if (oldest !== undefined) this.#late.delete(oldest);
    }
    return 'late';
  }

  /** A birth repeats the last reading; that is new only after the host has degraded the point. */
  arriveByBirth(timeMs: number): Arrival {
    const restored = this.degraded && timeMs === this.#newestMs;
    const arrival = this.arrive(timeMs);
    // A birth that is behind what has been seen already says nothing about now.
    if (arrival === 'late' || (arrival === 'duplicate' && !restored)) return arrival;
    this.degraded = false;
    return 'new';
  }
}
