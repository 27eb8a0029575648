import type { Rank } from './alarm-facts.ts';

export interface RateLimit {
  count: number;
  perMs: number;
}

/** Share of a limit that less urgent messages leave for the more urgent ones. */
const reserved: Record<Rank, number> = { 0: 0, 1: 0.15, 2: 0.35 };

/**
 * How many messages may go now. Times of what went are kept, so that no span of a limit's length ever holds more than the limit: a bucket
 * that fills evenly would let twice as many through around a pause, and DingTalk then stops a robot for ten minutes.
 */
export class RateWindow {
  readonly #limits: readonly RateLimit[];
  #sent: number[];

  constructor(limits: readonly RateLimit[], sent: readonly number[] = []) {
    this.#limits = limits;
    this.#sent = [...sent].sort((a, b) => a - b);
  }

  /** Takes over what went under other limits. */
  with(limits: readonly RateLimit[]): RateWindow {
    return new RateWindow(limits, this.#sent);
  }

  take(nowMs: number): void {
    const longest = Math.max(...this.#limits.map(({ perMs }) => perMs));
    this.#sent = [...this.#sent.filter((at) => at > nowMs - longest), nowMs];
  }

  /** The clock was set back: what went stays as long ago as it is. */
  setBack(byMs: number): void {
    this.#sent = this.#sent.map((at) => at - byMs);
  }

  free(rank: Rank, nowMs: number): number {
    return Math.max(
      0,
      Math.min(...this.#limits.map((limit) => allowed(limit, rank) - this.#within(limit, nowMs).length)),
    );
  }

  /** When one more may go; `nowMs` when it may now. */
  nextFreeMs(rank: Rank, nowMs: number): number {
    const times = this.#limits.map((limit) => {
      const within = this.#within(limit, nowMs);
      const tooMany = within.length - allowed(limit, rank) + 1;
      return tooMany <= 0 ? nowMs : (within[tooMany - 1] ?? nowMs) + limit.perMs;
    });
    return Math.max(...times);
  }

  #within({ perMs }: RateLimit, nowMs: number): number[] {
    return this.#sent.filter((at) => at > nowMs - perMs);
  }
}

function allowed({ count }: RateLimit, rank: Rank): number {
  return Math.max(1, count - Math.ceil(count * reserved[rank]));
}
