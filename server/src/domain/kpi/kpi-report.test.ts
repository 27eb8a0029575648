import type { AlarmKpiReport, AlarmPriority, AlarmState, JournalDetails } from '@plantroom/contracts';
import { describe, expect, test } from 'vitest';
import type { KpiRow } from './alarm-track.ts';
import { KpiFolder } from './kpi-fold.ts';
import { type KpiReportInput, kpiReport } from './kpi-report.ts';

const hour = 3_600_000;
const zoneOffsetMs = 8 * hour;
/** Midnight of 2 March 2026 in Shanghai; the period is the three days from there. */
const fromMs = Date.UTC(2026, 2, 1, 16);
const toMs = fromMs + 72 * hour;

/** `day hh:mm:ss` after the start; `-hh` before it. */
function at(text: string): number {
  if (text.startsWith('-')) return fromMs + Number(text) * hour;
  const [day = 0, hours = 0, minutes = 0, seconds = 0] = text.split(/[ :]/).map(Number);
  return fromMs + ((day * 24 + hours) * 60 + minutes) * 60_000 + seconds * 1000;
}

type Words = [when: string, alarm: string, action: KpiRow['action'], states: `${AlarmState}>${AlarmState}`];
interface More {
  user?: string;
  priority?: AlarmPriority;
  details?: JournalDetails;
  historical?: boolean;
}
const fieldActions: readonly KpiRow['action'][] = ['activated', 'reactivated', 'returned', 'latched', 'corrected'];

/** What equipment does is recorded one second later, what operators and the server do at once. */
function row([when, alarm, action, states]: Words, { user, priority, details, historical }: More = {}): KpiRow {
  const [stateBefore, stateAfter] = states.split('>') as [AlarmState, AlarmState];
  return {
    alarm,
    equipment: null,
    action,
    stateBefore,
    stateAfter,
    priority: priority ?? 'low',
    atMs: at(when),
    recordedMs: at(when) + (fieldActions.includes(action) ? 1_000 : 0),
    historical: historical ?? false,
    user: user ?? null,
    details: details ?? null,
  };
}
const high = { priority: 'high' } as const;
const medium = { priority: 'medium' } as const;
const critical = { priority: 'critical' } as const;
const li = { user: 'li' } as const;

/** An alarm that is there for a minute and acknowledged later, or never. */
function minute(alarm: string, startMs: number, { acked, ...more }: More & { acked?: string } = {}): KpiRow[] {
  const shifted = (words: Words, byMs: number): KpiRow => {
    const made = row(words, more);
    return { ...made, atMs: startMs + byMs, recordedMs: startMs + byMs + 1_000 };
  };
  return [
    shifted(['0', alarm, 'activated', 'NORM>UNACK'], 0),
    shifted(['0', alarm, 'returned', 'UNACK>RTNUN'], 60_000),
    ...(acked === undefined ? [] : [row([acked, alarm, 'acknowledged', 'RTNUN>NORM'], { ...more, ...li })]),
  ];
}
const several = (count: number, make: (index: number) => KpiRow[]): KpiRow[] =>
  Array.from({ length: count }, (_, index) => make(index)).flat();

const journal: KpiRow[] = [
  // Before the period: S and W stand acknowledged, K is shelved.
  row(['-30', 'S', 'activated', 'NORM>UNACK']),
  row(['-29', 'S', 'acknowledged', 'UNACK>ACKED'], li),
  row(['-20', 'W', 'activated', 'NORM>UNACK']),
  row(['-19', 'W', 'acknowledged', 'UNACK>ACKED'], li),
  row(['-2', 'K', 'activated', 'NORM>UNACK'], medium),
  row(['-1', 'K', 'shelved', 'UNACK>SHLVD'], { ...medium, ...li }),

  // K comes back from shelving, is acknowledged after 600 s and returns: no activation of the period.
  row(['0 00:30:00', 'K', 'shelving-expired', 'SHLVD>UNACK'], medium),
  row(['0 00:40:00', 'K', 'acknowledged', 'UNACK>ACKED'], { ...medium, ...li }),
  row(['0 01:00:00', 'K', 'returned', 'ACKED>NORM'], medium),

  // C chatters: three within 60 s; of 4 s, 5 s (no longer fleeting) and 10 s. One acknowledgement, 299 s after the first was recorded.
  row(['0 02:00:00', 'C', 'activated', 'NORM>UNACK'], high),
  row(['0 02:00:04', 'C', 'returned', 'UNACK>RTNUN'], high),
  row(['0 02:00:20', 'C', 'reactivated', 'RTNUN>UNACK'], high),
  row(['0 02:00:25', 'C', 'returned', 'UNACK>RTNUN'], high),
  row(['0 02:01:00', 'C', 'reactivated', 'RTNUN>UNACK'], high),
  row(['0 02:01:10', 'C', 'returned', 'UNACK>RTNUN'], high),
  row(['0 02:05:00', 'C', 'acknowledged', 'RTNUN>NORM'], { ...high, ...li }),
  // Once more for 1800 s, acknowledged after 1829 s.
  row(['0 03:00:00', 'C', 'activated', 'NORM>UNACK'], high),
  row(['0 03:30:00', 'C', 'returned', 'UNACK>RTNUN'], high),
  row(['0 03:30:30', 'C', 'acknowledged', 'RTNUN>NORM'], { ...high, ...li }),

  // A flood: 12 in the ten minutes from 10:00, 5 from 10:10, and over with 4 from 10:20. With 10 from 10:50 the hour has 31.
  ...several(12, (i) => minute(`F${i}`, at('0 10:00:00') + i * 30_000)),
  ...several(5, (i) => minute(`G${i}`, at('0 10:11:00') + i * 60_000)),
  ...several(4, (i) => minute(`H${i}`, at('0 10:21:00') + i * 60_000)),
  ...[...several(12, (i) => [ackedAtTwenty(`F${i}`)]), ...several(5, (i) => [ackedAtTwenty(`G${i}`)])],
  ...several(4, (i) => [ackedAtTwenty(`H${i}`)]),
  ...several(10, (i) => minute(`J${i}`, at('0 10:50:00') + i * 30_000, medium)),

  // L is latched, acknowledged after 1199 s and reset by nobody.
  row(['1 00:00:00', 'L', 'activated', 'NORM>UNACK'], critical),
  row(['1 00:10:00', 'L', 'latched', 'UNACK>LATCHED-UNACK'], critical),
  row(['1 00:20:00', 'L', 'acknowledged', 'LATCHED-UNACK>LATCHED-ACK'], { ...critical, ...li }),
  row(['1 01:00:00', 'L', 'reset', 'LATCHED-ACK>NORM'], critical),

  row(['1 06:00:00', 'S', 'returned', 'ACKED>NORM']),
  // V stands to the end; it asks twice, and is acknowledged after 299 s and 600 s.
  row(['1 10:00:00', 'V', 'activated', 'NORM>UNACK'], medium),
  row(['1 10:05:00', 'V', 'acknowledged', 'UNACK>ACKED'], { ...medium, ...li }),
  row(['1 12:00:00', 'W', 'returned', 'ACKED>NORM']),
  row(['1 12:00:00', 'X', 'activated', 'NORM>UNACK']),
  row(['1 12:05:00', 'V', 're-alarmed', 'ACKED>UNACK'], medium),
  row(['1 12:10:00', 'X', 'shelved', 'UNACK>SHLVD'], li),
  row(['1 12:15:00', 'V', 'acknowledged', 'UNACK>ACKED'], { ...medium, ...li }),
  // X returns and comes again while it is shelved: told to nobody.
  row(['1 13:00:00', 'X', 'returned', 'SHLVD>SHLVD']),
  row(['1 14:00:00', 'X', 'activated', 'SHLVD>SHLVD']),
  row(['1 14:30:00', 'X', 'returned', 'SHLVD>SHLVD']),
  row(['1 16:10:00', 'X', 'unshelved', 'SHLVD>NORM'], li),

  // Late data found that P had been there and gone.
  row(['1 20:00:00', 'P', 'activated', 'NORM>NORM'], { historical: true }),
  row(['1 20:00:03', 'P', 'returned', 'NORM>NORM'], { historical: true }),

  // Y is out of service for two hours under an order and put back by nobody; Z to the end without one.
  row(['2 08:00:00', 'Y', 'out-of-service', 'NORM>OOSRV'], { user: 'chen', details: { workOrder: 'WO-000001' } }),
  row(['2 09:00:00', 'Z', 'out-of-service', 'NORM>OOSRV'], { user: 'chen', details: { approver: 'wu' } }),
  row(['2 10:00:00', 'Y', 'returned-to-service', 'OOSRV>NORM'], { user: '' }),
  // Settings of two alarms change; the audit knows of one.
  row(['2 12:00:00', 'audited', 'configured', 'NORM>NORM']),
  row(['2 12:00:00', 'silent', 'configured', 'NORM>NORM']),

  // Q is raised while it is suppressed, told when the suppression ends, and acknowledged 2400 s after that.
  row(['2 20:00:00', 'Q', 'suppressed', 'NORM>DSUPR']),
  row(['2 21:00:00', 'Q', 'activated', 'DSUPR>DSUPR']),
  row(['2 22:00:00', 'Q', 'unsuppressed', 'DSUPR>UNACK']),
  row(['2 22:30:00', 'Q', 'returned', 'UNACK>RTNUN']),
  row(['2 22:40:00', 'Q', 'acknowledged', 'RTNUN>NORM'], li),

  // The end of the period is not in it.
  row(['3 00:00:00', 'C', 'activated', 'NORM>UNACK'], high),
];

function ackedAtTwenty(alarm: string): KpiRow {
  return row(['0 10:40:00', alarm, 'acknowledged', 'RTNUN>NORM'], li);
}

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
