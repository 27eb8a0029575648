import type { Db } from './database.ts';
import type { Tables } from './tables.ts';

/** Rows of one insert; SQLite takes 32 766 parameters, PostgreSQL 65 535. */
const chunk = 500;

/** Inserts or, where the key is taken, overwrites. Both engines know `on conflict`. */
export async function upsert<T extends keyof Tables & string>(
  db: Db,
  table: T,
  { key, rows }: { key: readonly string[]; rows: readonly Tables[T][] },
): Promise<void> {
  const [first] = rows;
  if (first === undefined) return;
  const columns = Object.keys(first).filter((column) => !key.includes(column));
  for (let from = 0; from < rows.length; from += chunk) {
    await db
      .insertInto(table)
      // Kysely cannot see that a row of T fits T when T is open; the signature above holds it.
      .values(rows.slice(from, from + chunk) as never)
      .onConflict((oc) =>
        oc
          .columns(key as never)
          .doUpdateSet(((eb: { ref: (name: string) => unknown }) =>
            Object.fromEntries(columns.map((column) => [column, eb.ref(`excluded.${column}`)]))) as never),
      )
      .execute();
  }
}
