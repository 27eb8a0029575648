import type { Clock } from '@plantroom/contracts';

/** How far the watermark of a node that sends none stays behind its clock. */
const foreignLagMs = 1_000;

/** The wire time up to which everything of a node has arrived: as it says itself, or else by the clock that its messages show. Never goes back. */
export class NodeWatermark {
  readonly #clock: Clock;
  readonly #onAdvance: (wireTimeMs: number) => void;
  #wireTimeMs: number | null = null;
  #isSent = false;
  #clockOffsetMs = 0;

  constructor(clock: Clock, onAdvance: (wireTimeMs: number) => void) {
    this.#clock = clock;
    this.#onAdvance = onAdvance;
  }

  get wireTimeMs(): number | null {
    return this.#wireTimeMs;
  }

  born({ isSent }: { isSent: boolean }): void {
    this.#isSent = isSent;
  }

  told(wireTimeMs: number): void {
    if (this.#wireTimeMs !== null && wireTimeMs <= this.#wireTimeMs) return;
    this.#wireTimeMs = wireTimeMs;
    this.#onAdvance(wireTimeMs);
  }

  /** Of each message. */
  heard(timestampMs: number | undefined): void {
    if (this.#isSent || timestampMs === undefined) return;
    this.#clockOffsetMs = timestampMs - this.#clock.nowMs();
    this.told(timestampMs);
  }

  /** Call each second: a node that sends no watermark has one from its own clock, or its delays would never end. */
  tick(): void {
    if (this.#isSent || this.#wireTimeMs === null) return;
    this.told(this.#clock.nowMs() + this.#clockOffsetMs - foreignLagMs);
  }
}
