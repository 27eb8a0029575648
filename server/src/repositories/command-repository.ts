import { type Command, type CommandQuery, openCommandStates } from '@plantroom/contracts';
import type { Db } from './database.ts';

const commandOf = ({ body }: { body: string }): Command => JSON.parse(body) as Command;

/** `key`: the requester's own; one command a user and key. Rejects when there is one already, or one under way for the point. */
export async function insertCommand(db: Db, command: Command, key: string | null): Promise<void> {
  await db
    .insertInto('commands')
    .values({
      id: command.id,
      point: command.point,
      equipment: command.point.slice(0, command.point.lastIndexOf('/')),
      state: command.state,
      user_name: command.user,
      request_key: key,
      requested_ms: command.requestedMs,
      body: JSON.stringify(command),
    })
    .execute();
}

export async function updateCommand(db: Db, command: Command): Promise<void> {
  await db
    .updateTable('commands')
    .set({ state: command.state, body: JSON.stringify(command) })
    .where('id', '=', command.id)
    .execute();
}

export async function findCommand(db: Db, id: string): Promise<Command | null> {
  const row = await db.selectFrom('commands').select('body').where('id', '=', id).executeTakeFirst();
  return row === undefined ? null : commandOf(row);
}

export async function findCommandByKey(db: Db, user: string, key: string): Promise<Command | null> {
  const row = await db
    .selectFrom('commands')
    .select('body')
    .where('user_name', '=', user)
    .where('request_key', '=', key)
    .executeTakeFirst();
  return row === undefined ? null : commandOf(row);
}

/** Commands whose end is not known; of one point, left out: of all. */
export async function openCommands(db: Db, point?: string): Promise<Command[]> {
  let select = db
    .selectFrom('commands')
    .select('body')
    .where('state', 'in', [...openCommandStates])
    .orderBy('seq');
  if (point !== undefined) select = select.where('point', '=', point);
  return (await select.execute()).map(commandOf);
}

/** Newest first. */
export async function listCommands(db: Db, query: CommandQuery): Promise<{ items: Command[]; next: string | null }> {
  const limit = query.limit ?? 50;
  let select = db
    .selectFrom('commands')
    .select(['seq', 'body'])
    .orderBy('seq', 'desc')
    .limit(limit + 1);
  if (query.point !== undefined) select = select.where('point', '=', query.point);
  if (query.equipment !== undefined) select = select.where('equipment', '=', query.equipment);
  if (query.after !== undefined) select = select.where('seq', '<', Number(query.after));
  const rows = await select.execute();
  const shown = rows.slice(0, limit);
  return { items: shown.map(commandOf), next: rows.length > limit ? String(shown.at(-1)?.seq) : null };
}
