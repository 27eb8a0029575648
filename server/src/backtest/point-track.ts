import { PlantroomError } from '@plantroom/contracts';
import type { QualityMark } from '../historian/series-fold.ts';
import type { Extremes, PointPast } from '../historian/series-reader.ts';
import { outcomeOf, type ValueKind } from './bucket-bounds.ts';
import { type Standing, standingOf } from './quality-standing.ts';
import type { RuleJudge } from './rule-judge.ts';
import type { PointNews } from './signal-judge.ts';

/** A span that is passed at once, read from its samples, or, where those are gone, judged from its extremes. */
export interface Piece extends Extremes {
  needsSamples: boolean;
}

export interface CoarseSpan {
  fromMs: number;
  toMs: number;
  from: 'minutes' | 'hours';
}

const minuteMs = 60_000;

/** What a condition may say at some time, as far as it can be told without reading samples. */
interface Possible {
  off: boolean;
  on: boolean;
}

const both: Possible = { off: true, on: true };
/** Of spans told to a reader. */
const mostSpans = 500;

export interface TrackOptions {
  kind: ValueKind;
  /** Rules over the point alone, and comparisons that other rules make of it. */
  judges: readonly RuleJudge[];
  /** Gets what is read; left out: only the judges do. What changes no judge may be missing in it. */
  news?: ((news: PointNews) => void) | undefined;
  /** Every value is news; left out: false. */
  readsAll?: boolean;
  past: PointPast;
}

/** The history of one point on its way through the rules that watch it. */
export class PointTrack {
  readonly point: string;
  readonly kind: ValueKind;
  readonly judges: readonly RuleJudge[];
  readonly coarse: CoarseSpan[] = [];
  readonly holes: { fromMs: number; toMs: number; reason: string }[] = [];
  readonly readsAll: boolean;
  readonly #news: ((news: PointNews) => void) | undefined;
  readonly #range: { fromMs: number; toMs: number };
  readonly #marks: readonly QualityMark[];
  #nextMark = 0;
  #standing: Standing;
  #holeFrom: { atMs: number; reason: string } | null = null;
  #last: number | null = null;
  #pieces: readonly Piece[] = [];
  #piece = 0;
  #hasRead = false;
  #knownFromMs: number | null = null;

  constructor(point: string, range: { fromMs: number; toMs: number }, its: TrackOptions) {
    this.point = point;
    this.kind = its.kind;
    this.judges = its.judges;
    this.readsAll = its.readsAll ?? false;
    this.#news = its.news;
    this.#range = range;
    const { before, marks } = its.past;
    this.#marks = marks;
    const { sample, quality } = before;
    this.#standing = standingOf(quality);
    if (sample !== null) this.#knownFromMs = range.fromMs;
    // The change came after the sample, so the sample itself is taken for good.
    const isLater =
      quality !== null &&
      sample !== null &&
      (quality.timeMs > sample.timeMs || (quality.timeMs === sample.timeMs && this.#standing === 'lost'));
    if (sample !== null) {
      if (!isLater && this.#standing === 'lost') this.#standing = 'usable';
      this.#give(sample.timeMs, sample.value, isLater || this.#standing === 'usable');
    }
    if (isLater && this.#standing !== 'usable') this.#lose(quality);
    else if (isLater) this.#give(quality.timeMs, sample.value, true);
    if (this.#standing !== 'usable') this.#holeFrom = { atMs: range.fromMs, reason: quality?.reason ?? 'bad' };
  }

  /** Time from which something is known of it within the range; null: nothing. */
  get knownFromMs(): number | null {
    return this.#knownFromMs;
  }

  /** Which buckets need a closer look, as far as can be told without it: where the rules may change, and where quality does. Changes nothing. */
  plan(buckets: readonly Extremes[]): Piece[] {
    let mark = this.#nextMark;
    let standing = this.#standing;
    let isUnknown = this.judges.some(({ holds }) => holds === null);
    let possible = this.judges.map(({ holds }): Possible => ({ off: holds !== true, on: holds !== false }));
    return buckets.map((bucket) => {
      const isCut = bucket.startMs < this.#range.fromMs || bucket.endMs > this.#range.toMs;
      const begin = this.#markFrom(mark, bucket.startMs);
      if (begin !== mark) {
        standing = this.#standingAt(begin, standing);
        // A value that counts again, though no sample came with it, may have turned anything.
        possible = possible.map(() => both);
      }
      mark = begin;
      const end = this.#markFrom(mark, bucket.endMs);
      const isMarked = end !== mark;
      mark = end;
      if (standing === 'unusable' && !isMarked && !isCut && bucket.isExact && !this.readsAll)
        return { ...bucket, needsSamples: false };
      if (isMarked || isCut || !bucket.isExact || standing === 'lost' || isUnknown) {
        const isWhole = !isMarked && !isCut && bucket.isExact && standing !== 'unusable';
        possible = possible.map((_, i) => (isWhole ? this.#behind(i, both, bucket) : both));
        // A sample ends the loss and the not knowing, if it is for sure within the range and counts.
        if (!isMarked && !isCut && standing !== 'unusable') {
          standing = 'usable';
          isUnknown = false;
        } else if (isMarked) standing = this.#standingAt(mark, standing);
        return { ...bucket, needsSamples: true };
      }
      const needsSamples = this.readsAll || possible.some((may, i) => !this.#isQuiet(i, may, bucket));
      if (needsSamples) possible = possible.map((may, i) => this.#behind(i, may, bucket));
      return { ...bucket, needsSamples };
    });
  }

  /** The pieces of the next stretch, in order, before their samples. */
  begin(pieces: readonly Piece[]): void {
    this.#pieces = pieces;
    this.#piece = 0;
    this.#hasRead = false;
  }

  /** Samples of the pieces that need them, in order. */
  samples(times: readonly number[], values: readonly number[]): void {
    for (let i = 0; i < times.length; i++) {
      const atMs = times[i] as number;
      if (atMs < this.#range.fromMs || atMs >= this.#range.toMs) continue;
      this.#passTo(atMs);
      this.#hasRead = true;
      this.#sample(atMs, values[i] as number);
    }
  }

  /** The stretch is over. */
  finish(toMs: number): void {
    this.#passTo(Number.POSITIVE_INFINITY);
    this.#marksBefore(toMs);
  }

  /** The range is over: what still runs is told up to here. */
  end(atMs: number): void {
    this.#marksBefore(atMs);
    for (const judge of this.judges) judge.end(atMs);
    this.#endHole(atMs);
  }

  /** The first change at or behind a time. */
  #markFrom(from: number, atMs: number): number {
    let next = from;
    while ((this.#marks[next]?.timeMs ?? Number.POSITIVE_INFINITY) < atMs) next++;
    return next;
  }

  /** After all changes before this one; `otherwise` when none has been since. */
  #standingAt(mark: number, otherwise: Standing): Standing {
    const last = this.#marks[mark - 1];
    return last === undefined ? otherwise : standingOf(last);
  }

  #isQuiet(judge: number, may: Possible, bucket: Extremes): boolean {
    const stays = (held: boolean): boolean => this.#outcome(judge, bucket, held) === 'stays';
    return (!may.off || stays(false)) && (!may.on || stays(true));
  }

  /** What may hold behind a bucket. */
  #behind(judge: number, may: Possible, bucket: Extremes): Possible {
    const behind = { off: false, on: false };
    for (const held of [false, true]) {
      if (!(held ? may.on : may.off)) continue;
      const outcome = this.#outcome(judge, bucket, held);
      if (outcome !== 'turns') behind[held ? 'on' : 'off'] = true;
      if (outcome !== 'stays') behind[held ? 'off' : 'on'] = true;
    }
    return behind;
  }

  #outcome(judge: number, { low, high }: Extremes, held: boolean): 'stays' | 'turns' | 'either' {
    const condition = this.judges[judge]?.rule.condition;
    return condition === undefined ? 'either' : outcomeOf(condition, { low, high, kind: this.kind }, held);
  }

  /** Everything that lies before the next sample. */
  #passTo(atMs: number): void {
    for (let piece = this.#pieces[this.#piece]; piece !== undefined; piece = this.#pieces[this.#piece]) {
      if (piece.endMs > atMs && atMs >= piece.startMs) {
        if (piece.needsSamples) return;
        throw new PlantroomError('BACKTEST_INCOMPLETE', `${this.point}: a sample at ${atMs} was not asked for`);
      }
      if (piece.startMs > atMs) return;
      if (!piece.needsSamples) this.#pass(piece);
      else if (!this.#hasRead) this.#guess(piece);
      this.#hasRead = false;
      this.#piece++;
    }
  }

  #pass(piece: Piece): void {
    this.#marksBefore(piece.startMs);
    this.#knownFromMs ??= piece.firstMs;
    this.#last = piece.last;
    if (this.#standing === 'unusable') return;
    const { firstMs: atMs, low, high } = piece;
    this.#news?.({ atMs, stored: null, isUsable: false, passed: { low, high } });
    for (const judge of this.judges) {
      if (!judge.canPass(piece.low, piece.high)) {
        const span = `${piece.startMs} to ${piece.endMs}`;
        throw new PlantroomError('BACKTEST_INCOMPLETE', `${this.point}: ${span} was passed without its samples`);
      }
      judge.pass(piece.low, piece.high);
    }
  }

  /**
   * The samples are gone. The extreme that a rule would raise at counts from the bucket's first sample on, and the last value from its end on: an
   * excursion is never missed, and lasts to the end of its bucket.
   */
  #guess(piece: Piece): void {
    if (!piece.isExact || piece.firstMs < this.#range.fromMs || piece.endMs > this.#range.toMs) return;
    this.#marksBefore(piece.firstMs);
    const isUnmarked = (this.#marks[this.#nextMark]?.timeMs ?? Number.POSITIVE_INFINITY) >= piece.endMs;
    if (isUnmarked && !this.readsAll && this.judges.every((judge) => judge.canPass(piece.low, piece.high))) {
      this.#pass(piece);
      return;
    }
    this.#note(piece);
    this.#knownFromMs ??= piece.firstMs;
    this.#soundAt(piece.firstMs);
    const isUsable = this.#standing === 'usable';
    this.#news?.({ atMs: piece.firstMs, stored: piece.high, isUsable });
    this.#news?.({ atMs: piece.endMs - 1, stored: piece.last, isUsable });
    for (const judge of this.judges) {
      const { condition } = judge.rule;
      const isLow = condition.type === 'limit' && (condition.kind === 'L' || condition.kind === 'LL');
      judge.reading(piece.firstMs, isLow ? piece.low : piece.high, isUsable);
      if (piece.endMs - 1 > piece.firstMs) judge.reading(piece.endMs - 1, piece.last, isUsable);
    }
    this.#last = piece.last;
  }

  #note({ startMs, endMs }: Piece): void {
    const from = endMs - startMs === minuteMs ? 'minutes' : 'hours';
    const last = this.coarse.at(-1);
    if (last?.from === from && last.toMs === startMs) last.toMs = endMs;
    else if (this.coarse.length < mostSpans) this.coarse.push({ fromMs: startMs, toMs: endMs, from });
  }

  #sample(atMs: number, value: number): void {
    this.#marksBefore(atMs);
    this.#knownFromMs ??= atMs;
    const mark = this.#marks[this.#nextMark];
    // A change to anything but bad at the very time of the sample is what the sample came with.
    if (mark?.timeMs === atMs && standingOf(mark) !== 'lost') {
      this.#nextMark++;
      this.#become(mark);
    } else this.#soundAt(atMs);
    this.#give(atMs, value, this.#standing === 'usable');
  }

  #soundAt(atMs: number): void {
    if (this.#standing !== 'lost') return;
    this.#standing = 'usable';
    this.#endHole(atMs);
  }

  #marksBefore(atMs: number): void {
    for (let mark = this.#marks[this.#nextMark]; mark !== undefined; mark = this.#marks[this.#nextMark]) {
      if (mark.timeMs >= atMs || mark.timeMs >= this.#range.toMs) return;
      this.#nextMark++;
      this.#become(mark);
      if (this.#standing !== 'usable') this.#lose(mark);
      else if (this.#last !== null) this.#give(mark.timeMs, this.#last, true);
    }
  }

  #become(mark: QualityMark): void {
    this.#standing = standingOf(mark);
    this.#endHole(mark.timeMs);
    if (this.#standing !== 'usable') this.#holeFrom = { atMs: mark.timeMs, reason: mark.reason ?? 'bad' };
  }

  #endHole(atMs: number): void {
    if (this.#holeFrom !== null && atMs > this.#holeFrom.atMs && this.holes.length < mostSpans) {
      this.holes.push({ fromMs: this.#holeFrom.atMs, toMs: atMs, reason: this.#holeFrom.reason });
    }
    this.#holeFrom = null;
  }

  #lose({ timeMs: atMs, reason }: QualityMark): void {
    for (const judge of this.judges) judge.lost(atMs);
    this.#news?.({ atMs, stored: null, isUsable: false, isAway: reason === 'comm-lost' });
  }

  #give(atMs: number, value: number, isUsable: boolean): void {
    this.#last = value;
    this.#news?.({ atMs, stored: value, isUsable });
    for (const judge of this.judges) judge.reading(atMs, value, isUsable);
  }
}
