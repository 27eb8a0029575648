import type { AlarmKpiReport } from '@plantroom/contracts';
import { describe, expect, test } from 'vitest';
import type { KpiRow } from './alarm-track.ts';
import { KpiFolder } from './kpi-fold.ts';
import { type KpiReportInput, kpiReport } from './kpi-report.ts';
import { at, fromMs, hour, journal, row, toMs, zoneOffsetMs } from './test-helpers/hand-journal.ts';

const input: KpiReportInput = {
  site: 'hq',
  position: null,
  positions: 1,
  fromMs,
  toMs,
  zoneOffsetMs,
  days: [0, 24, 48, 72].map((hours) => fromMs + hours * hour),
  configured: { critical: 1, high: 5, medium: 14, low: 80 },
};

function reportOf(rows: readonly KpiRow[], more: Partial<KpiReportInput> = {}): AlarmKpiReport {
  const folder = new KpiFolder({ fromMs, toMs, zoneOffsetMs, isAudited: ({ alarm }) => alarm === 'audited' });
  for (const each of rows) folder.add(each);
  return kpiReport(folder.result(), { ...input, ...more });
}

describe('the KPIs of a journal that was worked out by hand', () => {
  const report = reportOf(journal);
  const kpis = Object.fromEntries(report.kpis.map(({ id, value, verdict }) => [id, [value, verdict]]));

  test('annunciated: C 4, F 12, G 5, H 4, J 10, L 1, V 1, X 1; not K, P, Q, nor X while shelved', () => {
    expect(report.annunciated).toBe(38);
    expect(report.rate.counts.reduce((all, count) => all + count, 0)).toBe(38);
  });

  test('every KPI', () => {
    expect(kpis).toEqual({
      // 38 in 3 days, 72 hours, 432 periods.
      'alarms-per-day': [38 / 3, 'on-target'],
      'alarms-per-hour': [38 / 72, 'on-target'],
      'alarms-per-10-min': [38 / 432, 'on-target'],
      // From 10:00 of the first day.
      'peak-10-min': [12, 'over'],
      // 10:00 to 10:20: two of 432 periods.
      'flood-share': [2 / 432, 'on-target'],
      floods: [1, 'reported'],
      'longest-flood': [1_200_000, 'reported'],
      // The hour of 10:00 with 12 + 5 + 4 + 10 = 31, of 72.
      'hours-over-30': [1 / 72, 'over'],
      // C with 4 and nine others with 1.
      'top-10-share': [13 / 38, 'over'],
      // C alone.
      chattering: [1, 'over'],
      // The first of C, 4 s.
      fleeting: [1, 'over'],
      // S (from 30 h before to 30 h after the start) and W (20 h before to 36 h after) on the first and second day; V on the third.
      stale: [2, 'on-target'],
      // 28 times, s: 299 299 600 600 959 1019 1079 1139 1199 1499 1559 1619 1679 1739 | 1829 2069 2099 … 2399 2400.
      'acknowledge-median': [(1_739_000 + 1_829_000) / 2, 'reported'],
      // The 27th of 28.
      'acknowledge-p95': [2_399_000, 'reported'],
      // J0 to J9.
      unacknowledged: [10, 'reported'],
      // X; K was shelved before.
      shelved: [1, 'reported'],
      // K half an hour, X four hours.
      'shelved-time': [4.5 * hour, 'reported'],
      'out-of-service': [2, 'reported'],
      // Y two hours, Z fifteen.
      'out-of-service-time': [17 * hour, 'reported'],
      'out-of-service-without-order': [1, 'over'],
      // The reset of L, the return of Y, the settings of `silent`.
      'unauthorised-changes': [3, 'over'],
      're-alarms': [1, 'reported'],
    });
  });

  test('the rate in ten-minute periods of the clock, empty ones included', () => {
    expect(report.rate).toMatchObject({ fromMs, stepMs: 600_000 });
    expect(report.rate.counts).toHaveLength(432);
    const busy = report.rate.counts.flatMap((count, period) => (count === 0 ? [] : [[period, count]]));
    // 02:00 with three of C; 03:00; 10:00, 10:10, 10:20, 10:50; 24:00 with L; 34:00 with V; 36:00 with X.
    expect(busy).toEqual([
      [12, 3],
      [18, 1],
      [60, 12],
      [61, 5],
      [62, 4],
      [65, 10],
      [144, 1],
      [204, 1],
      [216, 1],
    ]);
    expect(report.floods).toEqual([{ fromMs: at('0 10:00:00'), toMs: at('0 10:20:00'), alarms: 17, peak: 12 }]);
  });

  test('bad actors: the most annunciated first, equals by their id', () => {
    expect(report.badActors[0]).toEqual({
      alarm: 'C',
      equipment: null,
      name: null,
      count: 4,
      share: 4 / 38,
      chattering: 3,
      fleeting: 1,
      // 4 s, 5 s, 10 s, 1800 s.
      medianMs: 7_500,
    });
    expect(report.badActors.slice(1).map(({ alarm, medianMs }) => [alarm, medianMs])).toEqual(
      ['F0', 'F1', 'F10', 'F11', 'F2', 'F3', 'F4', 'F5', 'F6'].map((alarm) => [alarm, 60_000]),
    );
  });

  test('stale alarms, longest first', () => {
    expect(report.stale.map(({ alarm, state, sinceMs, returnedMs }) => [alarm, state, sinceMs, returnedMs])).toEqual([
      ['S', 'NORM', at('-30'), at('1 06:00:00')],
      ['W', 'NORM', at('-20'), at('1 12:00:00')],
      ['V', 'ACKED', at('1 10:00:00'), null],
    ]);
  });

  test('priorities, configured and annunciated, against 80/15/5', () => {
    expect(report.priorities).toEqual([
      {
        priority: 'critical',
        configured: 1,
        annunciated: 1,
        target: 0.01,
        configuredVerdict: 'on-target',
        annunciatedVerdict: 'over',
      },
      {
        priority: 'high',
        configured: 5,
        annunciated: 4,
        target: 0.05,
        configuredVerdict: 'on-target',
        annunciatedVerdict: 'over',
      },
      {
        priority: 'medium',
        configured: 14,
        annunciated: 11,
        target: 0.15,
        configuredVerdict: 'on-target',
        annunciatedVerdict: 'over',
      },
      {
        priority: 'low',
        configured: 80,
        annunciated: 22,
        target: 0.8,
        configuredVerdict: 'on-target',
        annunciatedVerdict: 'over',
      },
    ]);
  });

  test('time in each state', () => {
    const seconds = Object.fromEntries(Object.entries(report.timeInState).map(([state, ms]) => [state, ms / 1000]));
    expect(seconds).toEqual({
      // K 600; C 4 + 5 + 10 + 1800; F, G, H, J 31 × 60; L 600; V 299 + 600; X 599; Q 1801.
      UNACK: 8_178,
      // S 30 h and 1 s; W 36 h and 1 s; K 1201; V 7200 and 35 ¾ h.
      ACKED: 374_703,
      // C 16 + 35 + 229 + 29; F 26 088; G 7 795; H 3 956; J 2 200 040; Q 599.
      RTNUN: 2_238_787,
      'LATCHED-UNACK': 599,
      'LATCHED-ACK': 2_400,
      SHLVD: 16_200,
      DSUPR: 7_200,
      OOSRV: 61_200,
    });
  });

  test('three days are too few to judge by', () => {
    expect(report.isShort).toBe(true);
    expect(reportOf([], { toMs: fromMs + 720 * hour }).isShort).toBe(false);
  });

  test('two positions share the averages, nothing else', () => {
    const shared = reportOf(journal, { positions: 2 });
    expect(shared.kpis.slice(0, 3).map(({ value }) => value)).toEqual([38 / 6, 38 / 144, 38 / 864]);
    expect(shared.kpis.slice(3)).toEqual(report.kpis.slice(3));
  });
});

test('without an alarm there is nothing to share out, and nothing over target', () => {
  const report = reportOf([], { configured: { critical: 0, high: 0, medium: 0, low: 0 } });
  expect(report.kpis.filter(({ verdict }) => verdict === 'no-data').map(({ id }) => id)).toEqual([
    'top-10-share',
    'acknowledge-median',
    'acknowledge-p95',
  ]);
  expect(report.kpis.filter(({ verdict }) => verdict === 'over')).toEqual([]);
  expect(report.priorities.every(({ annunciatedVerdict }) => annunciatedVerdict === 'no-data')).toBe(true);
});

test('late data that corrects a time corrects the duration', () => {
  const report = reportOf([
    row(['0 01:00:00', 'A', 'activated', 'NORM>UNACK']),
    row(['0 00:50:00', 'A', 'corrected', 'UNACK>UNACK']),
    row(['0 02:00:00', 'A', 'returned', 'UNACK>RTNUN']),
    row(['0 01:20:00', 'A', 'corrected', 'RTNUN>RTNUN']),
  ]);
  expect(report.badActors[0]?.medianMs).toBe(30 * 60_000);
});

test('periods are those of the clock of the site, also where it is 45 minutes apart', () => {
  const offset = 5.75 * hour;
  const folder = new KpiFolder({ fromMs: fromMs + 60_000, toMs, zoneOffsetMs: offset });
  const { gridFromMs } = folder.result();
  expect(new Date(gridFromMs + offset).getUTCMinutes() % 10).toBe(0);
  expect(gridFromMs).toBeLessThanOrEqual(fromMs + 60_000);
  expect(fromMs + 60_000 - gridFromMs).toBeLessThan(600_000);
});
