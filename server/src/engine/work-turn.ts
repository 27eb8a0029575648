import { setImmediate } from 'node:timers/promises';
import type { Clock } from '@plantroom/contracts';

/** The broker must be answered within its keep-alive, and screens before anybody notices. */
const maxTurnMs = 50;

/** The embedded database answers within the turn of the event loop: a long queue would let nothing else have one. */
export class WorkTurn {
  readonly #clock: Clock;
  #sinceMs: number;

  constructor(clock: Clock) {
    this.#clock = clock;
    this.#sinceMs = clock.monotonicMs();
  }

  /** A turn has only just begun. */
  begin(): void {
    this.#sinceMs = this.#clock.monotonicMs();
  }

  /** Lets the sockets and timers have their turn when this one has been long. */
  async share(): Promise<void> {
    if (this.#clock.monotonicMs() - this.#sinceMs < maxTurnMs) return;
    await setImmediate();
    this.begin();
  }
}
