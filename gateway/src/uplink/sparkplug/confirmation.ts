import type { Clock } from '@plantroom/contracts';

/** A host of ours answers within a second or two; its database may have been away. */
const confirmWithinMs = 10_000;

/**
 * The acknowledgement: a host of ours answers `Stored To`, and only that moves the cursor. One that does not within the time that it has
 * (any foreign one) leaves us with what MQTT QoS 0 can say: the packet was handed over while connected.
 */
export class Confirmation {
  readonly #clock: Clock;
  #isGiven: boolean | undefined;
  /** Since when it has been told what was sent; monotonic. */
  #toldMs: number | undefined;

  constructor(clock: Clock, isGiven: boolean | undefined) {
    this.#clock = clock;
    this.#isGiven = isGiven;
  }

  /** Whether the host confirms; undefined: not known yet. */
  get isGiven(): boolean | undefined {
    return this.#isGiven;
  }

  came(): void {
    this.#isGiven = true;
  }

  /** The host is told what was sent. True, once: it has had its time, and confirms nothing. */
  told(): boolean {
    if (this.#isGiven !== undefined) return false;
    const nowMs = this.#clock.monotonicMs();
    this.#toldMs ??= nowMs;
    if (nowMs - this.#toldMs < confirmWithinMs) return false;
    this.#isGiven = false;
    return true;
  }
}
