import { appendFileSync, existsSync, mkdirSync, renameSync, statSync } from 'node:fs';
import { dirname } from 'node:path';

const largestBytes = 10 * 1024 * 1024;

/** Appends lines; past 10 MiB the file becomes `<name>.1` and a new one begins, so that logs never fill a disk. */
export class LogFile {
  readonly #path: string;
  #bytes: number;

  constructor(path: string) {
    this.#path = path;
    mkdirSync(dirname(path), { recursive: true });
    this.#bytes = existsSync(path) ? statSync(path).size : 0;
  }

  write(line: string): void {
    if (this.#bytes > largestBytes) {
      renameSync(this.#path, `${this.#path}.1`);
      this.#bytes = 0;
    }
    appendFileSync(this.#path, `${line}\n`);
    this.#bytes += Buffer.byteLength(line) + 1;
  }
}
