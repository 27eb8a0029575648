/** Time is passed in: the domain and everything tested without sleeping takes a Clock. */
export interface Clock {
  /** UTC, ms since the epoch. May step (NTP, operator). */
  nowMs(): number;
  /** Never steps; only differences mean anything, ms. */
  monotonicMs(): number;
  /** Calls once after `delayMs`; the returned function cancels. */
  after(delayMs: number, call: () => void): () => void;
}

export const systemClock: Clock = {
  nowMs: () => Date.now(),
  monotonicMs: () => performance.now(),
  after(delayMs, call) {
    const timer = setTimeout(call, delayMs);
    return () => clearTimeout(timer);
  },
};

interface Pending {
  dueMs: number;
  order: number;
  call: () => void;
}

/** The fake beside the interface: time moves only by `advance`, timers fire in due order. */
export class VirtualClock implements Clock {
  #startMs: number;
  #monotonicMs = 0;
  #order = 0;
  readonly #pending = new Set<Pending>();

  constructor(startMs = Date.UTC(2026, 0, 1)) {
    this.#startMs = startMs;
  }

  /** Whole ms, as the wall clock tells them, though timers may be due between two of them. */
  nowMs(): number {
    return Math.floor(this.#startMs + this.#monotonicMs);
  }

  monotonicMs(): number {
    return this.#monotonicMs;
  }

  after(delayMs: number, call: () => void): () => void {
    const entry = { dueMs: this.#monotonicMs + Math.max(0, delayMs), order: this.#order++, call };
    this.#pending.add(entry);
    return () => this.#pending.delete(entry);
  }

  /** Moves both clocks; runs what falls due, and what those calls schedule, in order. */
  advance(ms: number): void {
    const endMs = this.#monotonicMs + ms;
    for (let next = this.#next(endMs); next !== undefined; next = this.#next(endMs)) {
      this.#pending.delete(next);
      this.#monotonicMs = next.dueMs;
      next.call();
    }
    this.#monotonicMs = endMs;
  }

  /** Steps the wall clock only, as NTP or an operator does. */
  step(ms: number): void {
    this.#startMs += ms;
  }

  #next(endMs: number): Pending | undefined {
    let first: Pending | undefined;
    for (const entry of this.#pending) {
      if (entry.dueMs > endMs) continue;
      if (
        first === undefined ||
        entry.dueMs < first.dueMs ||
        (entry.dueMs === first.dueMs && entry.order < first.order)
      )
        first = entry;
    }
    return first;
  }
}
