import { closeSync, existsSync, fstatSync, openSync, readSync } from 'node:fs';
import { pageBytes } from './sqlite-schema.ts';
import { readWal } from './wal-frames.ts';

/**
 * The pages of a database as they stood last, taken from the log where it has them, without SQLite, which gives up a table at the first broken
 * page. A page that the disk does not give back is left out.
 */
export class PageImages {
  readonly #main: number | undefined;
  readonly #wal: number | undefined;
  readonly #inWal = new Map<number, number>();
  /** Pages of the file. */
  readonly count: number;

  /** `everything`: also what the log holds of transactions that were not stored whole, over what was. */
  constructor(file: string, { everything }: { everything: boolean }) {
    const wal = `${file}-wal`;
    this.#main = existsSync(file) ? openSync(file, 'r') : undefined;
    this.#wal = existsSync(wal) ? openSync(wal, 'r') : undefined;
    for (const { page, offset, isStored } of readWal(wal).frames)
      if (isStored || everything) this.#inWal.set(page, offset);
    const inMain = this.#main === undefined ? 0 : Math.ceil(fstatSync(this.#main).size / pageBytes);
    // Page numbers in the log may be damaged too: none lies further out than all its frames together.
    const most = inMain + this.#inWal.size;
    this.count = [...this.#inWal.keys()].reduce((max, page) => (page > max && page <= most ? page : max), inMain);
  }

  /** By number, from 1. */
  page(number: number): Buffer | undefined {
    const offset = this.#inWal.get(number);
    if (offset !== undefined && this.#wal !== undefined) return readPage(this.#wal, offset);
    return this.#main === undefined ? undefined : readPage(this.#main, (number - 1) * pageBytes);
  }

  close(): void {
    for (const handle of [this.#main, this.#wal]) if (handle !== undefined) closeSync(handle);
  }
}

function readPage(handle: number, at: number): Buffer | undefined {
  const bytes = Buffer.alloc(pageBytes);
  try {
    return readSync(handle, bytes, 0, pageBytes, at) === 0 ? undefined : bytes;
  } catch {
    return undefined;
  }
}
