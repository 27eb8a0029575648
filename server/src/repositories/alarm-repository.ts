import type { Alarm, AlarmJournalEntry, JournalQuery, PointLimit, PointValue } from '@plantroom/contracts';
import type { JournalRecord } from '../domain/alarms/alarm-events.ts';
import type { RuleState } from '../domain/alarms/condition.ts';
import { initialLateState, type LateState } from '../domain/alarms/late-track.ts';
import type { Db } from './database.ts';
import type { AlarmJournalTable } from './tables.ts';
import { upsert } from './upsert.ts';

export interface StoredAlarm {
  alarm: Alarm;
  rule: RuleState;
  late: LateState;
}

export interface StoredLimit {
  point: string;
  limit: PointLimit;
}

export async function loadAlarms(db: Db): Promise<StoredAlarm[]> {
  const rows = await db.selectFrom('alarms').select(['body', 'rule', 'late']).execute();
  return rows.map(({ body, rule, late }) => ({
    alarm: alarmOf(body),
    rule: JSON.parse(rule) as RuleState,
    late: late === null ? initialLateState : (JSON.parse(late) as LateState),
  }));
}

/** What alarms that were stored before it existed have not. */
const added = { reAlarms: 0, heldPriority: null, shelving: null, suppressedBy: [], serviceRemoval: null };

function alarmOf(body: string): Alarm {
  return { ...added, ...(JSON.parse(body) as Alarm) };
}

export async function saveAlarms(db: Db, alarms: readonly StoredAlarm[]): Promise<void> {
  await upsert(db, 'alarms', {
    key: ['id'],
    rows: alarms.map(({ alarm, rule, late }) => ({
      id: alarm.id,
      state: alarm.state,
      body: JSON.stringify(alarm),
      rule: JSON.stringify(rule),
      late: late === initialLateState ? null : JSON.stringify(late),
      revision: alarm.revision,
    })),
  });
}

export async function appendJournal(
  db: Db,
  entries: readonly (JournalRecord & { equipment: string | null })[],
): Promise<void> {
  for (let from = 0; from < entries.length; from += 500) {
    const rows = entries.slice(from, from + 500).map((entry) => ({
      alarm: entry.alarm,
      equipment: entry.equipment,
      occurrence: entry.occurrence,
      action: entry.action,
      state_before: entry.stateBefore,
      state_after: entry.stateAfter,
      priority: entry.priority,
      at_ms: entry.atMs,
      recorded_ms: entry.recordedMs,
      historical: entry.historical ? (1 as const) : (0 as const),
      user_name: entry.user,
      comment: entry.comment,
      details: entry.details === null ? null : JSON.stringify(entry.details),
      value: JSON.stringify(entry.value),
    }));
    await db.insertInto('alarm_journal').values(rows).execute();
  }
}

/** Newest first. `next` is what to pass as `after` for the following page; null at the end. */
export async function readJournal(
  db: Db,
  query: JournalQuery,
): Promise<{ items: AlarmJournalEntry[]; next: string | null }> {
  const limit = query.limit ?? 200;
  let select = db
    .selectFrom('alarm_journal')
    .selectAll()
    .orderBy('seq', 'desc')
    .limit(limit + 1);
  if (query.alarm !== undefined) select = select.where('alarm', '=', query.alarm);
  if (query.equipment !== undefined) select = select.where('equipment', '=', query.equipment);
  if (query.action !== undefined) select = select.where('action', '=', query.action);
  if (query.from !== undefined) select = select.where('recorded_ms', '>=', query.from);
  if (query.to !== undefined) select = select.where('recorded_ms', '<', query.to);
  if (query.after !== undefined) select = select.where('seq', '<', Number(query.after));
  const rows = await select.execute();
  const items = rows.slice(0, limit).map(entryOf);
  return { items, next: rows.length > limit ? String(items.at(-1)?.seq) : null };
}

function entryOf(row: Omit<AlarmJournalTable, 'seq'> & { seq: number }): AlarmJournalEntry {
  return {
    seq: row.seq,
    alarm: row.alarm,
    occurrence: row.occurrence,
    action: row.action as AlarmJournalEntry['action'],
    stateBefore: row.state_before as AlarmJournalEntry['stateBefore'],
    stateAfter: row.state_after as AlarmJournalEntry['stateAfter'],
    priority: row.priority as AlarmJournalEntry['priority'],
    atMs: row.at_ms,
    recordedMs: row.recorded_ms,
    historical: row.historical === 1,
    user: row.user_name,
    comment: row.comment,
    details: row.details === null ? null : (JSON.parse(row.details) as AlarmJournalEntry['details']),
    value: JSON.parse(row.value) as PointValue,
  };
}

export async function loadLimits(db: Db): Promise<StoredLimit[]> {
  const rows = await db.selectFrom('point_limits').select(['point', 'body']).execute();
  return rows.map((row) => ({ point: row.point, limit: JSON.parse(row.body) as PointLimit }));
}

export async function saveLimit(
  db: Db,
  stored: StoredLimit,
  { user, nowMs }: { user: string; nowMs: number },
): Promise<void> {
  const { point, limit } = stored;
  await upsert(db, 'point_limits', {
    key: ['point', 'kind'],
    rows: [{ point, kind: limit.kind, body: JSON.stringify(limit), set_by: user, set_ms: nowMs }],
  });
}

export async function deleteLimit(db: Db, point: string, kind: PointLimit['kind']): Promise<void> {
  await db.deleteFrom('point_limits').where('point', '=', point).where('kind', '=', kind).execute();
}
