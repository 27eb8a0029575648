import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { errorMessage, PlantroomError } from '@plantroom/contracts';
import { BatchOutbox } from './batch-outbox.ts';
import type { StoreContents } from './batch-store.ts';
import { isDamage, StoreDamage } from './damage.ts';
import { holdFile } from './file-lock.ts';
import { type Outbox, storedLanes } from './outbox.ts';
import type { OutboxOptions } from './outbox-options.ts';
import { PositionMark } from './position-mark.ts';
import { createFile, plan, syncFolder, writeRebuilt } from './rebuild.ts';
import { salvage } from './salvage.ts';
import { migrate, outboxSchemaVersion } from './sqlite-schema.ts';
import { SqliteStore } from './sqlite-store.ts';
import { readWal } from './wal-frames.ts';

/** Whoever copies the file is waited for so long, when it is opened and while it is in use. */
const lockTimeoutMs = 2000;
const busyMs = 100;
/** Damaged files that are kept for whoever wants to look; more would fill the disk. */
const keptAside = 2;

/**
 * Opens or begins the file. One that is damaged, also while it is in use, is moved aside and replaced by a new one with everything that can
 * still be read; what cannot is a hole. Throws OUTBOX_OPEN when it is locked, not allowed, of a newer release, or the disk is full.
 */
export function openSqliteOutbox(file: string, options: OutboxOptions): Outbox {
  const { clock } = options;
  let lock: { release(): void } | undefined;
  try {
    mkdirSync(dirname(file), { recursive: true });
    lock = holdFile(file);
    if (existsSync(freshFile(file))) takePlace(file, clock.nowMs());
    const mend = (why: unknown, known?: StoreContents): SqliteStore => {
      mendFile(file, { why, known, ...options });
      return openStore(file);
    };
    let current: SqliteStore;
    try {
      current = openStore(file);
    } catch (error) {
      if (!isDamage(error)) throw error;
      current = mend(error);
    }
    return new BatchOutbox(current, options, {
      renew: (known, why) => {
        current.close();
        current = mend(why, known);
        return current;
      },
      closed: () => lock?.release(),
    });
  } catch (error) {
    lock?.release();
    throw new PlantroomError('OUTBOX_OPEN', `cannot open "${file}": ${errorMessage(error)}`, { cause: error });
  }
}

const markFile = (file: string): string => `${file}.mark`;

const freshFile = (file: string): string => `${file}.fresh`;

/** Throws StoreDamage, or SQLite's own error of damage. */
function openStore(file: string): SqliteStore {
  const keeper = new PositionMark(markFile(file));
  const mark = keeper.read();
  const isMissing = !existsSync(file);
  if (isMissing && mark === undefined && !existsSync(`${file}-wal`)) {
    const start = { base: 0, floor: 0, position: 0 };
    createFile(file, (store) => {
      for (const lane of storedLanes) store.saveLane(lane, start);
    });
  } else if (isMissing || statSync(file).size === 0) throw new StoreDamage('the file is missing or empty');
  // SQLite takes what lies behind a broken frame away when it opens the log.
  const { damage } = readWal(`${file}-wal`);
  if (damage !== undefined) throw new StoreDamage(damage);
  const db = new DatabaseSync(file, { timeout: lockTimeoutMs });
  try {
    const check = db.prepare('PRAGMA quick_check(1)').get() as Record<string, unknown>;
    const verdict = Object.values(check)[0];
    if (verdict !== 'ok') throw new StoreDamage(String(verdict));
    const { user_version: version } = db.prepare('PRAGMA user_version').get() as { user_version: number };
    if (version > outboxSchemaVersion)
      throw new Error(`it was written by a newer release (schema ${version}, known up to ${outboxSchemaVersion})`);
    if (version === 0) throw new StoreDamage('it has no tables');
    if (version < outboxSchemaVersion) migrate(db);
    db.exec('PRAGMA journal_mode = WAL');
    // Whoever copies the file may hold it for longer; polling does not stand still meanwhile.
    db.exec(`PRAGMA busy_timeout = ${busyMs}`);
    const store = new SqliteStore(db, keeper);
    const { lanes } = store.load();
    for (const lane of storedLanes) {
      const { position } = lanes[lane];
      const marked = mark?.lanes[lane].position ?? 0;
      if (marked > position)
        throw new StoreDamage(`the ${lane} lane ends at ${position}, but readings up to ${marked} had been stored`);
    }
    return store;
  } catch (error) {
    db.close();
    throw error;
  }
}

function mendFile(
  file: string,
  { why, known, uplinks, clock, logger }: OutboxOptions & { why: unknown; known: StoreContents | undefined },
): void {
  const nowMs = clock.nowMs();
  const found = salvage(file, known?.points);
  try {
    const mark = new PositionMark(markFile(file)).read();
    const rebuilt = plan({ found, known, mark, uplinks, nowMs });
    createFile(freshFile(file), (store) => writeRebuilt(store, { found, rebuilt }));
    const movedTo = takePlace(file, nowMs);
    forgetOlder(file);
    logger.error(
      {
        file,
        movedTo,
        reason: errorMessage(why),
        kept: rebuilt.batches.reduce((sum, { first, next }) => sum + next - first, 0),
        missing: rebuilt.missing,
      },
      'the outbox file is damaged: it was moved aside and replaced by a new one with everything that could still be read; what could not is a hole',
    );
  } finally {
    found.close();
  }
}

/** The fresh file, which is whole, in place of the damaged one; done again at the next start when it was interrupted. Answers where that is now. */
function takePlace(file: string, nowMs: number): string {
  const aside = `${file}.damaged-${nowMs}`;
  for (const suffix of ['', '-wal', '-shm']) if (existsSync(file + suffix)) renameSync(file + suffix, aside + suffix);
  renameSync(freshFile(file), file);
  syncFolder(file);
  return aside;
}

function forgetOlder(file: string): void {
  const folder = dirname(file);
  const aside = readdirSync(folder)
    .filter((name) => name.startsWith(`${basename(file)}.damaged-`) && !/-(wal|shm)$/.test(name))
    .sort();
  for (const name of aside.slice(0, -keptAside))
    for (const suffix of ['', '-wal', '-shm']) rmSync(join(folder, name + suffix), { force: true });
}
