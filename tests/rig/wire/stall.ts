const tickMs = 20;

/**
 * Notices when this process itself stood still, on a machine that is busy: what it then reads is older than it looks, and an answer that
 * the rig meant to give in time would be one that comes seconds late.
 */
export class StallWatch {
  #lastMs = performance.now();
  #timer: NodeJS.Timeout | undefined;
  /** Requests that were not answered for it. */
  passedOver = 0;

  start(): void {
    this.#lastMs = performance.now();
    this.#timer = setInterval(() => {
      this.#lastMs = performance.now();
    }, tickMs);
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  /** How long this process may have been standing still up to now, ms. */
  lagMs(): number {
    return Math.max(0, performance.now() - this.#lastMs - tickMs);
  }
}
