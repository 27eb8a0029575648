import { describe, expect, test } from 'vitest';
import { type Database, openDatabase } from './database.ts';
import type { Tables } from './tables.ts';
import { upsert } from './upsert.ts';

type Limit = Tables['point_limits'];

/** What every database engine must do alike. `url` gives the address of an empty database each time it is called. */
export function describeUpserts(engine: string, url: () => Promise<string>): void {
  const limit = (point: string, body: string): Limit => ({ point, kind: 'high', body, set_by: 'li', set_ms: 1 });
  const key = ['point', 'kind'];
  const withDatabase = async (run: (database: Database) => Promise<void>): Promise<void> => {
    const database = await openDatabase(await url());
    try {
      await run(database);
    } finally {
      await database.close();
    }
  };
  const bodies = async ({ db }: Database): Promise<Record<string, string>> => {
    const rows = await db.selectFrom('point_limits').select(['point', 'body']).orderBy('point').execute();
    return Object.fromEntries(rows.map(({ point, body }) => [point, body]));
  };

  describe(`inserting or overwriting on ${engine}`, () => {
    test('the same statement again writes the rows of its own call', () =>
      withDatabase(async (database) => {
        const write = (rows: Limit[]) => upsert(database.db, 'point_limits', { key, rows });
        await write([limit('a', '1'), limit('b', '1')]);
        await write([limit('b', '2'), limit('c', '2')]);
        await write([limit('c', '3')]);
        await write([limit('d', '4')]);
        expect(await bodies(database)).toEqual({ a: '1', b: '2', c: '3', d: '4' });
      }));

    test('columns go by their name, in whatever order a row has them', () =>
      withDatabase(async (database) => {
        const { point, body, ...rest } = limit('b', '2');
        await upsert(database.db, 'point_limits', { key, rows: [limit('a', '1'), { ...rest, body, point }] });
        await upsert(database.db, 'point_limits', { key, rows: [{ ...rest, body: '3', point: 'c' }] });
        await upsert(database.db, 'point_limits', { key, rows: [limit('d', '4')] });
        expect(await bodies(database)).toEqual({ a: '1', b: '2', c: '3', d: '4' });
      }));

    test('in a transaction that is taken back nothing is written, and what follows is', () =>
      withDatabase(async (database) => {
        const write = (db: Database['db'], row: Limit) => upsert(db, 'point_limits', { key, rows: [row] });
        await write(database.db, limit('a', '1'));
        const failing = database.db.transaction().execute(async (db) => {
          await write(db, limit('a', '2'));
          throw new Error('no');
        });
        await expect(failing).rejects.toThrow('no');
        expect(await bodies(database)).toEqual({ a: '1' });
        await database.db.transaction().execute((db) => write(db, limit('a', '3')));
        expect(await bodies(database)).toEqual({ a: '3' });
      }));

    test('what is left undefined becomes what the table has for it, also when the same columns were written before', () =>
      withDatabase(async (database) => {
        const rows = (held: string | null | undefined) => [
          {
            id: 'a',
            state: 'normal',
            body: '{}',
            rule: '{}',
            late: null,
            signal: null,
            held,
            revision: 1,
          } as Tables['alarms'],
        ];
        const held = async () => (await database.db.selectFrom('alarms').select('held').execute())[0]?.held;
        for (const [value, stored] of [
          ['{}', '{}'],
          [undefined, null],
          ['{}', '{}'],
        ] as const) {
          await upsert(database.db, 'alarms', { key: ['id'], rows: rows(value) });
          expect(await held()).toBe(stored);
        }
      }));

    test('more rows than are kept by their number', () =>
      withDatabase(async (database) => {
        const rows = (body: string) => Array.from({ length: 1100 }, (_, i) => limit(`p${i}`, body));
        await upsert(database.db, 'point_limits', { key, rows: rows('1') });
        await upsert(database.db, 'point_limits', { key, rows: rows('2') });
        expect(new Set(Object.values(await bodies(database)))).toEqual(new Set(['2']));
      }));
  });
}
