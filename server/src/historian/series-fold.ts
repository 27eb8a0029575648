import { type HistoryAggregate, type HistorySeries, PlantroomError } from '@plantroom/contracts';
import type { HistorianQuery } from './historian.ts';

export interface QualityMark {
  timeMs: number;
  /** 0 bad; anything else is data that counts. */
  code: number;
  reason: string | null;
}

/** What was in force just before the range: the last sample and the last quality change, if there are any. */
export interface Before {
  sample: { timeMs: number; value: number } | null;
  quality: QualityMark | null;
}

export interface SeriesRange {
  fromMs: number;
  /** Exclusive. */
  toMs: number;
  /** Server time: the last value is held up to here, never into the future. */
  nowMs: number;
  aggregate: HistoryAggregate;
  /** Ignored for raw. */
  resolutionMs: number;
  limit: number;
}

/** What held from a sample on to the end of a roll-up's bucket. */
export interface RolledStretch {
  fromMs: number;
  /** Exclusive. */
  toMs: number;
  /** Of value × ms. */
  sum: number;
  low: number;
  high: number;
  last: number;
}

const badCode = 0;

/**
 * Turns the samples of one point, given in order of time, into what a query answers. A value holds until the next one;
 * it counts only while quality is not bad. A hole begins with a change to bad and ends with the next other change or the next sample,
 * whichever is first: a sample is never written for a bad value, so its coming is proof. Every store answers through
 * this one, so all give the same numbers.
 */
export class SeriesFold {
  readonly #point: string;
  readonly #range: SeriesRange;
  readonly #marks: readonly QualityMark[];
  readonly #buckets: boolean;
  readonly #t: number[] = [];
  readonly #v: (number | null)[] = [];
  readonly #min: (number | null)[] = [];
  readonly #max: (number | null)[] = [];
  readonly #holes: HistorySeries['holes'] = [];
  #truncated = false;
  #nextMark = 0;

  #atMs: number;
  #held: number | null;
  #badSince: number | null = null;
  #badReason = '';

  #pendingMs = Number.NaN;
  #pendingValue = 0;
  #lastMs = -Infinity;

  #bucketEndMs: number;
  #sum = 0;
  #weight = 0;
  #low = 0;
  #high = 0;
  #last = 0;
  #gap = false;

  constructor(point: string, range: SeriesRange, history: { before: Before; marks: readonly QualityMark[] }) {
    const { before } = history;
    this.#point = point;
    this.#range = range;
    this.#marks = history.marks;
    this.#buckets = range.aggregate !== 'raw';
    this.#atMs = range.fromMs;
    this.#held = before.sample?.value ?? null;
    this.#bucketEndMs = bucketStart(range.fromMs, range.resolutionMs) + range.resolutionMs;
    if (before.quality?.code === badCode && before.quality.timeMs >= (before.sample?.timeMs ?? -Infinity)) {
      this.#turnBad(range.fromMs, before.quality.reason);
    }
  }

  /** True once the limit is reached: more samples change nothing. */
  get full(): boolean {
    return this.#truncated;
  }

  /** Times must not go back; of samples at one time the last one counts. */
  add(timeMs: number, value: number): void {
    if (timeMs !== this.#pendingMs) this.#take();
    this.#pendingMs = timeMs;
    this.#pendingValue = value;
  }

  /**
   * A stretch of samples at once, as a roll-up knows it. It begins with a sample, lies within one bucket of the answer, has no quality
   * change in it, and ends before server time; times as for `add`.
   */
  addRollUp(stretch: RolledStretch): void {
    this.#take();
    const { fromMs, toMs } = stretch;
    this.#passMarks(fromMs);
    this.#moveTo(fromMs);
    this.#turnGood(fromMs);
    this.#lastMs = fromMs;
    this.#held = stretch.last;
    if (this.#truncated) return;
    if (fromMs >= this.#bucketEndMs) this.#nextBucket();
    this.#spread(stretch.low, stretch.high);
    this.#sum += stretch.sum;
    this.#weight += toMs - fromMs;
    this.#last = stretch.last;
    this.#atMs = toMs;
  }

  finish(): HistorySeries {
    this.#take();
    // A gateway whose clock is ahead has samples after server time: they count, for a millisecond.
    const endMs = Math.min(this.#range.toMs, Math.max(this.#range.nowMs, this.#lastMs + 1));
    this.#passMarks(endMs);
    this.#moveTo(endMs);
    this.#closeBucket();
    this.#turnGood(endMs);
    const series: HistorySeries = {
      point: this.#point,
      t: this.#t,
      v: this.#v,
      truncated: this.#truncated,
      holes: this.#holes,
    };
    if (this.#range.aggregate === 'minmax') {
      series.min = this.#min;
      series.max = this.#max;
    }
    return series;
  }

  #take(): void {
    const timeMs = this.#pendingMs;
    if (Number.isNaN(timeMs)) return;
    this.#pendingMs = Number.NaN;
    if (timeMs >= this.#range.toMs) return;
    this.#passMarks(timeMs);
    this.#moveTo(timeMs);
    this.#turnGood(timeMs);
    this.#lastMs = timeMs;
    this.#held = this.#pendingValue;
    if (!this.#buckets) this.#emit(timeMs, this.#pendingValue);
  }

  /** Quality changes before this time; one at the same instant as a sample comes after it. */
  #passMarks(timeMs: number): void {
    for (;;) {
      const mark = this.#marks[this.#nextMark];
      if (mark === undefined || mark.timeMs >= timeMs) return;
      this.#nextMark++;
      this.#moveTo(mark.timeMs);
      this.#turnGood(mark.timeMs);
      if (mark.code === badCode) this.#turnBad(mark.timeMs, mark.reason);
    }
  }

  #turnBad(timeMs: number, reason: string | null): void {
    this.#badSince = timeMs;
    this.#badReason = reason ?? 'bad';
  }

  #turnGood(timeMs: number): void {
    if (this.#badSince === null) return;
    if (timeMs > this.#badSince) {
      this.#holes.push({ fromMs: this.#badSince, toMs: timeMs, reason: this.#badReason });
    }
    this.#badSince = null;
  }

  #moveTo(timeMs: number): void {
    if (!this.#buckets || timeMs <= this.#atMs) return;
    const value = this.#badSince === null ? this.#held : null;
    if (value === null) {
      this.#skipTo(timeMs);
      return;
    }
    while (this.#atMs < timeMs && !this.#truncated) {
      if (this.#atMs >= this.#bucketEndMs) this.#nextBucket();
      const endMs = Math.min(timeMs, this.#bucketEndMs);
      this.#weigh(value, endMs - this.#atMs);
      this.#atMs = endMs;
    }
  }

  #skipTo(timeMs: number): void {
    this.#atMs = timeMs;
    if (timeMs <= this.#bucketEndMs) return;
    this.#closeBucket();
    const { resolutionMs } = this.#range;
    const endMs = bucketStart(timeMs, resolutionMs) + resolutionMs;
    if (endMs > this.#bucketEndMs + resolutionMs) this.#emitGap(this.#bucketEndMs);
    this.#bucketEndMs = endMs;
  }

  #spread(low: number, high: number): void {
    if (this.#weight === 0) {
      this.#low = low;
      this.#high = high;
    } else {
      if (low < this.#low) this.#low = low;
      if (high > this.#high) this.#high = high;
    }
  }

  #weigh(value: number, ms: number): void {
    this.#spread(value, value);
    this.#sum += value * ms;
    this.#weight += ms;
    this.#last = value;
  }

  #nextBucket(): void {
    this.#closeBucket();
    this.#bucketEndMs += this.#range.resolutionMs;
  }

  #closeBucket(): void {
    if (!this.#buckets) return;
    const startMs = this.#bucketEndMs - this.#range.resolutionMs;
    if (this.#weight > 0) {
      const constant = this.#low === this.#high;
      const mean = constant ? this.#low : this.#sum / this.#weight;
      const { aggregate } = this.#range;
      const value =
        aggregate === 'min' ? this.#low : aggregate === 'max' ? this.#high : aggregate === 'last' ? this.#last : mean;
      this.#emit(startMs, value, this.#low, this.#high);
      this.#gap = false;
    } else {
      this.#emitGap(startMs);
    }
    this.#sum = 0;
    this.#weight = 0;
  }

  /** One empty row begins each gap, so that a line drawn through the rows breaks there. */
  #emitGap(startMs: number): void {
    if (this.#gap || this.#t.length === 0) return;
    this.#emit(startMs, null, null, null);
    this.#gap = true;
  }

  #emit(timeMs: number, value: number | null, low?: number | null, high?: number | null): void {
    if (this.#t.length >= this.#range.limit) {
      this.#truncated = true;
      return;
    }
    this.#t.push(timeMs);
    this.#v.push(value);
    if (low !== undefined) this.#min.push(low);
    if (high !== undefined) this.#max.push(high);
  }
}

export function bucketStart(timeMs: number, resolutionMs: number): number {
  return Math.floor(timeMs / resolutionMs) * resolutionMs;
}

/** The range of a query, checked. */
export function seriesRange(query: HistorianQuery, nowMs: number): SeriesRange {
  const { fromMs, toMs, aggregate, limit, resolutionMs } = query;
  if (aggregate !== 'raw' && (resolutionMs === undefined || !Number.isInteger(resolutionMs) || resolutionMs < 1)) {
    throw new PlantroomError(
      'RESOLUTION_INVALID',
      `resolution is ${resolutionMs}; aggregate "${aggregate}" needs a whole number of milliseconds from 1`,
    );
  }
  return { fromMs, toMs, nowMs, aggregate, resolutionMs: resolutionMs ?? 1, limit };
}
