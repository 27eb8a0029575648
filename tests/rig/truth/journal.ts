import { createWriteStream, mkdirSync, type WriteStream } from 'node:fs';
import { join } from 'node:path';

/** What was served, stored and done, one JSON object or line each, for whoever wants to look behind the table. */
export class Journal {
  readonly #folder: string;
  readonly #files = new Map<string, WriteStream>();

  constructor(folder: string) {
    mkdirSync(folder, { recursive: true });
    this.#folder = folder;
  }

  note(name: 'served' | 'stored' | 'faults' | 'wrong', what: unknown): void {
    let file = this.#files.get(name);
    if (file === undefined) {
      const ending = name === 'stored' ? 'txt' : 'jsonl';
      file = createWriteStream(join(this.#folder, `${name}.${ending}`));
      this.#files.set(name, file);
    }
    file.write(`${typeof what === 'string' ? what : JSON.stringify(what)}\n`);
  }

  async close(): Promise<void> {
    await Promise.all([...this.#files.values()].map((file) => new Promise<void>((resolve) => file.end(resolve))));
  }
}
