import type { BacktestAlarm, BacktestResult } from '@plantroom/contracts';
import { compareOccurrences } from './compare.ts';
import { mostCompared, type OccurrenceList } from './occurrence-list.ts';
import type { TriedOutcome } from './run-backtest.ts';
import type { SelectedAlarm } from './select-alarms.ts';

/** Occurrences listed of each alarm, by how many are tried: an answer must not grow without bound. */
const listed = [
  { alarms: 3, occurrences: mostCompared },
  { alarms: 20, occurrences: 200 },
  { alarms: Number.POSITIVE_INFINITY, occurrences: 20 },
];
/** Differences and holes listed of each. */
const mostItems = 200;

/** Gathers what the alarms of a run have given. */
export class ResultBuilder {
  readonly #selected: ReadonlyMap<string, SelectedAlarm>;
  readonly #most: number;
  readonly #alarms = new Map<string, BacktestAlarm>();

  constructor(selected: readonly SelectedAlarm[]) {
    this.#selected = new Map(selected.map((each) => [each.id, each]));
    this.#most = listed.find(({ alarms }) => selected.length <= alarms)?.occurrences ?? 0;
    const none = { same: 0, moved: 0, gone: 0, new: 0, items: [], truncated: false };
    for (const { tried, id, source, equipment, name, skipped } of selected) {
      if (tried !== null) continue;
      const about = { alarm: id, source, equipment, name, skipped, before: null, after: null };
      this.#alarms.set(id, { ...about, difference: none, holes: [], coarse: [], knownFromMs: null });
    }
  }

  take({ alarm, before, after, holes, coarse, knownFromMs }: TriedOutcome): void {
    const selected = this.#selected.get(alarm.id);
    if (selected === undefined) return;
    const { id, source, equipment, name } = selected;
    const side = (list: OccurrenceList | null, trial: TriedOutcome['alarm']['before']) =>
      list === null || trial === null ? null : list.side(trial.rule, this.#most);
    this.#alarms.set(id, {
      alarm: id,
      source,
      equipment,
      name,
      skipped: null,
      before: side(before, alarm.before),
      after: side(after, alarm.after),
      difference: {
        ...compareOccurrences(before?.kept ?? [], after?.kept ?? [], Math.min(this.#most, mostItems)),
        truncated: (before?.isTruncated ?? false) || (after?.isTruncated ?? false),
      },
      holes: holes.slice(0, mostItems),
      coarse: coarse.slice(0, mostItems),
      knownFromMs,
    });
  }

  /** In the order in which they were selected. */
  result(about: Omit<BacktestResult, 'alarms'>): BacktestResult {
    const alarms = [...this.#selected.keys()].flatMap((id) => this.#alarms.get(id) ?? []);
    return { ...about, alarms };
  }
}
