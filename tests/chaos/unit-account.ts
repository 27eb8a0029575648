/** What became of an answer, as far as the device can know. */
export type Delivery =
  /** The gateway has it, and had it in time to store it. */
  | 'proven'
  /** A connection was cut, the gateway was killed, or a request came too soon or too late: stored once, or not at all. */
  | 'unsure';

/** Requests of one poll come this far apart at least: what comes sooner had queued up on the way. */
const leastGapMs = 300;

export interface UnitAccountOptions {
  /** A next request that comes later than this may be the repetition after a time-out. Below the time-out by the longest delay of a hop. */
  longestGapMs: number;
  /** A gateway appends what it has read within 100 ms; what was proven this shortly before it was killed may still have waited. */
  appendMs: number;
}

export interface Asked {
  atMs: number;
  connection: number;
  /** It may have been held up on its way for so long that the gateway has given it up. */
  isLate: boolean;
}

interface Open extends Asked {
  count: number;
}

/**
 * Which counts one device has given out, kept by itself. The gateway asks a device for its next reading only when the last request was answered
 * or given up: so the next request on the same connection, a poll later, proves that the answer before it has come, and that there was
 * time to store it. All other answers are unsure.
 */
export class UnitAccount {
  readonly #o: UnitAccountOptions;
  /** By count; what is neither was never given out. */
  readonly #proven: { count: number; atMs: number }[] = [];
  readonly #unsure = new Set<number>();
  #open: Open | undefined;
  #count = 0;
  #frozen = false;

  constructor(options: UnitAccountOptions) {
    this.#o = options;
  }

  /** A request: answers the count to give out. */
  asked(request: Asked): number {
    this.#close(request);
    // Frozen: the last value again, as often as it is asked for.
    if (!this.#frozen || this.#count === 0) this.#count += 1;
    this.#unsure.delete(this.#count);
    this.#open = { ...request, count: this.#count };
    return this.#count;
  }

  /** The gateway is dead from now on. */
  killed(atMs: number): void {
    this.#giveUp();
    for (let last = this.#proven.at(-1); last !== undefined; last = this.#proven.at(-1)) {
      if (atMs - last.atMs >= this.#o.appendMs) return;
      this.#unsure.add(last.count);
      this.#proven.pop();
    }
  }

  /** Values stand still from now on. */
  freeze(): void {
    this.#frozen = true;
  }

  /** The last count that was given out. */
  get last(): number {
    return this.#count;
  }

  /** Every count up to the last is known to be one or the other, and the last is proven. */
  get isSettled(): boolean {
    return this.#count > 0 && this.#proven.at(-1)?.count === this.#count;
  }

  deliveries(): Map<number, Delivery> {
    const all = new Map<number, Delivery>();
    for (const { count } of this.#proven) all.set(count, 'proven');
    for (const count of this.#unsure) all.set(count, 'unsure');
    if (this.#open !== undefined && !all.has(this.#open.count)) all.set(this.#open.count, 'unsure');
    return all;
  }

  #close({ connection, atMs }: Asked): void {
    const open = this.#open;
    if (open === undefined) return;
    const gapMs = atMs - open.atMs;
    const isInTime = gapMs >= leastGapMs && gapMs <= this.#o.longestGapMs;
    const isProven = open.connection === connection && isInTime && !open.isLate;
    if (!isProven) this.#giveUp();
    else if (this.#proven.at(-1)?.count !== open.count) this.#proven.push({ count: open.count, atMs });
    this.#open = undefined;
  }

  #giveUp(): void {
    const open = this.#open;
    this.#open = undefined;
    if (open !== undefined && this.#proven.at(-1)?.count !== open.count) this.#unsure.add(open.count);
  }
}
