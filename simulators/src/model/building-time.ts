import type { Clock } from '@plantroom/contracts';

/**
 * The time of a building: that of the wall clock, moved by what it has been ahead or behind. While it is held it goes on only by `advance`,
 * so that a model can be stepped faster than the clock. Its timers are those of the wall clock: devices answer in real time.
 */
export class BuildingTime implements Clock {
  readonly #base: Clock;
  #offsetMs: number;
  #heldMs: number | undefined;

  /** `offsetMs`: building time less wall time. */
  constructor(base: Clock, offsetMs = 0) {
    this.#base = base;
    this.#offsetMs = offsetMs;
  }

  /** UTC ms. */
  nowMs(): number {
    return this.#heldMs ?? this.#base.nowMs() + this.#offsetMs;
  }

  monotonicMs(): number {
    return this.#base.monotonicMs();
  }

  after(delayMs: number, call: () => void): () => void {
    return this.#base.after(delayMs, call);
  }

  /** Building time less wall time, ms. */
  get offsetMs(): number {
    return this.nowMs() - this.#base.nowMs();
  }

  /** From now on it goes on by `advance` alone. */
  hold(): void {
    this.#heldMs = this.nowMs();
  }

  /** From now on it goes with the wall clock again, from where it stands. */
  release(): void {
    this.#offsetMs = this.offsetMs;
    this.#heldMs = undefined;
  }

  /** Only while it is held. */
  advance(ms: number): void {
    if (this.#heldMs !== undefined) this.#heldMs += ms;
  }
}
