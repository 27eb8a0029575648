import type { Alarm, PointLimit } from '@plantroom/contracts';
import type { RuleState } from '../domain/alarms/condition.ts';
import { initialLateState, type LateState } from '../domain/alarms/late-track.ts';
import type { SignalCore } from '../domain/alarms/signal.ts';
import type { HeldAlarm } from '../domain/suppression/held-alarm.ts';
import type { Db } from './database.ts';
import { upsert } from './upsert.ts';

export interface StoredAlarm {
  alarm: Alarm;
  rule: RuleState;
  late: LateState;
  /** What the rule remembers of its points; `key` tells of which rule. Null: nothing. */
  signal: { key: string; core: SignalCore } | null;
  /** Raised, and nobody is told yet; null: it does not wait. */
  held: HeldAlarm | null;
}

export interface StoredLimit {
  point: string;
  limit: PointLimit;
  by: string;
  atMs: number;
}

export async function loadAlarms(db: Db): Promise<StoredAlarm[]> {
  const rows = await db.selectFrom('alarms').select(['body', 'rule', 'late', 'signal', 'held']).execute();
  return rows.map(({ body, rule, late, signal, held }) => ({
    alarm: alarmOf(body),
    rule: JSON.parse(rule) as RuleState,
    late: late === null ? initialLateState : (JSON.parse(late) as LateState),
    signal: signal === null ? null : (JSON.parse(signal) as StoredAlarm['signal']),
    held: held === null ? null : (JSON.parse(held) as HeldAlarm),
  }));
}

/** What alarms that were stored before it existed have not. */
const added = {
  reAlarms: 0,
  heldPriority: null,
  shelving: null,
  suppressedBy: [],
  serviceRemoval: null,
  firstOut: null,
  testMode: null,
  orderWaitsFor: null,
};

function alarmOf(body: string): Alarm {
  return { ...added, ...(JSON.parse(body) as Alarm) };
}

export async function saveAlarms(db: Db, alarms: readonly StoredAlarm[]): Promise<void> {
  await upsert(db, 'alarms', {
    key: ['id'],
    rows: alarms.map(({ alarm, rule, late, signal, held }) => ({
      id: alarm.id,
      state: alarm.state,
      body: JSON.stringify(alarm),
      rule: JSON.stringify(rule),
      late: late === initialLateState ? null : JSON.stringify(late),
      signal: signal === null ? null : JSON.stringify(signal),
      held: held === null ? null : JSON.stringify(held),
      revision: alarm.revision,
    })),
  });
}

export async function loadLimits(db: Db): Promise<StoredLimit[]> {
  const rows = await db.selectFrom('point_limits').select(['point', 'body', 'set_by', 'set_ms']).execute();
  return rows.map((row) => ({
    point: row.point,
    limit: JSON.parse(row.body) as PointLimit,
    by: row.set_by,
    atMs: row.set_ms,
  }));
}

export async function saveLimit(db: Db, { point, limit, by, atMs }: StoredLimit): Promise<void> {
  await upsert(db, 'point_limits', {
    key: ['point', 'kind'],
    rows: [{ point, kind: limit.kind, body: JSON.stringify(limit), set_by: by, set_ms: atMs }],
  });
}

export async function deleteLimit(db: Db, point: string, kind: PointLimit['kind']): Promise<void> {
  await db.deleteFrom('point_limits').where('point', '=', point).where('kind', '=', kind).execute();
}
