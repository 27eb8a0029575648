import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

/** bdSeq: one more with each CONNECT, over restarts too, 255 → 0 (payloads-nbirth-bdseq). */
export class BdSeqStore {
  readonly #file: string;

  constructor(file: string) {
    this.#file = file;
  }

  /** The number for the next connection; written before it is used. A lost or unreadable file begins again at 0. */
  next(): number {
    const last = this.#read();
    const next = last === undefined ? 0 : (last + 1) % 256;
    mkdirSync(dirname(this.#file), { recursive: true });
    writeFileSync(`${this.#file}.new`, `${next}\n`);
    renameSync(`${this.#file}.new`, this.#file);
    return next;
  }

  #read(): number | undefined {
    try {
      const number = Number(readFileSync(this.#file, 'utf8'));
      return Number.isInteger(number) && number >= 0 && number <= 255 ? number : undefined;
    } catch {
      return undefined;
    }
  }
}
