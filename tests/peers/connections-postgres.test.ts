import { eventually } from '@plantroom/contracts/testing';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Database, openDatabase } from '../../server/src/repositories/database.ts';
import { peer } from '../helpers/peers.ts';
import { type RunningPostgres, runPostgres } from '../helpers/run-postgres.ts';

const { available, hint } = peer('postgres');

describe.skipIf(!available)(`connections to PostgreSQL ${available ? '' : hint}`, () => {
  let postgres: RunningPostgres;
  const open: Database[] = [];
  const opened = async (url: string): Promise<Database> => {
    const database = await openDatabase(url);
    open.push(database);
    return database;
  };
  beforeAll(async () => {
    postgres = await runPostgres();
  });
  afterAll(async () => {
    for (const database of open) await database.close();
    await postgres?.stop();
  });

  // An idle connection that is ended tells its pool by an event; one that nobody hears would end the process, and vitest with it.
  test('that the database ends while nobody uses them are replaced, and the process goes on', async () => {
    const database = await opened(await postgres.emptyDatabase());
    await database.ping();
    expect(postgres.endConnections()).toBeGreaterThan(0);
    await eventually(() => expect(postgres.endConnections()).toBe(0), { what: 'the connections have ended' });
    await eventually(() => database.ping(), { what: 'a new connection' });
  });

  test('that end in the middle of a transaction fail it, and nothing else', async () => {
    const database = await opened(await postgres.emptyDatabase());
    const held = database.db.transaction().execute(async (db) => {
      await db.selectFrom('sites').select('id').execute();
      await postgres.crash();
      await db.selectFrom('sites').select('id').execute();
    });
    await expect(held).rejects.toThrow();
    await postgres.startAgain();
    await eventually(() => database.ping(), { what: 'a new connection' });
  });

  test('of a database that crashes and comes again work again', async () => {
    const database = await opened(await postgres.emptyDatabase());
    await postgres.crash();
    await expect(database.ping()).rejects.toThrow();
    await postgres.startAgain();
    await eventually(() => database.ping(), { what: 'a new connection' });
  });
});
