import type { AlarmActResult } from '@plantroom/contracts';
import type { Db } from './database.ts';

/** How an act was answered: the alarms that it was done to, and those that refused it. */
export interface ActAnswer {
  done: string[];
  refused: AlarmActResult['refused'];
}

export interface StoredAct {
  /** What was asked for, as text. */
  request: string;
  answer: ActAnswer;
}

const keptMs = 24 * 3_600_000;

/** Null: the user has not used this id within a day. */
export async function findAct(db: Db, key: { user: string; act: string; nowMs: number }): Promise<StoredAct | null> {
  const row = await db
    .selectFrom('alarm_acts')
    .select(['request', 'answer'])
    .where('user_name', '=', key.user)
    .where('act', '=', key.act)
    .where('at_ms', '>=', key.nowMs - keptMs)
    .executeTakeFirst();
  return row === undefined ? null : { request: row.request, answer: JSON.parse(row.answer) as ActAnswer };
}

/** Forgets, on the way, what nobody will send again. */
export async function saveAct(
  db: Db,
  { user, act, nowMs }: { user: string; act: string; nowMs: number },
  { request, answer }: StoredAct,
): Promise<void> {
  await db
    .deleteFrom('alarm_acts')
    .where('at_ms', '<', nowMs - keptMs)
    .execute();
  await db
    .insertInto('alarm_acts')
    .values({ user_name: user, act, request, answer: JSON.stringify(answer), at_ms: nowMs })
    .execute();
}
