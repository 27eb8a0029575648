import type { Db } from './database.ts';

/** Removes what was done before then, with its notices, calls and links. */
export async function pruneNotifications(db: Db, beforeMs: number): Promise<void> {
  const old = db
    .selectFrom('notification_deliveries')
    .select('id')
    .where('created_ms', '<', beforeMs)
    .where('state', 'in', ['sent', 'dead']);
  await db.deleteFrom('notification_notices').where('delivery', 'in', old).execute();
  await db
    .deleteFrom('notification_deliveries')
    .where('created_ms', '<', beforeMs)
    .where('state', 'in', ['sent', 'dead'])
    .execute();
  await db.deleteFrom('notification_calls').where('ended_ms', '<', beforeMs).execute();
  await db.deleteFrom('notification_links').where('expires_ms', '<', beforeMs).execute();
}

/** The newest time at which something that is not done yet began; 0: there is nothing. */
export async function newestTime(db: Db): Promise<number> {
  const call = await db
    .selectFrom('notification_calls')
    .select((eb) => eb.fn.max('opened_ms').as('at'))
    .where('ended_ms', 'is', null)
    .executeTakeFirst();
  const delivery = await db
    .selectFrom('notification_deliveries')
    .select((eb) => eb.fn.max('tried_ms').as('at'))
    .where('state', 'in', ['sending', 'retrying'])
    .executeTakeFirst();
  return Math.max(Number(call?.at ?? 0), Number(delivery?.at ?? 0));
}

/** Makes what waits wait for times that are so much earlier; the end of quiet hours is one of the clock on the wall and stays. */
export async function setBack(db: Db, byMs: number): Promise<void> {
  await db
    .updateTable('notification_calls')
    .set((eb) => ({ opened_ms: eb('opened_ms', '-', byMs), next_ms: eb('next_ms', '-', byMs) }))
    .where('ended_ms', 'is', null)
    .execute();
  await db
    .updateTable('notification_deliveries')
    .set((eb) => ({ next_ms: eb('next_ms', '-', byMs) }))
    .where('state', 'in', ['sending', 'retrying'])
    .execute();
  await db
    .updateTable('notification_notices')
    .set((eb) => ({ due_ms: eb('due_ms', '-', byMs) }))
    .where('delivery', 'is', null)
    .where('body', 'like', '%"held":false%')
    .execute();
}
