import type { AlarmRule } from '../domain/alarms/condition.ts';
import type { SeriesReader } from '../historian/series-reader.ts';
import type { ValueKind } from './bucket-bounds.ts';
import { OccurrenceList } from './occurrence-list.ts';
import { type CoarseSpan, PointTrack } from './point-track.ts';
import { RuleJudge } from './rule-judge.ts';
import { runTracks } from './run-tracks.ts';

/** One alarm to be tried. */
export interface TriedAlarm {
  id: string;
  source: string;
  kind: ValueKind;
  /** In force, and proposed; null: none. */
  before: AlarmRule | null;
  after: AlarmRule | null;
}

export interface TriedOutcome {
  alarm: TriedAlarm;
  before: OccurrenceList | null;
  after: OccurrenceList | null;
  holes: readonly { fromMs: number; toMs: number; reason: string }[];
  coarse: readonly CoarseSpan[];
  knownFromMs: number | null;
}

export interface BacktestRun {
  reader: SeriesReader;
  alarms: readonly TriedAlarm[];
  range: { fromMs: number; toMs: number };
  /** Beginnings of the days that occurrences are counted by. */
  days: readonly number[];
  /** Up to when anything is known: the end of the range, or the present if that is earlier. */
  endMs: number;
  /** Called between pieces of work; throws to end the run. */
  pause: (progress: number) => Promise<void>;
  /** Gets each alarm when it is through, in any order. */
  take: (outcome: TriedOutcome) => void;
}

/** Points taken through at once: their hours and their rules are in memory together. */
const pointsAtOnce = 50;

/** Tries alarms on history. Answers the minutes of their points, and of how many of them samples were read. */
export async function runBacktest(run: BacktestRun): Promise<{ minutes: number; sampled: number }> {
  const { reader, alarms, range, endMs, pause } = run;
  const byPoint = [...Map.groupBy(alarms, ({ source }) => source)];
  let sampled = 0;
  for (let at = 0; at < byPoint.length; at += pointsAtOnce) {
    const group = byPoint.slice(at, at + pointsAtOnce);
    const progress = (): Promise<void> => pause(at / byPoint.length);
    const past = await reader.past(
      group.map(([point]) => point),
      range,
    );
    const watched = group.map(([point, its]) => {
      const tried = its.map((alarm) => trialOf(alarm, run));
      const judges = tried.flatMap((each) => each.judges);
      const nothing = { before: { sample: null, quality: null }, marks: [] };
      const track = new PointTrack(point, range, {
        kind: its[0]?.kind ?? 'number',
        judges,
        past: past.get(point) ?? nothing,
      });
      return { track, tried };
    });
    sampled += await runTracks({ reader, tracks: watched.map(({ track }) => track), range, endMs, pause: progress });
    for (const { track, tried } of watched) {
      for (const { alarm, before, after } of tried) {
        const { holes, coarse, knownFromMs } = track;
        run.take({ alarm, before, after, holes, coarse, knownFromMs });
      }
    }
  }
  return { minutes: byPoint.length * Math.ceil((range.toMs - range.fromMs) / 60_000), sampled };
}

function trialOf(alarm: TriedAlarm, { range, days }: BacktestRun) {
  const isSame = JSON.stringify(alarm.before) === JSON.stringify(alarm.after);
  const before = alarm.before === null ? null : new OccurrenceList(range, days);
  const after = alarm.after === null ? null : isSame ? before : new OccurrenceList(range, days);
  const judgeOf = (rule: AlarmRule | null, list: OccurrenceList | null): RuleJudge[] =>
    rule === null || list === null ? [] : [new RuleJudge(rule, alarm.kind, (occurrence) => list.add(occurrence))];
  const judges = isSame
    ? judgeOf(alarm.before, before)
    : [...judgeOf(alarm.before, before), ...judgeOf(alarm.after, after)];
  return { alarm, before, after, judges };
}
