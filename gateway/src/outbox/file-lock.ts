import { rmSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { isDamage } from './damage.ts';

/** Another process that is about to end is waited for so long. */
const patienceMs = 2000;

/**
 * One gateway to an outbox: a second on the same file would give the same positions out again. Held as SQLite's lock on an empty file beside it, so that it ends with the
 * process however that ends, and the outbox itself can still be copied while it is in use. Throws when another process has it.
 */
export function holdFile(file: string): { release(): void } {
  const lockFile = `${file}.lock`;
  const take = (): DatabaseSync => {
    const db = new DatabaseSync(lockFile, { timeout: patienceMs });
    try {
      db.exec('BEGIN EXCLUSIVE');
      return db;
    } catch (error) {
      db.close();
      throw error;
    }
  };
  let db: DatabaseSync;
  try {
    db = take();
  } catch (error) {
    if ((error as { errcode?: number }).errcode === 5)
      throw new Error('it is locked: another gateway runs on the same file', { cause: error });
    if (!isDamage(error)) throw error;
    // It holds nothing that could be lost.
    rmSync(lockFile, { force: true });
    db = take();
  }
  return { release: () => db.close() };
}
