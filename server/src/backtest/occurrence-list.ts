import type { BacktestSide } from '@plantroom/contracts';
import type { AlarmRule } from '../domain/alarms/condition.ts';
import type { Occurrence } from './occurrence-recorder.ts';

/** Kept for the comparison; counts and times go on. */
export const mostCompared = 2_000;
const chatteringMs = 60_000;
const chatteringCount = 3;
const fleetingMs = 5_000;

/** What one definition has given, in bounded memory. */
export class OccurrenceList {
  readonly #range: { fromMs: number; toMs: number };
  readonly #days: readonly number[];
  readonly #kept: Occurrence[] = [];
  readonly #perDay: number[];
  /** Times of the last ones that were raised. */
  readonly #recent: number[] = [];
  #count = 0;
  #activeMs = 0;
  #fleeting = 0;
  #chattering = 0;
  /** How many of the recent ones are counted as chattering. */
  #counted = 0;
  #truncated = false;

  /** `days`: where each begins. */
  constructor(range: { fromMs: number; toMs: number }, days: readonly number[]) {
    this.#range = range;
    this.#days = days;
    this.#perDay = days.map(() => 0);
  }

  /** In order of time. What was over before the range began is left out. */
  add(occurrence: Occurrence): void {
    const { raisedMs, returnedMs } = occurrence;
    const { fromMs, toMs } = this.#range;
    if (returnedMs !== null && returnedMs <= fromMs) return;
    this.#activeMs += Math.min(returnedMs ?? toMs, toMs) - Math.max(raisedMs, fromMs);
    if (raisedMs >= fromMs) this.#countIn(occurrence);
    if (this.#kept.length < mostCompared) this.#kept.push(occurrence);
    else this.#truncated = true;
  }

  /** Those that are kept. */
  get kept(): readonly Occurrence[] {
    return this.#kept;
  }

  get isTruncated(): boolean {
    return this.#truncated;
  }

  /** `most`: how many are listed one by one. */
  side(rule: AlarmRule, most: number): BacktestSide {
    return {
      condition: rule.condition,
      onDelayMs: rule.onDelayMs,
      offDelayMs: rule.offDelayMs,
      count: this.#count,
      perDay: this.#perDay,
      activeMs: this.#activeMs,
      chattering: this.#chattering,
      fleeting: this.#fleeting,
      occurrences: this.#kept.slice(0, most),
      truncated: this.#kept.length > most || this.#truncated,
    };
  }

  #countIn({ raisedMs, returnedMs }: Occurrence): void {
    this.#count++;
    const day = this.#days.findLastIndex((startMs) => startMs <= raisedMs);
    if (day >= 0) this.#perDay[day] = (this.#perDay[day] ?? 0) + 1;
    if (returnedMs !== null && returnedMs - raisedMs < fleetingMs) this.#fleeting++;
    const recent = this.#recent;
    recent.push(raisedMs);
    while ((recent[0] ?? raisedMs) < raisedMs - chatteringMs) {
      recent.shift();
      this.#counted = Math.max(0, this.#counted - 1);
    }
    if (recent.length < chatteringCount) return;
    this.#chattering += recent.length - this.#counted;
    this.#counted = recent.length;
  }
}
