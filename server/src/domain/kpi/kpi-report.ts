import {
  type AlarmKpi,
  type AlarmKpiReport,
  type AlarmPriority,
  alarmPriorities,
  type BadActor,
  type StaleAlarm,
} from '@plantroom/contracts';
import { figuresOf, mostStaleADay, staleSpans } from './activations.ts';
import { floodsIn } from './floods.ts';
import { type KpiFold, rateStepMs } from './kpi-fold.ts';
import { median, quantile } from './statistics.ts';
import { judged, priorityTargets, priorityVerdict } from './targets.ts';

export interface KpiReportInput {
  site: string;
  position: string | null;
  /** Averages are divided by it. */
  positions: number;
  fromMs: number;
  toMs: number;
  zoneOffsetMs: number;
  /** Midnights of the site around the period. */
  days: readonly number[];
  /** Enabled definitions of each priority. */
  configured: Readonly<Record<AlarmPriority, number>>;
}

const dayMs = 86_400_000;
const hourMs = 3_600_000;
const worthJudgingMs = 30 * dayMs;
const listed = 10;
const staleListed = 200;
const busyHour = 30;

/** Pure: the report that the fold of a period gives. Names of alarms are for those who know them to fill in. */
export function kpiReport(fold: KpiFold, input: KpiReportInput): AlarmKpiReport {
  const { fromMs, toMs, positions } = input;
  const total = fold.annunciated;
  const floods = floodsIn(fold.counts, { fromMs: fold.gridFromMs, stepMs: rateStepMs });
  const figures = [...fold.tracks.values()].map((track) => figuresOf(track, toMs)).filter(({ count }) => count > 0);
  const worst = figures
    .toSorted((a, b) => b.count - a.count || (a.track.alarm < b.track.alarm ? -1 : 1))
    .slice(0, listed);
  const spans = [...fold.tracks.values()].flatMap((track) => staleSpans(track, { fromMs, toMs }));
  const average = (unitMs: number): number => total / (Math.max(1, toMs - fromMs) / unitMs) / positions;
  const sum = (of: (each: (typeof figures)[number]) => number): number =>
    figures.reduce((all, each) => all + of(each), 0);
  const floodPeriods = floods.reduce((all, flood) => all + (flood.toMs - flood.fromMs) / rateStepMs, 0);
  const kpis: AlarmKpi[] = [
    judged('alarms-per-day', average(dayMs)),
    judged('alarms-per-hour', average(hourMs)),
    judged('alarms-per-10-min', average(rateStepMs)),
    judged('peak-10-min', largest(fold.counts)),
    judged('flood-share', floodPeriods / fold.counts.length),
    judged('floods', floods.length),
    judged('longest-flood', largest(floods.map((flood) => flood.toMs - flood.fromMs))),
    judged('hours-over-30', busyHours(fold, input.zoneOffsetMs)),
    judged('top-10-share', total === 0 ? null : worst.reduce((all, { count }) => all + count, 0) / total),
    judged('chattering', figures.filter(({ chattering }) => chattering > 0).length),
    judged(
      'fleeting',
      sum(({ fleeting }) => fleeting),
    ),
    judged('stale', mostStaleADay(spans, input.days, toMs)),
    judged('acknowledge-median', median(fold.acknowledgeMs)),
    judged('acknowledge-p95', quantile(fold.acknowledgeMs, 0.95)),
    judged('unacknowledged', [...fold.tracks.values()].filter(({ unackedSinceMs }) => unackedSinceMs !== null).length),
    judged('shelved', fold.shelved),
    judged('shelved-time', fold.timeInState.get('SHLVD') ?? 0),
    judged('out-of-service', fold.removed),
    judged('out-of-service-time', fold.timeInState.get('OOSRV') ?? 0),
    judged('out-of-service-without-order', fold.removedWithoutOrder),
    judged('unauthorised-changes', fold.unauthorised),
    judged('re-alarms', fold.reAlarms),
  ];
  const configuredTotal = alarmPriorities.reduce((all, priority) => all + input.configured[priority], 0);
  return {
    site: input.site,
    position: input.position,
    positions,
    fromMs,
    toMs,
    isShort: toMs - fromMs < worthJudgingMs,
    annunciated: total,
    kpis,
    rate: { fromMs: fold.gridFromMs, stepMs: rateStepMs, counts: [...fold.counts] },
    floods,
    badActors: worst.map(
      ({ track, count, chattering, fleeting, durationsMs }): BadActor => ({
        alarm: track.alarm,
        equipment: track.equipment,
        name: null,
        count,
        share: count / total,
        chattering,
        fleeting,
        medianMs: Math.round(median(durationsMs) ?? 0),
      }),
    ),
    stale: spans
      .toSorted((a, b) => (b.endMs ?? toMs) - b.startMs - ((a.endMs ?? toMs) - a.startMs))
      .slice(0, staleListed)
      .map(
        ({ track, startMs, endMs }): StaleAlarm => ({
          alarm: track.alarm,
          equipment: track.equipment,
          name: null,
          priority: track.priority,
          state: track.state,
          sinceMs: startMs,
          returnedMs: endMs,
        }),
      ),
    priorities: alarmPriorities.map((priority) => ({
      priority,
      configured: input.configured[priority],
      annunciated: fold.byPriority[priority],
      target: priorityTargets[priority],
      configuredVerdict: priorityVerdict(priority, input.configured[priority], configuredTotal),
      annunciatedVerdict: priorityVerdict(priority, fold.byPriority[priority], total),
    })),
    timeInState: Object.fromEntries(fold.timeInState),
  };
}

function largest(values: Iterable<number>): number {
  let most = 0;
  for (const value of values) most = Math.max(most, value);
  return most;
}

/** Share of the hours of the site's clock with more than thirty annunciated alarms. */
function busyHours({ counts, gridFromMs }: KpiFold, zoneOffsetMs: number): number {
  const hours = new Map<number, number>();
  for (const [at, count] of counts.entries()) {
    const hour = Math.floor((gridFromMs + at * rateStepMs + zoneOffsetMs) / hourMs);
    hours.set(hour, (hours.get(hour) ?? 0) + count);
  }
  const busy = [...hours.values()].filter((count) => count > busyHour).length;
  return busy / hours.size;
}
