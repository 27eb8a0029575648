import type { Clock } from '@plantroom/contracts';

/** A wait that ends by time or by a call, whichever comes first. One waiter at a time. */
export class Waker {
  readonly #clock: Clock;
  #end: (() => void) | undefined;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** `delayMs` left out: until `wake`. */
  wait(delayMs?: number): Promise<void> {
    return new Promise((resolve) => {
      const cancel = delayMs === undefined ? undefined : this.#clock.after(delayMs, () => this.wake());
      this.#end = () => {
        cancel?.();
        resolve();
      };
    });
  }

  wake(): void {
    const end = this.#end;
    this.#end = undefined;
    end?.();
  }
}
