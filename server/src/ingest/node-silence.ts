import type { Clock } from '@plantroom/contracts';

/** A gateway of ours speaks each second; a foreign node may have nothing to report. */
const reportingMs = 60_000;
const foreignMs = 300_000;
/** For its births, once it has been asked. */
const answerMs = 30_000;

/**
 * A node that leaves without a death certificate (not every client sends one before it disconnects, and the Will then is dropped) would be
 * there for ever. One that is silent for long is asked for its births; without an answer it is gone.
 */
export class NodeSilence {
  readonly #clock: Clock;
  #heardMs: number;
  #askedMs: number | undefined;

  constructor(clock: Clock) {
    this.#clock = clock;
    this.#heardMs = clock.monotonicMs();
  }

  heard(): void {
    this.#heardMs = this.#clock.monotonicMs();
    this.#askedMs = undefined;
  }

  /** Call each second while the node counts as there. */
  due({ isReporting }: { isReporting: boolean }): 'ask' | 'gone' | undefined {
    const nowMs = this.#clock.monotonicMs();
    if (this.#askedMs !== undefined) return nowMs - this.#askedMs >= answerMs ? 'gone' : undefined;
    if (nowMs - this.#heardMs < (isReporting ? reportingMs : foreignMs)) return undefined;
    this.#askedMs = nowMs;
    return 'ask';
  }
}
