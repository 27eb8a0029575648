import { crc32 } from 'node:zlib';

/**
 * Stands in each row beside its columns: SQLite has no check sums of its own, and a position, a cursor or a point id with one bit turned
 * would become readings that are skipped or that bear another's name.
 */
export function rowCheck(...columns: readonly (string | number | null)[]): number {
  return crc32(JSON.stringify(columns));
}
