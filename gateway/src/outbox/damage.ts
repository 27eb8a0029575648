/** The file does not hold what was written to it. */
export class StoreDamage extends Error {}

/** Result codes of SQLite (sqlite.org/rescode.html) that say so: CORRUPT and NOTADB with all their kinds, and what the disk no longer gives back. */
const damageCodes = new Set([11, 26]);
/** IOERR_READ, IOERR_SHORT_READ, IOERR_DATA, IOERR_CORRUPTFS. Those of writing may be a full disk and must not cost the file. */
const readFailures = new Set([266, 522, 8202, 8458]);

/** Everything else (locked, no permission, disk full) must not cost the file. */
export function isDamage(error: unknown): boolean {
  if (error instanceof StoreDamage) return true;
  const code = (error as { errcode?: unknown } | undefined)?.errcode;
  return typeof code === 'number' && (damageCodes.has(code & 0xff) || readFailures.has(code));
}
