import type { ShiftReport, WorkOrder, WorkOrderEvent } from '@plantroom/contracts';
import type { Selectable } from 'kysely';
import type { Db } from './database.ts';
import type { ShiftHandoverTable } from './tables.ts';

/** A hand-over as it is kept; the shift by its id in the site file. */
export interface StoredHandover {
  id: string;
  site: string;
  /** Id of the operating position; null: the site as a whole. */
  position: string | null;
  shift: string;
  fromMs: number;
  toMs: number;
  notes: string;
  /** Null: not signed yet. */
  report: ShiftReport | null;
  leftBy: string | null;
  leftMs: number | null;
  takenBy: string | null;
  takenMs: number | null;
  remark: string | null;
}

export type HandoverDraft = Pick<StoredHandover, 'site' | 'position' | 'shift' | 'fromMs' | 'toMs' | 'notes'>;

export async function findHandover(db: Db, id: string): Promise<StoredHandover | null> {
  const row = await db.selectFrom('shift_handovers').selectAll().where('seq', '=', Number(id)).executeTakeFirst();
  return row === undefined ? null : storedOf(row);
}

export async function handoverOf(
  db: Db,
  { site, position, fromMs }: Pick<StoredHandover, 'site' | 'position' | 'fromMs'>,
): Promise<StoredHandover | null> {
  const row = await db
    .selectFrom('shift_handovers')
    .selectAll()
    .where('site', '=', site)
    .where('position', '=', position ?? '')
    .where('from_ms', '=', fromMs)
    .executeTakeFirst();
  return row === undefined ? null : storedOf(row);
}

/** Newest first. `position` left out: of all, and of the site as a whole. */
export async function listHandovers(
  db: Db,
  {
    site,
    position,
    after,
    limit = 50,
  }: { site: string; position?: string | undefined; after?: string | undefined; limit?: number | undefined },
): Promise<{ items: StoredHandover[]; next: string | null }> {
  let select = db
    .selectFrom('shift_handovers')
    .selectAll()
    .where('site', '=', site)
    .orderBy('seq', 'desc')
    .limit(limit + 1);
  if (position !== undefined) select = select.where('position', '=', position);
  if (after !== undefined) select = select.where('seq', '<', Number(after));
  const rows = await select.execute();
  const items = rows.slice(0, limit).map(storedOf);
  return { items, next: rows.length > limit ? (items.at(-1)?.id ?? null) : null };
}

/** Keeps the notes of a shift that nobody has signed. False: it is signed. */
export async function saveNotes(db: Db, draft: HandoverDraft): Promise<boolean> {
  const { site, position, shift, fromMs, toMs, notes } = draft;
  const row = await db
    .insertInto('shift_handovers')
    .values({
      site,
      position: position ?? '',
      shift,
      from_ms: fromMs,
      to_ms: toMs,
      notes,
      body: null,
      left_by: null,
      left_ms: null,
      taken_by: null,
      taken_ms: null,
      remark: null,
    })
    .onConflict((oc) =>
      oc.columns(['site', 'position', 'from_ms']).doUpdateSet({ notes }).where('shift_handovers.left_ms', 'is', null),
    )
    .returning('seq')
    .executeTakeFirst();
  return row !== undefined;
}

/** The first signature, which keeps notes and report as they are. False: it is signed already. */
export async function signLeaving(
  db: Db,
  id: string,
  { report, notes, user, nowMs }: { report: ShiftReport; notes: string; user: string; nowMs: number },
): Promise<boolean> {
  const row = await db
    .updateTable('shift_handovers')
    .set({ notes, body: JSON.stringify(report), left_by: user, left_ms: nowMs })
    .where('seq', '=', Number(id))
    .where('left_ms', 'is', null)
    .returning('seq')
    .executeTakeFirst();
  return row !== undefined;
}

/** The second signature. False: the first is missing, or the second is there. */
export async function signTaking(
  db: Db,
  id: string,
  { remark, user, nowMs }: { remark: string | null; user: string; nowMs: number },
): Promise<boolean> {
  const row = await db
    .updateTable('shift_handovers')
    .set({ remark, taken_by: user, taken_ms: nowMs })
    .where('seq', '=', Number(id))
    .where('left_ms', 'is not', null)
    .where('taken_ms', 'is', null)
    .returning('seq')
    .executeTakeFirst();
  return row !== undefined;
}

/** Orders of a site that are open, or were changed in the period, with those changes. Newest first. */
export async function ordersOfPeriod(
  db: Db,
  { site, fromMs, toMs }: { site: string; fromMs: number; toMs: number },
): Promise<{ order: WorkOrder; changes: Pick<WorkOrderEvent, 'atMs' | 'kind' | 'user'>[] }[]> {
  const events = await db
    .selectFrom('work_order_events')
    .innerJoin('work_orders', 'work_orders.id', 'work_order_events.work_order')
    .select(['work_order', 'at_ms', 'kind', 'user_name'])
    .where('work_orders.equipment', 'like', `${site}/%`)
    .where('at_ms', '>=', fromMs)
    .where('at_ms', '<', toMs)
    .orderBy('work_order_events.seq')
    .execute();
  const orders = await db
    .selectFrom('work_orders')
    .select('body')
    .where('equipment', 'like', `${site}/%`)
    .where((eb) =>
      eb.or([
        eb('state', 'not in', ['closed', 'cancelled']),
        eb('id', 'in', [...new Set(events.map((event) => event.work_order)), '']),
      ]),
    )
    .orderBy('number', 'desc')
    .execute();
  return orders.map(({ body }) => {
    const order = JSON.parse(body) as WorkOrder;
    const changes = events
      .filter((event) => event.work_order === order.id)
      .map((event) => ({ atMs: event.at_ms, kind: event.kind as WorkOrderEvent['kind'], user: event.user_name }));
    return { order, changes };
  });
}

function storedOf(row: Selectable<ShiftHandoverTable>): StoredHandover {
  return {
    id: String(row.seq),
    site: row.site,
    position: row.position === '' ? null : row.position,
    shift: row.shift,
    fromMs: row.from_ms,
    toMs: row.to_ms,
    notes: row.notes,
    report: row.body === null ? null : (JSON.parse(row.body) as ShiftReport),
    leftBy: row.left_by,
    leftMs: row.left_ms,
    takenBy: row.taken_by,
    takenMs: row.taken_ms,
    remark: row.remark,
  };
}
