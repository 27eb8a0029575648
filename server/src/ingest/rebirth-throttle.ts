import type { Clock } from '@plantroom/contracts';

const firstMs = 5_000;
const mostMs = 60_000;

/** Whether a node may be asked for its births again: at most once in 5 s, twice as long after each request that brought none. */
export class RebirthThrottle {
  readonly #clock: Clock;
  #notBeforeMs = Number.NEGATIVE_INFINITY;
  #waitMs = firstMs;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Answers true when the request is to be sent, and counts it as sent. */
  take(): boolean {
    const nowMs = this.#clock.monotonicMs();
    if (nowMs < this.#notBeforeMs) return false;
    this.#notBeforeMs = nowMs + this.#waitMs;
    this.#waitMs = Math.min(this.#waitMs * 2, mostMs);
    return true;
  }

  born(): void {
    this.#waitMs = firstMs;
  }
}
