import { type AlarmState, alarmPriorities } from '@plantroom/contracts';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { KpiRow } from './alarm-track.ts';
import { KpiFolder } from './kpi-fold.ts';
import { kpiReport } from './kpi-report.ts';

// Everything happens at full seconds, so that the second computation can look at each of them.
const second = 1_000;
const fromMs = 1_700_000_000_000 - (1_700_000_000_000 % 600_000) + 120_000;
const seconds = 5_400;
const toMs = fromMs + seconds * second;
const before = 1_800;
const day = 86_400_000;

interface Act {
  alarm: number;
  afterS: number;
  what: 'raise' | 'return' | 'acknowledge' | 'shelve' | 'unshelve';
  lagS: number;
}

/** Most of what happens is alarms that come and go. */
const often = Array.from({ length: 6 }, () => ['raise', 'return'] as const).flat();
const acts = fc.array(
  fc.record<Act>({
    alarm: fc.integer({ min: 0, max: 3 }),
    afterS: fc.oneof({ weight: 12, arbitrary: fc.integer({ min: 0, max: 12 }) }, fc.integer({ min: 0, max: 600 })),
    what: fc.constantFrom<Act['what']>(...often, 'acknowledge', 'shelve', 'unshelve', 'unshelve'),
    lagS: fc.integer({ min: 0, max: 2 }),
  }),
  { minLength: 0, maxLength: 300, size: 'max' },
);

/** What the alarm machine would journal; flags apart, without latching. */
function journalOf(list: readonly Act[]): KpiRow[] {
  const flags = [0, 1, 2, 3].map(() => ({ active: false, acked: true, shelved: false }));
  const stateOf = ({ active, acked, shelved }: (typeof flags)[number]): AlarmState =>
    shelved ? 'SHLVD' : active ? (acked ? 'ACKED' : 'UNACK') : acked ? 'NORM' : 'RTNUN';
  const rows: KpiRow[] = [];
  let nowMs = fromMs - before * second;
  for (const { alarm, afterS, what, lagS } of list) {
    nowMs += afterS * second;
    const flag = flags[alarm]!;
    const stateBefore = stateOf(flag);
    let action: KpiRow['action'];
    if (what === 'raise' && !flag.active) {
      action = stateBefore === 'NORM' ? 'activated' : 'reactivated';
      Object.assign(flag, { active: true, acked: false });
    } else if (what === 'return' && flag.active) {
      action = 'returned';
      flag.active = false;
    } else if (what === 'acknowledge' && !flag.acked && !flag.shelved) {
      action = 'acknowledged';
      flag.acked = true;
    } else if (what === 'shelve' && !flag.shelved && stateBefore !== 'NORM') {
      action = 'shelved';
      flag.shelved = true;
    } else if (what === 'unshelve' && flag.shelved) {
      action = 'unshelved';
      Object.assign(flag, { shelved: false, acked: true });
    } else continue;
    const isField = what === 'raise' || what === 'return';
    rows.push({
      alarm: `a${alarm}`,
      equipment: null,
      action,
      stateBefore,
      stateAfter: stateOf(flag),
      priority: alarmPriorities[alarm]!,
      atMs: nowMs - (isField ? lagS * second : 0),
      recordedMs: nowMs,
      historical: false,
      user: isField ? null : 'li',
      details: null,
    });
  }
  return rows;
}

/** The same figures, each for itself and from the rows as they lie there. */
function naive(rows: readonly KpiRow[]) {
  const known = rows.filter((row) => row.recordedMs < toMs);
  const inPeriod = known.filter((row) => row.recordedMs >= fromMs);
  const raises = (list: readonly KpiRow[]) => list.filter((row) => row.action.endsWith('activated'));
  const told = raises(inPeriod).filter((row) => row.stateAfter === 'UNACK');
  const gridFromMs = fromMs - (fromMs % 600_000);
  const counts: number[] = [];
  for (let start = gridFromMs; start < toMs; start += 600_000) {
    counts.push(told.filter(({ recordedMs }) => recordedMs >= start && recordedMs < start + 600_000).length);
  }
  const isFlood = counts.map((count, period) => {
    if (count < 5) return false;
    for (let back = period; back >= 0 && counts[back]! >= 5; back--) if (counts[back]! > 10) return true;
    return false;
  });
  const alarms = [...new Set(known.map(({ alarm }) => alarm))];
  const endOf = (raise: KpiRow): KpiRow | undefined =>
    known.slice(known.indexOf(raise) + 1).find((row) => row.alarm === raise.alarm && row.action === 'returned');
  const timeInState: Record<string, number> = {};
  let waiting = 0;
  for (const alarm of alarms) {
    const own = known.filter((row) => row.alarm === alarm);
    for (let ms = fromMs; ms < toMs; ms += second) {
      const state = own.findLast(({ recordedMs }) => recordedMs <= ms)?.stateAfter ?? 'NORM';
      if (state !== 'NORM') timeInState[state] = (timeInState[state] ?? 0) + second;
    }
    if (['UNACK', 'RTNUN'].includes(own.at(-1)?.stateAfter ?? 'NORM')) waiting++;
  }
  const acknowledgeMs = inPeriod
    .filter(({ action }) => action === 'acknowledged')
    .map((ack) => {
      const earlier = known.slice(0, known.indexOf(ack)).filter(({ alarm }) => alarm === ack.alarm);
      // Back to the row after which it has been asking without a break.
      let since = ack.recordedMs;
      for (const row of earlier.toReversed()) {
        if (!['UNACK', 'RTNUN'].includes(row.stateAfter)) break;
        since = row.recordedMs;
      }
      return ack.recordedMs - since;
    })
    .sort((a, b) => a - b);
  const chattering = (alarm: string): number => {
    const times = told.filter((row) => row.alarm === alarm).map(({ atMs }) => atMs);
    return times.filter((time) =>
      times.some(
        (start) =>
          start <= time && time <= start + 60_000 && times.filter((t) => t >= start && t <= start + 60_000).length >= 3,
      ),
    ).length;
  };
  const durations = (alarm: string): number[] =>
    told
      .filter((row) => row.alarm === alarm)
      .map((raise) => Math.max(0, Math.max(endOf(raise)?.atMs ?? toMs, raise.atMs) - raise.atMs))
      .sort((a, b) => a - b);
  const fleeting = told.filter(
    (raise) => (endOf(raise)?.atMs ?? toMs) - raise.atMs < 5_000 && endOf(raise) !== undefined,
  );
  return {
    counts,
    floodPeriods: isFlood.filter(Boolean).length,
    timeInState,
    waiting,
    acknowledgeMs,
    shelved: inPeriod.filter(({ action }) => action === 'shelved').length,
    fleeting: fleeting.length,
    actors: alarms
      .map((alarm) => ({
        alarm,
        count: told.filter((row) => row.alarm === alarm).length,
        chattering: chattering(alarm),
        durations: durations(alarm),
      }))
      .filter(({ count }) => count > 0)
      .sort((a, b) => b.count - a.count || (a.alarm < b.alarm ? -1 : 1)),
  };
}

const middle = (sorted: readonly number[]): number | null =>
  sorted.length === 0
    ? null
    : (sorted[Math.floor((sorted.length - 1) / 2)]! + sorted[Math.ceil((sorted.length - 1) / 2)]!) / 2;

test('the fold gives what a slow computation gives that looks at every second', () => {
  fc.assert(
    fc.property(acts, (list) => {
      const rows = journalOf(list);
      const folder = new KpiFolder({ fromMs, toMs, zoneOffsetMs: 0 });
      for (const row of rows) folder.add(row);
      const report = kpiReport(folder.result(), {
        site: 'hq',
        position: null,
        positions: 1,
        fromMs,
        toMs,
        zoneOffsetMs: 0,
        days: [fromMs - (fromMs % day), fromMs - (fromMs % day) + day, fromMs - (fromMs % day) + 2 * day],
        configured: { critical: 0, high: 0, medium: 0, low: 0 },
      });
      const value = (id: string) => report.kpis.find((kpi) => kpi.id === id)?.value;
      const expected = naive(rows);
      expect(report.rate.counts).toEqual(expected.counts);
      expect(value('flood-share')).toBe(expected.floodPeriods / expected.counts.length);
      expect(report.timeInState).toEqual(expected.timeInState);
      expect(value('unacknowledged')).toBe(expected.waiting);
      expect(value('acknowledge-median')).toBe(middle(expected.acknowledgeMs));
      expect(value('acknowledge-p95')).toBe(
        expected.acknowledgeMs.find((_, at) => (at + 1) / expected.acknowledgeMs.length >= 0.95) ?? null,
      );
      expect(value('shelved')).toBe(expected.shelved);
      expect(value('fleeting')).toBe(expected.fleeting);
      expect(report.badActors.map(({ alarm, count, chattering }) => ({ alarm, count, chattering }))).toEqual(
        expected.actors.map(({ alarm, count, chattering }) => ({ alarm, count, chattering })),
      );
      expect(report.badActors.map(({ medianMs }) => medianMs)).toEqual(
        expected.actors.map(({ durations }) => Math.round(middle(durations) ?? 0)),
      );
    }),
    { numRuns: 200 },
  );
});
