import type { DeliveryKind, DeliveryQuery, DeliveryState, Language, LocalText } from '@plantroom/contracts';
import type { Rank } from '../notifications/domain/alarm-facts.ts';
import type { Notice, NoticeKind } from '../notifications/domain/gather.ts';
import type { Db } from './database.ts';
import type { NotificationDeliveryTable, NotificationNoticeTable } from './notification-tables.ts';

/** A message in the outbox; its notices are rows of their own. */
export interface Delivery {
  id: string;
  channel: string;
  rank: Rank;
  state: Exclude<DeliveryState, 'waiting'>;
  attempts: number;
  createdMs: number;
  nextMs: number | null;
  /** Beginning of the last attempt. */
  triedMs: number | null;
  sentMs: number | null;
  receipt: string | null;
  error: string | null;
  kind: DeliveryKind;
  language: Language;
  address: string;
  people: string[];
  mentions: string[];
  lifeSafety: boolean;
  count: number;
  /** Of the first alarms. */
  subjects: LocalText[];
  alarms: string[];
}

const chunk = 500;

/** What is there already stays: a notice is never doubled. */
export async function insertNotices(db: Db, notices: readonly Notice[]): Promise<void> {
  for (let from = 0; from < notices.length; from += chunk) {
    await db
      .insertInto('notification_notices')
      .values(notices.slice(from, from + chunk).map(rowOfNotice))
      .onConflict((oc) => oc.column('id').doNothing())
      .execute();
  }
}

export async function waitingNotices(db: Db): Promise<Notice[]> {
  const rows = await db
    .selectFrom('notification_notices')
    .selectAll()
    .where('delivery', 'is', null)
    .orderBy('rank')
    .orderBy('created_ms')
    .orderBy('id')
    .execute();
  return rows.map(noticeOf);
}

/** Of notices that wait: when they are due, and in which flood. */
export async function moveNotices(db: Db, notices: readonly Notice[]): Promise<void> {
  for (const notice of notices) {
    const { id, due_ms, body } = rowOfNotice(notice);
    await db.updateTable('notification_notices').set({ due_ms, body }).where('id', '=', id).execute();
  }
}

export async function noticesOf(db: Db, by: 'delivery' | 'call', id: string): Promise<Notice[]> {
  const rows = await db
    .selectFrom('notification_notices')
    .selectAll()
    .where(by, '=', id)
    .orderBy('created_ms')
    .orderBy('id')
    .execute();
  return rows.map(noticeOf);
}

/** The delivery and that its notices are in it, at once. */
export async function insertDelivery(db: Db, delivery: Delivery, notices: readonly Notice[]): Promise<void> {
  await db.insertInto('notification_deliveries').values(rowOfDelivery(delivery)).execute();
  const ids = notices.map(({ id }) => id);
  for (let from = 0; from < ids.length; from += chunk) {
    await db
      .updateTable('notification_notices')
      .set({ delivery: delivery.id })
      .where('id', 'in', ids.slice(from, from + chunk))
      .execute();
  }
}

export async function updateDelivery(db: Db, delivery: Delivery): Promise<void> {
  const { id, ...rest } = rowOfDelivery(delivery);
  await db.updateTable('notification_deliveries').set(rest).where('id', '=', id).execute();
}

export async function findDelivery(db: Db, id: string): Promise<Delivery | null> {
  const row = await db.selectFrom('notification_deliveries').selectAll().where('id', '=', id).executeTakeFirst();
  return row === undefined ? null : deliveryOf(row);
}

/** A dead letter is to be tried again, as if it never had been. Null: it is not dead. */
export async function reviveDelivery(db: Db, id: string, nowMs: number): Promise<Delivery | null> {
  const row = await db
    .updateTable('notification_deliveries')
    .set({ state: 'retrying', attempts: 0, next_ms: nowMs })
    .where('id', '=', id)
    .where('state', '=', 'dead')
    .returningAll()
    .executeTakeFirst();
  return row === undefined ? null : deliveryOf(row);
}

/** Those that are not done, the urgent ones first. */
export async function unfinishedDeliveries(db: Db): Promise<Delivery[]> {
  const rows = await db
    .selectFrom('notification_deliveries')
    .selectAll()
    .where('state', 'in', ['sending', 'retrying'])
    .orderBy('rank')
    .orderBy('created_ms')
    .orderBy('id')
    .execute();
  return rows.map(deliveryOf);
}

/** Attempts since then, oldest first: for the rates of channels after a restart. */
export async function recentAttempts(db: Db, sinceMs: number): Promise<{ channel: string; triedMs: number }[]> {
  const rows = await db
    .selectFrom('notification_deliveries')
    .select(['channel', 'tried_ms'])
    .where('tried_ms', '>=', sinceMs)
    .orderBy('tried_ms')
    .execute();
  return rows.map(({ channel, tried_ms }) => ({ channel, triedMs: tried_ms ?? 0 }));
}

/** Newest first. */
export async function lastAttempts(db: Db, channel: string, limit: number): Promise<Delivery[]> {
  const rows = await db
    .selectFrom('notification_deliveries')
    .selectAll()
    .where('channel', '=', channel)
    .where('tried_ms', 'is not', null)
    .orderBy('tried_ms', 'desc')
    .limit(limit)
    .execute();
  return rows.map(deliveryOf);
}

/** Newest first; `after` is the former page's `next`. */
export async function listDeliveries(
  db: Db,
  query: DeliveryQuery,
): Promise<{ items: Delivery[]; next: string | null }> {
  const limit = query.limit ?? 100;
  let select = db
    .selectFrom('notification_deliveries')
    .selectAll()
    .orderBy('created_ms', 'desc')
    .orderBy('id', 'desc')
    .limit(limit + 1);
  if (query.state !== undefined) select = select.where('state', '=', query.state);
  if (query.channel !== undefined) select = select.where('channel', '=', query.channel);
  const [, atMs, id] = /^(\d{1,15})\.(.+)$/.exec(query.after ?? '') ?? [];
  if (atMs !== undefined && id !== undefined) {
    select = select.where((eb) =>
      eb.or([eb('created_ms', '<', Number(atMs)), eb.and([eb('created_ms', '=', Number(atMs)), eb('id', '<', id)])]),
    );
  }
  const rows = (await select.execute()).map(deliveryOf);
  const items = rows.slice(0, limit);
  const last = items.at(-1);
  return { items, next: rows.length > limit && last !== undefined ? `${last.createdMs}.${last.id}` : null };
}

export async function deliveryCounts(db: Db): Promise<{ waiting: number; dead: number }> {
  const count = (state: 'dead') =>
    db
      .selectFrom('notification_deliveries')
      .select((eb) => eb.fn.countAll<number>().as('count'))
      .where('state', '=', state)
      .executeTakeFirstOrThrow();
  const waiting = await db
    .selectFrom('notification_notices')
    .select((eb) => eb.fn.countAll<number>().as('count'))
    .where('delivery', 'is', null)
    .executeTakeFirstOrThrow();
  return { waiting: Number(waiting.count), dead: Number((await count('dead')).count) };
}

function rowOfNotice(notice: Notice): NotificationNoticeTable {
  const {
    id,
    call,
    kind,
    person,
    contact,
    channel,
    address,
    language,
    rank,
    createdMs,
    dueMs,
    facts,
    link,
    held,
    flood,
  } = notice;
  const body = JSON.stringify({ facts, link, held, flood });
  return {
    id,
    call,
    kind,
    person,
    contact,
    channel,
    address,
    language,
    rank,
    created_ms: createdMs,
    due_ms: dueMs,
    body,
    delivery: null,
  };
}

function noticeOf(row: NotificationNoticeTable): Notice {
  type Body = Pick<Notice, 'facts' | 'link' | 'held'> & Partial<Pick<Notice, 'flood'>>;
  // Those written before floods were told say nothing of them.
  const { flood = null, ...body } = JSON.parse(row.body) as Body;
  return {
    id: row.id,
    call: row.call,
    kind: row.kind as NoticeKind,
    person: row.person,
    contact: row.contact,
    channel: row.channel,
    address: row.address,
    language: row.language as Language,
    rank: row.rank as Rank,
    createdMs: row.created_ms,
    dueMs: row.due_ms,
    flood,
    ...body,
  };
}

function rowOfDelivery(delivery: Delivery): NotificationDeliveryTable {
  const { id, channel, rank, state, attempts, createdMs, nextMs, triedMs, sentMs, receipt, error, ...body } = delivery;
  return {
    id,
    channel,
    rank,
    state,
    attempts,
    created_ms: createdMs,
    next_ms: nextMs,
    tried_ms: triedMs,
    sent_ms: sentMs,
    receipt,
    error,
    body: JSON.stringify(body),
  };
}

function deliveryOf(row: NotificationDeliveryTable): Delivery {
  type Body = Pick<
    Delivery,
    'kind' | 'language' | 'address' | 'people' | 'mentions' | 'lifeSafety' | 'count' | 'subjects' | 'alarms'
  >;
  return {
    id: row.id,
    channel: row.channel,
    rank: row.rank as Rank,
    state: row.state as Delivery['state'],
    attempts: row.attempts,
    createdMs: row.created_ms,
    nextMs: row.next_ms,
    triedMs: row.tried_ms,
    sentMs: row.sent_ms,
    receipt: row.receipt,
    error: row.error,
    ...(JSON.parse(row.body) as Body),
  };
}
