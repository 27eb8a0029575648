import type { OutboxHole } from '@plantroom/contracts';
import type { Db } from './database.ts';

/** Of a gateway; the oldest go. A gateway itself tells at most some hundred at a time. */
const maxHolesOfGateway = 5000;

export type GatewayHole = OutboxHole & { gateway: string };

/** In the order in which they were recorded. */
export async function loadHoles(db: Db): Promise<GatewayHole[]> {
  const rows = await db.selectFrom('outbox_holes').selectAll().orderBy('recorded_ms').orderBy('first').execute();
  return rows.map((row) => ({
    gateway: row.gateway,
    lane: row.lane as OutboxHole['lane'],
    reason: row.reason as OutboxHole['reason'],
    first: row.first,
    next: row.next,
    fromMs: row.from_ms,
    toMs: row.to_ms,
    count: row.count,
    uplinks: JSON.parse(row.uplinks) as string[],
    recordedMs: row.recorded_ms,
  }));
}

/** Each in place of those that have grown into it. */
export async function saveHoles(db: Db, gateway: string, holes: readonly OutboxHole[]): Promise<void> {
  if (holes.length === 0) return;
  await db.transaction().execute(async (transaction) => {
    for (const hole of holes) {
      await transaction
        .deleteFrom('outbox_holes')
        .where('gateway', '=', gateway)
        .where('lane', '=', hole.lane)
        .where('reason', '=', hole.reason)
        .where('first', '>=', hole.first)
        .where('next', '<=', hole.next)
        .execute();
      await transaction
        .insertInto('outbox_holes')
        .values({
          gateway,
          lane: hole.lane,
          reason: hole.reason,
          first: hole.first,
          next: hole.next,
          from_ms: hole.fromMs,
          to_ms: hole.toMs,
          count: hole.count,
          uplinks: JSON.stringify(hole.uplinks),
          recorded_ms: hole.recordedMs,
        })
        .execute();
    }
    const tooOld = await transaction
      .selectFrom('outbox_holes')
      .select('recorded_ms')
      .where('gateway', '=', gateway)
      .orderBy('recorded_ms', 'desc')
      .offset(maxHolesOfGateway)
      .limit(1)
      .executeTakeFirst();
    if (tooOld !== undefined)
      await transaction
        .deleteFrom('outbox_holes')
        .where('gateway', '=', gateway)
        .where('recorded_ms', '<=', tooOld.recorded_ms)
        .execute();
  });
}
