/** Arrivals that nobody has vouched for: more than a gateway of ours sends of one point between two of its reports. */
const openCapacity = 16_384;
/** Of a node that never reports only the last so many are remembered, and twice as many held. */
const foreignKept = 32;
/** Spans of time of which everything has arrived; a gateway makes one more with each hole that is filled from behind. */
const coveredCapacity = 512;

export type Arrival = 'new' | 'late' | 'duplicate';

/**
 * The wire times seen of one point, to drop what came before. Single times at first; once its gateway's counts say that nothing of a stretch
 * is missing, the stretch is kept as an interval, whatever its length. Where a point is sent in several goes (live values, a backlog beside
 * them, a replay), each go in order, the intervals grow from each of them and join.
 */
export class WireTimes {
  /** The host has degraded the point since its last reading, so a birth that repeats this reading is news. */
  degraded = false;
  /** Its node reports what it has sent. */
  isVouchedFor = false;
  #newestMs = Number.NEGATIVE_INFINITY;
  /** In the order of their arrival, since the last report. Read only when one does not come in order. */
  #open: number[] = [];
  /** Disjoint, in order: from, to, from, to … */
  #covered: number[] = [];
  /** Where the stretch vouched for last ended: what comes next in the stream follows it without a hole. */
  #sealedMs: number | undefined;
  /** The same of what goes ahead of a backlog. */
  #aheadMs: number | undefined;

  /** Something has arrived since the last report. */
  get isOpen(): boolean {
    return this.#open.length > 0;
  }

  arrive(timeMs: number): Arrival {
    if (timeMs > this.#newestMs) {
      this.#newestMs = timeMs;
      this.#note(timeMs);
      return 'new';
    }
    const isKnown = this.#open.includes(timeMs) || this.#isCovered(timeMs);
    this.#note(timeMs);
    // Nobody will vouch for it, and it is older than what is remembered otherwise.
    if (!this.isVouchedFor) this.#cover(timeMs, timeMs);
    return isKnown ? 'duplicate' : 'late';
  }

  /** A birth repeats the last reading; that is new only after the host has degraded the point. It says nothing of what lies before it. */
  arriveByBirth(timeMs: number): Arrival {
    const restored = this.degraded && timeMs === this.#newestMs;
    const isNewer = timeMs > this.#newestMs;
    const isKnown = !isNewer && (this.#open.includes(timeMs) || this.#isCovered(timeMs));
    if (isNewer) {
      this.#cover(timeMs, timeMs);
      this.#newestMs = timeMs;
    }
    // A birth that comes late tells nothing that counts: the reading itself is still to come.
    else if (!isKnown) return 'late';
    else if (!restored) return 'duplicate';
    this.degraded = false;
    return 'new';
  }

  /** Nothing is missing of what was sent since the last report, all of it behind the backlog's end (`isAhead`) or all before. */
  seal({ isAhead }: { isAhead: boolean } = { isAhead: false }): void {
    if (this.#open.length === 0) return;
    let fromMs = isAhead ? this.#aheadMs : this.#sealedMs;
    let lastMs = fromMs;
    for (const timeMs of this.#open) {
      // A step back begins another go.
      if (fromMs === undefined || lastMs === undefined || timeMs <= lastMs) {
        if (fromMs !== undefined && lastMs !== undefined) this.#cover(fromMs, lastMs);
        fromMs = timeMs;
      }
      lastMs = timeMs;
    }
    if (fromMs !== undefined && lastMs !== undefined) this.#cover(fromMs, lastMs);
    if (isAhead) this.#aheadMs = lastMs;
    else this.#sealedMs = lastMs;
    this.#open = [];
  }

  /** The backlog has met what went ahead of it: nothing is missing between them. */
  join(): void {
    if (this.#aheadMs === undefined) return;
    if (this.#sealedMs !== undefined && this.#sealedMs < this.#aheadMs) this.#cover(this.#sealedMs, this.#aheadMs);
    this.#sealedMs = this.#aheadMs;
    this.#aheadMs = undefined;
  }

  /** Something is missing, or the stream goes on elsewhere: what came is known as single times. */
  tear(): void {
    for (const timeMs of this.#open) this.#cover(timeMs, timeMs);
    this.#open = [];
    this.#sealedMs = undefined;
    this.#aheadMs = undefined;
  }

  #note(timeMs: number): void {
    this.#open.push(timeMs);
    if (this.isVouchedFor) {
      if (this.#open.length > openCapacity) this.tear();
    } else if (this.#open.length >= 2 * foreignKept) this.#open = this.#open.slice(-foreignKept);
  }

  /** Place of the first interval that ends at or behind this time. */
  #place(timeMs: number): number {
    let low = 0;
    let high = this.#covered.length / 2;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#covered[2 * middle + 1] ?? 0) >= timeMs) high = middle;
      else low = middle + 1;
    }
    return low;
  }

  #isCovered(timeMs: number): boolean {
    const from = this.#covered[2 * this.#place(timeMs)];
    return from !== undefined && from <= timeMs;
  }

  #cover(fromMs: number, toMs: number): void {
    const covered = this.#covered;
    const newest = covered.length - 1;
    // Most of what comes goes on where the newest interval ends.
    if (fromMs <= (covered[newest] ?? Number.NEGATIVE_INFINITY) && fromMs >= (covered[newest - 1] ?? 0)) {
      if (toMs > (covered[newest] ?? 0)) covered[newest] = toMs;
      return;
    }
    const first = this.#place(fromMs);
    let end = first;
    let [from, to] = [fromMs, toMs];
    while (2 * end < this.#covered.length && (this.#covered[2 * end] ?? 0) <= toMs) {
      from = Math.min(from, this.#covered[2 * end] ?? from);
      to = Math.max(to, this.#covered[2 * end + 1] ?? to);
      end += 1;
    }
    this.#covered.splice(2 * first, 2 * (end - first), from, to);
    // What the oldest has told is forgotten; the historian stores the same reading once all the same.
    if (this.#covered.length > 2 * coveredCapacity) this.#covered.splice(0, 2);
  }
}
