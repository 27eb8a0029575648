import type { TestMode, TestModeQuery } from '@plantroom/contracts';
import { sql } from 'kysely';
import type { Db } from './database.ts';

/** The caller's own id of a request, and what it asked for, to tell one that is sent again. */
export interface TestModeAct {
  act: string;
  request: string;
}

/** So long after its end late data may still be about a test mode. */
const lateMs = 30 * 86_400_000;

/** Those that are open, and those that late data may still be about. */
export async function loadTestModes(db: Db, nowMs: number): Promise<TestMode[]> {
  const rows = await db
    .selectFrom('test_modes')
    .select('body')
    .where((eb) => eb.or([eb('state', 'in', ['requested', 'running']), eb('until_ms', '>=', nowMs - lateMs)]))
    .orderBy('number')
    .execute();
  return rows.map(({ body }) => JSON.parse(body) as TestMode);
}

/** For an id of the next one: `test-12`. */
export async function nextTestModeNumber(db: Db): Promise<number> {
  const row = await db
    .selectFrom('test_modes')
    .select((eb) => eb.fn.max('number').as('last'))
    .executeTakeFirst();
  return Number(row?.last ?? 0) + 1;
}

export async function insertTestMode(
  db: Db,
  mode: TestMode,
  { number, act }: { number: number; act: TestModeAct | null },
): Promise<void> {
  await db
    .insertInto('test_modes')
    .values({
      id: mode.id,
      number,
      state: mode.state,
      until_ms: mode.untilMs,
      body: JSON.stringify(mode),
      user_name: mode.requestedBy,
      act: act?.act ?? null,
      request: act?.request ?? null,
    })
    .execute();
}

export async function updateTestMode(db: Db, mode: TestMode): Promise<void> {
  await db
    .updateTable('test_modes')
    .set({ state: mode.state, until_ms: mode.untilMs, body: JSON.stringify(mode) })
    .where('id', '=', mode.id)
    .execute();
}

/** What the user has asked for under this id; null: nothing. */
export async function findTestModeAct(
  db: Db,
  { user, act }: { user: string; act: string },
): Promise<{ mode: TestMode; request: string } | null> {
  const row = await db
    .selectFrom('test_modes')
    .select(['body', 'request'])
    .where('user_name', '=', user)
    .where('act', '=', act)
    .executeTakeFirst();
  return row === undefined ? null : { mode: JSON.parse(row.body) as TestMode, request: row.request ?? '' };
}

export async function findTestMode(db: Db, id: string): Promise<TestMode | null> {
  const row = await db.selectFrom('test_modes').select('body').where('id', '=', id).executeTakeFirst();
  return row === undefined ? null : (JSON.parse(row.body) as TestMode);
}

/** Newest first. `next` is what to pass as `after` for the following page; null at the end. */
export async function listTestModes(
  db: Db,
  { state, site, limit = 50, after }: TestModeQuery,
): Promise<{ items: TestMode[]; next: string | null }> {
  let select = db
    .selectFrom('test_modes')
    .select(['number', 'body'])
    .orderBy('number', 'desc')
    .limit(limit + 1);
  if (state === 'open') select = select.where('state', 'in', ['requested', 'running']);
  // Each names its site, in the JSON that is written here alone.
  if (site !== undefined) {
    const pattern = `%"site":"${site.replace(/[\\%_]/g, (sign) => `\\${sign}`)}"%`;
    select = select.where(sql<boolean>`body like ${pattern} escape '\\'`);
  }
  if (after !== undefined) select = select.where('number', '<', Number(after));
  const rows = await select.execute();
  return {
    items: rows.slice(0, limit).map(({ body }) => JSON.parse(body) as TestMode),
    next: rows.length > limit ? String(rows[limit - 1]?.number) : null,
  };
}
