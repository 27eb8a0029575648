import { CompiledQuery } from 'kysely';
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
  const columns = Object.keys(first);
  const overwritten = columns.filter((column) => !key.includes(column));
  for (let from = 0; from < rows.length; from += chunk) {
    const part = rows.slice(from, from + chunk);
    const compile = (): CompiledQuery =>
      db
        .insertInto(table)
        // Kysely cannot see that a row of T fits T when T is open; the signature above holds it.
        .values(part as never)
        .onConflict((oc) =>
          oc
            .columns(key as never)
            .doUpdateSet(((eb: { ref: (name: string) => unknown }) =>
              Object.fromEntries(overwritten.map((column) => [column, eb.ref(`excluded.${column}`)]))) as never),
        )
        .compile();
    const values = part.flatMap((row) => columns.map((column): unknown => row[column as keyof Tables[T]]));
    const name = part.length > mostKnown ? undefined : `${table} ${key} ${columns} ${part.length}`;
    await db.executeQuery(known(db, { name, values }, compile));
  }
}

/** Rows: so many at once are seldom as many again. */
const mostKnown = 32;

/** SQL by what it is called, for each dialect. */
const texts = new WeakMap<object, Map<string, string>>();

/** The same statements are needed again and again, and to build one takes longer than SQLite needs to run it. `name` left out: it is not kept. */
function known(
  db: Db,
  { name, values }: { name: string | undefined; values: readonly unknown[] },
  compile: () => CompiledQuery,
): CompiledQuery {
  if (name === undefined) return compile();
  const { adapter } = db.getExecutor();
  const ofDialect = texts.get(adapter) ?? new Map<string, string>();
  texts.set(adapter, ofDialect);
  const text = ofDialect.get(name);
  // What is undefined stands in the text as a default, not among the values.
  if (text !== undefined && !values.includes(undefined)) return CompiledQuery.raw(text, [...values]);
  const { parameters, ...compiled } = compile();
  const isAllValues = parameters.length === values.length && parameters.every((one, i) => Object.is(one, values[i]));
  if (isAllValues) ofDialect.set(name, compiled.sql);
  return { ...compiled, parameters };
}
