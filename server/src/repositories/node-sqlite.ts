import { DatabaseSync, type SQLInputValue } from 'node:sqlite';
import type { SqliteDatabase } from 'kysely';

const toInput = (value: unknown): SQLInputValue => {
  if (value === undefined) return null;
  if (typeof value === 'boolean') return value ? 1 : 0;
  return value as SQLInputValue;
};

/** Joins Kysely's SQLite driver to node:sqlite. Prepared statements are kept: preparing costs more than running most of ours. */
export function openNodeSqlite(file: string): SqliteDatabase {
  const database = new DatabaseSync(file);
  // WAL with FULL: what a transaction committed is on disk when it resolves, also after a power cut.
  database.exec(
    'pragma journal_mode = wal; pragma synchronous = full; pragma foreign_keys = on; pragma busy_timeout = 5000',
  );
  const statements = new Map<string, ReturnType<SqliteDatabase['prepare']>>();
  return {
    close: () => database.close(),
    prepare(sql) {
      const held = statements.get(sql);
      if (held !== undefined) return held;
      const statement = database.prepare(sql);
      const adapted = {
        reader: statement.columns().length > 0,
        all: (parameters: readonly unknown[]) => statement.all(...parameters.map(toInput)),
        run: (parameters: readonly unknown[]) => statement.run(...parameters.map(toInput)),
        iterate: (parameters: readonly unknown[]) => statement.iterate(...parameters.map(toInput)),
      };
      if (statements.size >= maxStatements) statements.clear();
      statements.set(sql, adapted);
      return adapted;
    },
  };
}

const maxStatements = 500;
