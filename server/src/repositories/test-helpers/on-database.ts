import { type Database, openDatabase } from '../database.ts';

/** Runs on the database whose address `url` gives, and closes it whatever comes of it. */
export async function onDatabase(
  url: () => Promise<string>,
  run: (database: Database, address: string) => Promise<void>,
): Promise<void> {
  const address = await url();
  const database = await openDatabase(address);
  try {
    await run(database, address);
  } finally {
    await database.close();
  }
}
