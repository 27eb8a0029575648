import type { VirtualClock } from '@plantroom/contracts';
import type { LineTime } from './line-time.ts';
import type { VirtualNet } from './virtual-net.ts';

/** All that falls due within such a step happens in it; an answer takes at least one. */
const stepMs = 10;
/** Rounds of what the process does before it turns to its event loop again, after which nothing more follows unless bytes have moved. */
const stillRounds = 2;
/** After so many quiet steps the event loop gets its turn all the same: signals, and what does not go over the virtual wires. */
const quietSteps = 100;

/** Moves a virtual clock in step with the virtual wires: time goes on only when everything that was said has been heard. */
export class VirtualTime implements LineTime {
  readonly clock: VirtualClock;
  readonly #net: VirtualNet;
  #quiet = 0;
  #isBusy: () => boolean = () => false;

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
      const before = this.#net.moved;
      clock.advance(toMs - nowMs);
      await this.#still(before);
    }
  }

  /** For what starts and stops in its own time. */
  async until<T>(promise: Promise<T>): Promise<T> {
    let isOver = false;
    const over = (): void => {
      isOver = true;
    };
    promise.then(over, over);
    while (!isOver) {
      await this.advance(stepMs);
      await turn();
    }
    return promise;
  }

  waitWhile(isBusy: () => boolean): void {
    this.#isBusy = isBusy;
  }

  /** `before`: what had moved when it all began. */
  async #still(before: number): Promise<void> {
    const net = this.#net;
    let seen = before;
    for (let rounds = 0; rounds < stillRounds; rounds++) await round();
    // Most of what falls due says nothing.
    this.#quiet += 1;
    while (net.moved !== seen || this.#quiet > quietSteps || this.#isBusy()) {
      seen = net.moved;
      this.#quiet = 0;
      await turn();
      for (let rounds = 0; rounds < stillRounds; rounds++) await round();
    }
  }
}

/** What has been put off until the present call returns, and what follows from it. */
function round(): Promise<void> {
  return new Promise((resolve) => process.nextTick(resolve));
}

/** The event loop, once around. */
function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
