import {
  allowedWorkOrderActions,
  type LocalText,
  type WorkOrder,
  type WorkOrderDetail,
  type WorkOrderEvent,
  type WorkOrderEvidence,
  type WorkOrderQuery,
} from '@plantroom/contracts';
import type { OrderEventRecord } from '../domain/work-orders/transitions.ts';
import type { Db } from './database.ts';
import { upsert } from './upsert.ts';

const finished = ['closed', 'cancelled'];
/** Most evidence and events of one order that a page carries, newest kept. */
const detailRows = 500;

const orderOf = (row: { body: string }): WorkOrder => JSON.parse(row.body) as WorkOrder;

export async function findOrder(db: Db, id: string): Promise<WorkOrder | null> {
  const row = await db.selectFrom('work_orders').select('body').where('id', '=', id).executeTakeFirst();
  return row === undefined ? null : orderOf(row);
}

/** The open one of (equipment, failure mode), else the one closed last. */
export async function latestOrder(db: Db, equipment: string, failureMode: string): Promise<WorkOrder | null> {
  const rows = await db
    .selectFrom('work_orders')
    .select('body')
    .where('equipment', '=', equipment)
    .where('failure_mode', '=', failureMode)
    .where('state', '!=', 'cancelled')
    .orderBy('number', 'desc')
    .limit(20)
    .execute();
  const orders = rows.map(orderOf);
  const open = orders.find((order) => order.state !== 'closed');
  return open ?? orders.sort((a, b) => (b.closedMs ?? 0) - (a.closedMs ?? 0))[0] ?? null;
}

export async function nextOrderNumber(db: Db): Promise<number> {
  const row = await db
    .selectFrom('work_orders')
    .select((eb) => eb.fn.max('number').as('last'))
    .executeTakeFirst();
  return Number(row?.last ?? 0) + 1;
}

export const orderIdOf = (number: number): string => `WO-${String(number).padStart(6, '0')}`;

export async function saveOrder(db: Db, order: WorkOrder): Promise<void> {
  await upsert(db, 'work_orders', {
    key: ['id'],
    rows: [
      {
        id: order.id,
        number: Number(order.id.slice('WO-'.length)),
        equipment: order.equipment,
        failure_mode: order.failureMode,
        state: order.state,
        body: JSON.stringify(order),
        opened_ms: order.openedMs,
        closed_ms: order.closedMs,
        revision: order.revision,
      },
    ],
  });
}

export async function appendOrderEvents(db: Db, id: string, events: readonly OrderEventRecord[]): Promise<void> {
  if (events.length === 0) return;
  const rows = events.map((event) => ({
    work_order: id,
    at_ms: event.atMs,
    kind: event.kind,
    user_name: event.user,
    comment: event.comment,
    state_before: event.stateBefore,
    state_after: event.stateAfter,
  }));
  await db.insertInto('work_order_events').values(rows).execute();
}

export async function hasEvidence(db: Db, key: string): Promise<boolean> {
  const row = await db
    .selectFrom('work_order_evidence')
    .select('seq')
    .where('evidence_key', '=', key)
    .executeTakeFirst();
  return row !== undefined;
}

export async function appendEvidence(
  db: Db,
  id: string,
  { key, evidence }: { key: string; evidence: WorkOrderEvidence },
): Promise<void> {
  await db
    .insertInto('work_order_evidence')
    .values({ work_order: id, evidence_key: key, body: JSON.stringify(evidence) })
    .execute();
}

/** Sets the steps up, all undone; a reopened order starts them anew. */
export async function resetSteps(db: Db, id: string, texts: readonly LocalText[]): Promise<void> {
  await upsert(db, 'work_order_steps', {
    key: ['work_order', 'step'],
    rows: texts.map((text, step) => ({
      work_order: id,
      step,
      text: JSON.stringify(text),
      done: 0,
      done_by: null,
      done_ms: null,
    })),
  });
}

export async function undoSteps(db: Db, id: string): Promise<void> {
  await db
    .updateTable('work_order_steps')
    .set({ done: 0, done_by: null, done_ms: null })
    .where('work_order', '=', id)
    .execute();
}

/** Answers the step's text, or null when the order has no such step. */
export async function setStep(
  db: Db,
  at: { order: string; step: number },
  { done, user, nowMs }: { done: boolean; user: string; nowMs: number },
): Promise<LocalText | null> {
  const row = await db
    .updateTable('work_order_steps')
    .set({ done: done ? 1 : 0, done_by: done ? user : null, done_ms: done ? nowMs : null })
    .where('work_order', '=', at.order)
    .where('step', '=', at.step)
    .returning('text')
    .executeTakeFirst();
  return row === undefined ? null : (JSON.parse(row.text) as LocalText);
}

export async function openOrders(db: Db): Promise<WorkOrder[]> {
  const rows = await db
    .selectFrom('work_orders')
    .select('body')
    .where('state', 'not in', finished)
    .orderBy('number', 'desc')
    .execute();
  return rows.map(orderOf);
}

/** Newest first. */
export async function listOrders(db: Db, query: WorkOrderQuery): Promise<{ items: WorkOrder[]; next: string | null }> {
  const limit = query.limit ?? 200;
  let select = db.selectFrom('work_orders').select(['body', 'number']).orderBy('number', 'desc');
  if (query.equipment !== undefined) select = select.where('equipment', '=', query.equipment);
  if (query.site !== undefined) select = select.where('equipment', 'like', `${query.site}/%`);
  if (query.state !== undefined) select = select.where('state', '=', query.state);
  else if (query.open === true) select = select.where('state', 'not in', finished);
  if (query.after !== undefined) select = select.where('number', '<', Number(query.after));
  const items: WorkOrder[] = [];
  let last: number | null = null;
  // The assignee is inside the body; rows are few enough to look at one by one.
  for (const row of await (query.assignee === undefined ? select.limit(limit + 1) : select).execute()) {
    if (items.length === limit) return { items, next: String(last) };
    const order = orderOf(row);
    if (query.assignee !== undefined && order.assignee !== query.assignee) continue;
    items.push(order);
    last = row.number;
  }
  return { items, next: null };
}

export async function orderDetail(db: Db, id: string): Promise<WorkOrderDetail | null> {
  const order = await findOrder(db, id);
  if (order === null) return null;
  const [evidence, steps, events] = await Promise.all([
    db
      .selectFrom('work_order_evidence')
      .select('body')
      .where('work_order', '=', id)
      .orderBy('seq', 'desc')
      .limit(detailRows)
      .execute(),
    db.selectFrom('work_order_steps').selectAll().where('work_order', '=', id).orderBy('step').execute(),
    db
      .selectFrom('work_order_events')
      .selectAll()
      .where('work_order', '=', id)
      .orderBy('seq', 'desc')
      .limit(detailRows)
      .execute(),
  ]);
  return {
    ...order,
    evidence: evidence.reverse().map((row) => JSON.parse(row.body) as WorkOrderEvidence),
    checklist: steps.map((row) => ({
      text: JSON.parse(row.text) as LocalText,
      done: row.done === 1,
      by: row.done_by,
      atMs: row.done_ms,
    })),
    events: events.reverse().map((row) => ({
      seq: row.seq,
      atMs: row.at_ms,
      kind: row.kind as WorkOrderEvent['kind'],
      user: row.user_name,
      comment: row.comment,
      stateBefore: row.state_before as WorkOrderEvent['stateBefore'],
      stateAfter: row.state_after as WorkOrderEvent['stateAfter'],
    })),
    allowedActions: allowedWorkOrderActions(order.state),
  };
}
