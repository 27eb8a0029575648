import type { AlarmRule } from '../domain/alarms/condition.ts';
import { comparisonsOf } from '../domain/alarms/signal-comparisons.ts';
import type { SignalPlan } from '../domain/alarms/signal-plan.ts';
import type { SeriesReader } from '../historian/series-reader.ts';
import type { ValueKind } from './bucket-bounds.ts';
import { OccurrenceList } from './occurrence-list.ts';
import { type CoarseSpan, PointTrack } from './point-track.ts';
import { RuleJudge } from './rule-judge.ts';
import { runTracks } from './run-tracks.ts';
import { type PointNews, SignalJudge } from './signal-judge.ts';
import { SignalNews } from './signal-news.ts';

/** A rule to be tried. `plan`: null when the newest value of its own point decides. */
export interface Trial {
  rule: AlarmRule;
  plan: SignalPlan | null;
}

/** One alarm to be tried. */
export interface TriedAlarm {
  id: string;
  source: string;
  /** Of every point that its rules look at. */
  kinds: ReadonlyMap<string, ValueKind>;
  /** In force, and proposed; null: none. */
  before: Trial | null;
  after: Trial | null;
}

export interface TriedOutcome {
  alarm: TriedAlarm;
  before: OccurrenceList | null;
  after: OccurrenceList | null;
  holes: readonly { fromMs: number; toMs: number; reason: string }[];
  coarse: readonly CoarseSpan[];
  /** Of its own point. */
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
const nothing = { before: { sample: null, quality: null }, marks: [] };

/** Tries alarms on history. Answers the minutes of their points, and of how many of them samples were read. */
export async function runBacktest(run: BacktestRun): Promise<{ minutes: number; sampled: number }> {
  const { range } = run;
  const groups = groupsOf(run.alarms);
  const told = { minutes: 0, sampled: 0 };
  for (const [at, alarms] of groups.entries()) {
    const group = new Group(alarms, run);
    const progress = (toMs: number): Promise<void> =>
      run.pause((at + Math.min(1, (toMs - range.fromMs) / (range.toMs - range.fromMs))) / groups.length);
    told.sampled += await group.run(progress);
    told.minutes += group.points * Math.ceil((range.toMs - range.fromMs) / 60_000);
    for (const outcome of group.outcomes()) run.take(outcome);
  }
  return told;
}

/** Alarms of the same points stay together. */
function groupsOf(alarms: readonly TriedAlarm[]): TriedAlarm[][] {
  const groups: TriedAlarm[][] = [];
  let points = new Set<string>();
  let group: TriedAlarm[] = [];
  for (const alarm of alarms.toSorted((a, b) => (a.source < b.source ? -1 : a.source > b.source ? 1 : 0))) {
    const more = new Set([...points, ...alarm.kinds.keys()]);
    if (more.size > pointsAtOnce && group.length > 0) {
      groups.push(group);
      group = [];
      points = new Set(alarm.kinds.keys());
    } else points = more;
    group.push(alarm);
  }
  return group.length === 0 ? groups : [...groups, group];
}

interface Watched {
  kind: ValueKind;
  judges: RuleJudge[];
  readsAll: boolean;
  news: ((news: PointNews) => void)[];
}

/** Some alarms and the points that they look at. */
class Group {
  readonly #run: BacktestRun;
  readonly #watched = new Map<string, Watched>();
  readonly #signals = new SignalNews();
  readonly #tried: Pick<TriedOutcome, 'alarm' | 'before' | 'after'>[];
  #tracks: readonly PointTrack[] = [];

  constructor(alarms: readonly TriedAlarm[], run: BacktestRun) {
    this.#run = run;
    this.#tried = alarms.map((alarm) => {
      for (const [point, kind] of alarm.kinds) {
        if (!this.#watched.has(point)) this.#watched.set(point, { kind, judges: [], readsAll: false, news: [] });
      }
      const isSame = JSON.stringify(alarm.before) === JSON.stringify(alarm.after);
      const before = this.#try(alarm, alarm.before);
      return { alarm, before, after: isSame ? before : this.#try(alarm, alarm.after) };
    });
  }

  get points(): number {
    return this.#watched.size;
  }

  /** Answers of how many minutes samples were read. */
  async run(pause: (toMs: number) => Promise<void>): Promise<number> {
    const { reader, range, endMs } = this.#run;
    const past = await reader.past([...this.#watched.keys()], range);
    this.#tracks = [...this.#watched].map(([point, { news, ...its }]) => {
      const tell = (one: PointNews): void => {
        for (const take of news) take(one);
      };
      return new PointTrack(point, range, {
        ...its,
        news: news.length === 0 ? undefined : tell,
        past: past.get(point) ?? nothing,
      });
    });
    const reached = (toMs: number): Promise<void> => this.#signals.advance(toMs, () => pause(toMs));
    const sampled = await runTracks({ reader, tracks: this.#tracks, range, endMs, reached, pause });
    this.#signals.end(endMs);
    return sampled;
  }

  *outcomes(): Generator<TriedOutcome> {
    const tracks = new Map(this.#tracks.map((track) => [track.point, track]));
    for (const { alarm, before, after } of this.#tried) {
      const own = tracks.get(alarm.source);
      const { holes = [], knownFromMs = null } = own ?? {};
      const coarse = [...alarm.kinds.keys()].flatMap((point) => tracks.get(point)?.coarse ?? []);
      yield { alarm, before, after, holes, coarse, knownFromMs };
    }
  }

  #try(alarm: TriedAlarm, trial: Trial | null): OccurrenceList | null {
    if (trial === null) return null;
    const list = new OccurrenceList(this.#run.range, this.#run.days);
    const tell = list.add.bind(list);
    const { rule, plan } = trial;
    if (plan === null) {
      const its = this.#watched.get(alarm.source);
      its?.judges.push(new RuleJudge(rule, its.kind, tell));
      return list;
    }
    const judge = new SignalJudge({ rule, plan }, alarm.kinds, tell);
    this.#signals.add(judge);
    for (const [operand, point] of plan.points.entries()) {
      const its = this.#watched.get(point);
      const compared = comparisonsOf(plan, operand);
      if (compared === null && its !== undefined) its.readsAll = true;
      for (const { condition } of compared ?? []) {
        const comparison = { condition, onDelayMs: 0, offDelayMs: 0 };
        its?.judges.push(new RuleJudge(comparison, its.kind, () => undefined));
      }
      its?.news.push((news) => this.#signals.news(judge, operand, news));
    }
    return list;
  }
}
