import type { VirtualClock } from '@plantroom/contracts';
import type { VirtualNet } from './virtual-net.ts';

/** All that falls due within such a step happens in it; an answer takes at least one. */
const stepMs = 10;
/** Turns of the event loop without a byte moving, after which nothing more is to be expected before time goes on. */
const stillTurns = 2;

/** Moves a virtual clock in step with the virtual wires: time goes on only when everything that was said has been heard. */
export class VirtualTime {
  readonly clock: VirtualClock;
  readonly #net: VirtualNet;

  constructor(clock: VirtualClock, net: VirtualNet) {
    this.clock = clock;
    this.#net = net;
  }

  async advance(ms: number): Promise<void> {
    const { clock } = this;
    const endMs = clock.monotonicMs() + ms;
    while (clock.monotonicMs() < endMs) {
      const nowMs = clock.monotonicMs();
      const dueMs = Math.min(clock.nextDueMs ?? endMs, endMs);
      const toMs = Math.min(endMs, Math.max(nowMs + stepMs, Math.ceil(dueMs / stepMs) * stepMs));
      clock.advance(toMs - nowMs);
      await this.#still();
    }
  }

  /** For what starts and stops in its own time. */
  async until<T>(promise: Promise<T>): Promise<T> {
    let isOver = false;
    const over = (): void => {
      isOver = true;
    };
    promise.then(over, over);
    while (!isOver) await this.advance(stepMs);
    return promise;
  }

  async #still(): Promise<void> {
    let seen = this.#net.moved;
    for (let turns = 0; turns < stillTurns; turns++) {
      await new Promise((resolve) => setImmediate(resolve));
      if (this.#net.moved === seen) continue;
      seen = this.#net.moved;
      turns = -1;
    }
  }
}
