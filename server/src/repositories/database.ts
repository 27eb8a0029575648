import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { PlantroomError } from '@plantroom/contracts';
import { Kysely, PostgresDialect, type SqlBool, SqliteDialect, sql } from 'kysely';
import { Migrator } from 'kysely/migration';
import pg from 'pg';
import { migrationsFor } from './migrations/index.ts';
import { openNodeSqlite } from './node-sqlite.ts';
import type { Tables } from './tables.ts';

export type Db = Kysely<Tables>;
export type DatabaseEngine = 'sqlite' | 'postgres';

export interface Database {
  readonly db: Db;
  readonly engine: DatabaseEngine;
  /** Resolves when the database answers. */
  ping(): Promise<void>;
  close(): Promise<void>;
}

// int8 comes as text by default; our times and counters stay far below 2^53.
const int8 = 20;
/** A database that does not answer at all is one that is away. */
const connectTimeoutMs = 10_000;

/** Opens and migrates. `url`: `postgres://…`, or a SQLite file path (`:memory:` for one that is not kept). */
export async function openDatabase(url: string): Promise<Database> {
  const postgres = /^postgres(ql)?:\/\//.test(url);
  const engine: DatabaseEngine = postgres ? 'postgres' : 'sqlite';
  const db = new Kysely<Tables>({ dialect: postgres ? postgresDialect(url) : sqliteDialect(url) });
  try {
    const migrator = new Migrator({ db, provider: { getMigrations: () => Promise.resolve(migrationsFor(engine)) } });
    const { error } = await migrator.migrateToLatest();
    if (error !== undefined) throw error;
  } catch (cause) {
    await db.destroy();
    throw new PlantroomError('DATABASE_OPEN', `cannot open or migrate the ${engine} database: ${String(cause)}`, {
      cause,
      retryable: postgres,
    });
  }
  return {
    db,
    engine,
    ping: async () => {
      await sql<SqlBool>`select 1`.execute(db);
    },
    close: () => db.destroy(),
  };
}

function sqliteDialect(file: string): SqliteDialect {
  if (file !== ':memory:') mkdirSync(path.dirname(file), { recursive: true });
  return new SqliteDialect({ database: () => Promise.resolve(openNodeSqlite(file)) });
}

function postgresDialect(url: string): PostgresDialect {
  const types = {
    getTypeParser: (id: number, format?: 'text' | 'binary') =>
      id === int8 ? (text: string) => Number(text) : pg.types.getTypeParser(id, format as 'text'),
  } as typeof pg.types;
  const pool = new pg.Pool({
    connectionString: url,
    max: 10,
    types,
    keepAlive: true,
    connectionTimeoutMillis: connectTimeoutMs,
  });
  // A connection that ends, idle or in use, says so by an event too; heard by nobody it would end the process. Whoever asks next is told.
  const heard = (): void => undefined;
  pool.on('error', heard).on('connect', (client) => client.on('error', heard));
  return new PostgresDialect({ pool });
}
