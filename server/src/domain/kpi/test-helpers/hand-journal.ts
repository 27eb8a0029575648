import type { AlarmPriority, AlarmState, JournalDetails } from '@plantroom/contracts';
import type { KpiRow } from '../alarm-track.ts';

export const hour = 3_600_000;
export const zoneOffsetMs = 8 * hour;
/** Midnight of 2 March 2026 in Shanghai; the period is the three days from there. */
export const fromMs = Date.UTC(2026, 2, 1, 16);
export const toMs = fromMs + 72 * hour;

/** `day hh:mm:ss` after the start; `-hh` before it. */
export function at(text: string): number {
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
export function row([when, alarm, action, states]: Words, { user, priority, details, historical }: More = {}): KpiRow {
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
export const high = { priority: 'high' } as const;
export const medium = { priority: 'medium' } as const;
export const critical = { priority: 'critical' } as const;
export const li = { user: 'li' } as const;

/** An alarm that is there for a minute and acknowledged later, or never. */
export function minute(alarm: string, startMs: number, { acked, ...more }: More & { acked?: string } = {}): KpiRow[] {
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
export const several = (count: number, make: (index: number) => KpiRow[]): KpiRow[] =>
  Array.from({ length: count }, (_, index) => make(index)).flat();

export const journal: KpiRow[] = [
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

export function ackedAtTwenty(alarm: string): KpiRow {
  return row(['0 10:40:00', alarm, 'acknowledged', 'RTNUN>NORM'], li);
}
