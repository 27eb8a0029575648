import type { AlarmFacts } from '../notifications/domain/alarm-facts.ts';
import type { Db } from './database.ts';
import type { NotificationCallTable, NotificationLinkTable } from './notification-tables.ts';
import { upsert } from './upsert.ts';

/** A ladder that is being climbed, or was. */
export interface NotificationCall {
  id: string;
  policy: string;
  facts: AlarmFacts;
  /** The next one. */
  rung: number;
  openedMs: number;
  /** Null: nothing is left to climb. */
  nextMs: number | null;
  endedMs: number | null;
  endedBy: string | null;
}

export async function readCursor(db: Db, name: string): Promise<number | null> {
  const row = await db.selectFrom('notification_cursors').select('seq').where('name', '=', name).executeTakeFirst();
  return row?.seq ?? null;
}

export async function moveCursor(db: Db, name: string, seq: number): Promise<void> {
  await upsert(db, 'notification_cursors', { key: ['name'], rows: [{ name, seq }] });
}

export async function dropCursor(db: Db, name: string): Promise<void> {
  await db.deleteFrom('notification_cursors').where('name', '=', name).execute();
}

export async function saveCall(db: Db, call: NotificationCall): Promise<void> {
  const { id, policy, facts, rung, openedMs, nextMs, endedMs, endedBy } = call;
  await upsert(db, 'notification_calls', {
    key: ['id'],
    rows: [
      {
        id,
        alarm: facts.alarm,
        policy,
        body: JSON.stringify(facts),
        rung,
        opened_ms: openedMs,
        next_ms: nextMs,
        ended_ms: endedMs,
        ended_by: endedBy,
      },
    ],
  });
}

/** Of one alarm: those that run. */
export async function openCallsOf(db: Db, alarm: string): Promise<NotificationCall[]> {
  const rows = await db
    .selectFrom('notification_calls')
    .selectAll()
    .where('alarm', '=', alarm)
    .where('ended_ms', 'is', null)
    .execute();
  return rows.map(callOf);
}

/** All of one occurrence, those that have ended too. */
export async function callsOfOccurrence(db: Db, alarm: string, occurrence: string | null): Promise<NotificationCall[]> {
  const rows = await db
    .selectFrom('notification_calls')
    .selectAll()
    .where('alarm', '=', alarm)
    .orderBy('opened_ms', 'desc')
    .limit(100)
    .execute();
  return rows.map(callOf).filter(({ facts }) => facts.occurrence === occurrence);
}

export async function dueCalls(db: Db, nowMs: number): Promise<NotificationCall[]> {
  const rows = await db
    .selectFrom('notification_calls')
    .selectAll()
    .where('next_ms', '<=', nowMs)
    .where('ended_ms', 'is', null)
    .orderBy('next_ms')
    .execute();
  return rows.map(callOf);
}

/** How many run, and when the next rung is due; null: none. */
export async function callCounts(db: Db): Promise<{ open: number; nextMs: number | null }> {
  const row = await db
    .selectFrom('notification_calls')
    .select((eb) => [eb.fn.countAll<number>().as('open'), eb.fn.min('next_ms').as('next_ms')])
    .where('ended_ms', 'is', null)
    .executeTakeFirstOrThrow();
  return { open: Number(row.open), nextMs: row.next_ms };
}

export async function insertLink(db: Db, link: NotificationLinkTable): Promise<void> {
  await db.insertInto('notification_links').values(link).execute();
}

export async function findLink(db: Db, id: string): Promise<NotificationLinkTable | null> {
  return (await db.selectFrom('notification_links').selectAll().where('id', '=', id).executeTakeFirst()) ?? null;
}

/** False: somebody was faster. */
export async function useLink(db: Db, id: string, nowMs: number): Promise<boolean> {
  const row = await db
    .updateTable('notification_links')
    .set({ used_ms: nowMs })
    .where('id', '=', id)
    .where('used_ms', 'is', null)
    .returning('id')
    .executeTakeFirst();
  return row !== undefined;
}

function callOf(row: NotificationCallTable): NotificationCall {
  return {
    id: row.id,
    policy: row.policy,
    facts: JSON.parse(row.body) as AlarmFacts,
    rung: row.rung,
    openedMs: row.opened_ms,
    nextMs: row.next_ms,
    endedMs: row.ended_ms,
    endedBy: row.ended_by,
  };
}
