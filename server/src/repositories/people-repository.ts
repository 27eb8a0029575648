import { createHash, randomBytes } from 'node:crypto';
import type { ApiToken, Role, Session, User } from '@plantroom/contracts';
import type { Db } from './database.ts';

/** A week: a control room stays signed in over its shifts. */
const sessionMs = 7 * 24 * 3_600_000;
const lastUsedStepMs = 60_000;
/** No name of a person begins so. */
export const tokenPrefix = 'token:';

const hashOf = (secret: string): string => createHash('sha256').update(secret).digest('hex');
const userOf = (row: { username: string; role: string; disabled: number; created_ms: number }): User => ({
  username: row.username,
  role: row.role as Role,
  disabled: row.disabled === 1,
  createdMs: row.created_ms,
});

export async function listUsers(db: Db): Promise<User[]> {
  return (await db.selectFrom('users').selectAll().orderBy('username').execute()).map(userOf);
}

export async function findUser(db: Db, username: string): Promise<(User & { passwordHash: string }) | null> {
  const row = await db.selectFrom('users').selectAll().where('username', '=', username).executeTakeFirst();
  return row === undefined ? null : { ...userOf(row), passwordHash: row.password };
}

/** Answers false when the name is taken. */
export async function addUser(db: Db, user: User & { passwordHash: string }): Promise<boolean> {
  const result = await db
    .insertInto('users')
    .values({
      username: user.username,
      role: user.role,
      password: user.passwordHash,
      disabled: user.disabled ? 1 : 0,
      created_ms: user.createdMs,
    })
    .onConflict((oc) => oc.column('username').doNothing())
    .returning('username')
    .executeTakeFirst();
  return result !== undefined;
}

export async function changeUser(
  db: Db,
  username: string,
  change: { role?: Role | undefined; disabled?: boolean | undefined; passwordHash?: string | undefined },
): Promise<User | null> {
  const set = {
    ...(change.role === undefined ? {} : { role: change.role }),
    ...(change.disabled === undefined ? {} : { disabled: change.disabled ? (1 as const) : (0 as const) }),
    ...(change.passwordHash === undefined ? {} : { password: change.passwordHash }),
  };
  if (Object.keys(set).length > 0) await db.updateTable('users').set(set).where('username', '=', username).execute();
  if (change.disabled === true || change.passwordHash !== undefined) {
    await db.deleteFrom('sessions').where('username', '=', username).execute();
  }
  return findUser(db, username).then((user) => (user === null ? null : withoutHash(user)));
}

function withoutHash({ passwordHash: _, ...user }: User & { passwordHash: string }): User {
  return user;
}

/** Answers the secret for the cookie. */
export async function openSession(
  db: Db,
  username: string,
  nowMs: number,
): Promise<{ secret: string; maxAgeMs: number }> {
  const secret = randomBytes(32).toString('base64url');
  await db.deleteFrom('sessions').where('expires_ms', '<=', nowMs).execute();
  await db
    .insertInto('sessions')
    .values({ id: hashOf(secret), username, expires_ms: nowMs + sessionMs })
    .execute();
  return { secret, maxAgeMs: sessionMs };
}

export async function findSession(db: Db, secret: string, nowMs: number): Promise<Session | null> {
  const row = await db
    .selectFrom('sessions')
    .innerJoin('users', 'users.username', 'sessions.username')
    .select(['users.username', 'users.role'])
    .where('sessions.id', '=', hashOf(secret))
    .where('sessions.expires_ms', '>', nowMs)
    .where('users.disabled', '=', 0)
    .executeTakeFirst();
  return row === undefined ? null : { username: row.username, role: row.role as Role };
}

export async function closeSession(db: Db, secret: string): Promise<void> {
  await db.deleteFrom('sessions').where('id', '=', hashOf(secret)).execute();
}

export async function listTokens(db: Db): Promise<ApiToken[]> {
  const rows = await db.selectFrom('api_tokens').selectAll().orderBy('created_ms').execute();
  return rows.map((row) => ({
    id: row.id,
    name: row.name,
    role: row.role as Role,
    createdBy: row.created_by,
    createdMs: row.created_ms,
    lastUsedMs: row.last_used_ms,
  }));
}

export async function addToken(
  db: Db,
  { name, role, user, nowMs }: { name: string; role: Role; user: string; nowMs: number },
): Promise<ApiToken & { token: string }> {
  const token = `plantroom_${randomBytes(32).toString('base64url')}`;
  const id = randomBytes(8).toString('hex');
  await db
    .insertInto('api_tokens')
    .values({ id, name, hash: hashOf(token), role, created_by: user, created_ms: nowMs, last_used_ms: null })
    .execute();
  return { id, name, role, createdBy: user, createdMs: nowMs, lastUsedMs: null, token };
}

export async function removeToken(db: Db, id: string): Promise<boolean> {
  const row = await db.deleteFrom('api_tokens').where('id', '=', id).returning('id').executeTakeFirst();
  return row !== undefined;
}

export async function findToken(db: Db, token: string, nowMs: number): Promise<Session | null> {
  const row = await db
    .selectFrom('api_tokens')
    .select(['id', 'name', 'role', 'last_used_ms'])
    .where('hash', '=', hashOf(token))
    .executeTakeFirst();
  if (row === undefined) return null;
  // Machines ask often; the minute is enough to see whether a token is in use.
  if (nowMs - (row.last_used_ms ?? 0) >= lastUsedStepMs) {
    await db.updateTable('api_tokens').set({ last_used_ms: nowMs }).where('id', '=', row.id).execute();
  }
  return { username: `${tokenPrefix}${row.name}`, role: row.role as Role };
}
