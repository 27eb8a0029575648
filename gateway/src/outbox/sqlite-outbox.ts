import { existsSync, mkdirSync, renameSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { errorMessage, PlantroomError } from '@plantroom/contracts';
import { BatchOutbox } from './batch-outbox.ts';
import type { Outbox } from './outbox.ts';
import type { OutboxOptions } from './outbox-options.ts';
import { outboxSchemaVersion, SqliteStore } from './sqlite-store.ts';

/**
 * Opens or begins the file. One that is damaged is moved aside, reported, and a new one begun: its positions start at the present
 * time in microseconds, which is above every position that the old file can have given out (no gateway averages a million readings a
 * second since 1970), so that neither host nor cursor can mistake a new reading for an old one.
 */
export function openSqliteOutbox(file: string, options: OutboxOptions): Outbox {
  mkdirSync(dirname(file), { recursive: true });
  try {
    return openExisting(file, { ...options, firstPosition: 0 });
  } catch (error) {
    if (!isDamage(error))
      throw new PlantroomError('OUTBOX_OPEN', `cannot open "${file}": ${errorMessage(error)}`, { cause: error });
    const nowMs = options.clock.nowMs();
    const aside = `${file}.damaged-${nowMs}`;
    for (const suffix of ['', '-wal', '-shm']) if (existsSync(file + suffix)) renameSync(file + suffix, aside + suffix);
    options.logger.error(
      { file, movedTo: aside, reason: errorMessage(error) },
      'the outbox file is damaged: it was moved aside and a new one begun; what it held unsent is missing from the uplinks',
    );
    return openExisting(file, { ...options, firstPosition: nowMs * 1000 });
  }
}

function openExisting(file: string, options: OutboxOptions & { firstPosition: number }): Outbox {
  const db = new DatabaseSync(file, { timeout: 2000 });
  try {
    const check = db.prepare('PRAGMA quick_check(1)').get() as Record<string, unknown>;
    const verdict = Object.values(check)[0];
    if (verdict !== 'ok') throw new DamageError(String(verdict));
    const { user_version: version } = db.prepare('PRAGMA user_version').get() as { user_version: number };
    if (version > outboxSchemaVersion)
      throw new Error(`it was written by a newer release (schema ${version}, known up to ${outboxSchemaVersion})`);
    const store = new SqliteStore(db);
    store.prepare(options.firstPosition);
    return new BatchOutbox(store, options);
  } catch (error) {
    db.close();
    throw error;
  }
}

class DamageError extends Error {}

/** SQLITE_CORRUPT 11, SQLITE_NOTADB 26. Everything else (locked, no permission, disk full) must not cost the file. */
function isDamage(error: unknown): boolean {
  if (error instanceof DamageError) return true;
  const code = (error as { errcode?: unknown } | undefined)?.errcode;
  return typeof code === 'number' && [11, 26].includes(code & 0xff);
}
