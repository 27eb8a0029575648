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
  readonly stoodStill = { allMs: 0, longestMs: 0 };

  start(): void {
    this.#lastMs = performance.now();
    this.#timer = setInterval(() => {
      const lagMs = this.lagMs();
      if (lagMs > tickMs) this.stoodStill.allMs += lagMs;
      this.stoodStill.longestMs = Math.max(this.stoodStill.longestMs, lagMs);
      this.#lastMs = performance.now();
    }, tickMs);
  }

  stop(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
  }

  /** How long this process may have been standing still up to now, ms. */
  lagMs(): number {
    // Not started: on a virtual clock nothing stands still.
    if (this.#timer === undefined) return 0;
    return Math.max(0, performance.now() - this.#lastMs - tickMs);
  }
}
