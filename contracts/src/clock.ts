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
  isCancelled: boolean;
}

/** The fake beside the interface: time moves only by `advance`, timers fire in due order. */
export class VirtualClock implements Clock {
  #startMs: number;
  #monotonicMs = 0;
  #order = 0;
  /** A binary heap: simulated weeks have a hundred million timers. */
  readonly #pending: Pending[] = [];
  #cancelled = 0;

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

  /** When the next timer is due, by the monotonic clock; undefined: there is none. */
  get nextDueMs(): number | undefined {
    return this.#first()?.dueMs;
  }

  after(delayMs: number, call: () => void): () => void {
    const dueMs = this.#monotonicMs + Math.max(0, delayMs);
    const entry: Pending = { dueMs, order: this.#order++, call, isCancelled: false };
    this.#pending.push(entry);
    this.#rise(this.#pending.length - 1);
    return () => this.#cancel(entry);
  }

  /** Moves both clocks; runs what falls due, and what those calls schedule, in order. */
  advance(ms: number): void {
    const endMs = this.#monotonicMs + ms;
    for (let next = this.#first(); next !== undefined && next.dueMs <= endMs; next = this.#first()) {
      this.#removeFirst();
      // It has been called: cancelling it later changes nothing.
      next.isCancelled = true;
      this.#monotonicMs = next.dueMs;
      next.call();
    }
    this.#monotonicMs = endMs;
  }

  /** Steps the wall clock only, as NTP or an operator does. */
  step(ms: number): void {
    this.#startMs += ms;
  }

  #cancel(entry: Pending): void {
    if (entry.isCancelled) return;
    entry.isCancelled = true;
    this.#cancelled += 1;
    if (this.#cancelled > 64 && this.#cancelled > this.#pending.length / 2) this.#sweep();
  }

  /** Most timers are cancelled before they fall due, many of them far ahead. */
  #sweep(): void {
    const kept = this.#pending.filter(({ isCancelled }) => !isCancelled).sort((a, b) => (isBefore(a, b) ? -1 : 1));
    this.#pending.splice(0, this.#pending.length, ...kept);
    this.#cancelled = 0;
  }

  #first(): Pending | undefined {
    let [first] = this.#pending;
    while (first?.isCancelled) {
      this.#cancelled -= 1;
      this.#removeFirst();
      [first] = this.#pending;
    }
    return first;
  }

  #removeFirst(): void {
    const last = this.#pending.pop();
    if (last === undefined || this.#pending.length === 0) return;
    this.#pending[0] = last;
    this.#sink(0);
  }

  #rise(at: number): void {
    const entry = this.#pending[at] as Pending;
    let place = at;
    while (place > 0) {
      const above = (place - 1) >> 1;
      const parent = this.#pending[above] as Pending;
      if (!isBefore(entry, parent)) break;
      this.#pending[place] = parent;
      place = above;
    }
    this.#pending[place] = entry;
  }

  #sink(at: number): void {
    const entry = this.#pending[at] as Pending;
    let place = at;
    for (;;) {
      let child = 2 * place + 1;
      let smaller = this.#pending[child];
      if (smaller === undefined) break;
      const right = this.#pending[child + 1];
      if (right !== undefined && isBefore(right, smaller)) {
        child += 1;
        smaller = right;
      }
      if (!isBefore(smaller, entry)) break;
      this.#pending[place] = smaller;
      place = child;
    }
    this.#pending[place] = entry;
  }
}

function isBefore(a: Pending, b: Pending): boolean {
  return a.dueMs < b.dueMs || (a.dueMs === b.dueMs && a.order < b.order);
}
