const lateCapacity = 1024;

export type Arrival = 'new' | 'late' | 'duplicate';

/**
 * The wire times seen of one point, to drop what came before: the newest one, and a bounded set of those that came late
 * (in order of arrival; when it is full the oldest is forgotten, and the historian's own idempotence is what remains).
 */
export class WireTimes {
  /** The host has degraded the point since its last reading, so a birth that repeats this reading is news. */
  degraded = false;
  #newestMs = Number.NEGATIVE_INFINITY;
  #late: Set<number> | null = null;

  arrive(timeMs: number): Arrival {
    if (timeMs > this.#newestMs) {
      this.#newestMs = timeMs;
      return 'new';
    }
    if (timeMs === this.#newestMs) return 'duplicate';
    this.#late ??= new Set();
    if (this.#late.has(timeMs)) return 'duplicate';
    this.#late.add(timeMs);
    if (this.#late.size > lateCapacity) {
      const [oldest] = this.#late;
      if (oldest !== undefined) this.#late.delete(oldest);
    }
    return 'late';
  }

  isNewest(timeMs: number): boolean {
    return timeMs === this.#newestMs;
  }
}
