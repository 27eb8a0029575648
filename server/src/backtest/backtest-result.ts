import type { BacktestAlarm, BacktestResult } from '@plantroom/contracts';
import { compareOccurrences } from './compare.ts';
import type { OccurrenceList } from './occurrence-list.ts';
import type { TriedOutcome } from './run-backtest.ts';
import type { SelectedAlarm } from './select-alarms.ts';

/** Listed of each alarm where few are tried, and where many are: an answer must not grow without bound. */
const listed = { few: 200, many: 20 };
const fewAlarms = 20;
const mostHoles = 200;

/** Gathers what the alarms of a run have given. */
export class ResultBuilder {
  readonly #selected: ReadonlyMap<string, SelectedAlarm>;
  readonly #most: number;
  readonly #alarms = new Map<string, BacktestAlarm>();

  constructor(selected: readonly SelectedAlarm[]) {
    this.#selected = new Map(selected.map((each) => [each.id, each]));
    this.#most = selected.length <= fewAlarms ? listed.few : listed.many;
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
        ...compareOccurrences(before?.kept ?? [], after?.kept ?? [], this.#most),
        truncated: (before?.isTruncated ?? false) || (after?.isTruncated ?? false),
      },
      holes: holes.slice(0, mostHoles),
      coarse: coarse.slice(0, mostHoles),
      knownFromMs,
    });
  }

  /** In the order in which they were selected. */
  result(about: Omit<BacktestResult, 'alarms'>): BacktestResult {
    const alarms = [...this.#selected.keys()].flatMap((id) => this.#alarms.get(id) ?? []);
    return { ...about, alarms };
  }
}
