import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { type Clock, errorMessage, type Logger } from '@plantroom/contracts';

/**
 * bdSeq: one more with each CONNECT, over restarts too, 255 → 0 (payloads-nbirth-bdseq). A file that cannot be read, or a disk that takes
 * nothing, is told once and is no reason to stay away from the broker: sending is what makes room again.
 */
export class BdSeqStore {
  readonly #file: string;
  readonly #clock: Clock;
  readonly #logger: Logger;
  #last: number | undefined;
  #failing = false;

  constructor(file: string, { clock, logger }: { clock: Clock; logger: Logger }) {
    this.#file = file;
    this.#clock = clock;
    this.#logger = logger;
  }

  /** The number for the next connection; written before it is used. */
  next(): number {
    const last = this.#last ?? this.#read();
    const next = last === undefined ? 0 : (last + 1) % 256;
    this.#last = next;
    this.#write(next);
    return next;
  }

  /** Undefined: there was none. For one that is damaged a number by the time, since the host may hold the death of any low one. */
  #read(): number | undefined {
    if (!existsSync(this.#file)) return undefined;
    try {
      const text = readFileSync(this.#file, 'utf8');
      const number = Number(text);
      if (/^\d+\n?$/.test(text) && number <= 255) return number;
      this.#logger.error(
        { file: this.#file, text: text.slice(0, 20) },
        'bdSeq is no number from 0 to 255; counting begins anew',
      );
    } catch (error) {
      this.#logger.error(
        { file: this.#file, error: errorMessage(error) },
        'bdSeq cannot be read; counting begins anew',
      );
    }
    return Math.floor(this.#clock.nowMs() / 1000) % 256;
  }

  #write(number: number): void {
    try {
      mkdirSync(dirname(this.#file), { recursive: true });
      writeFileSync(`${this.#file}.new`, `${number}\n`, { flush: true });
      renameSync(`${this.#file}.new`, this.#file);
      this.#failing = false;
    } catch (error) {
      if (!this.#failing)
        this.#logger.error(
          { file: this.#file, error: errorMessage(error) },
          'bdSeq cannot be stored; it goes on in memory',
        );
      this.#failing = true;
    }
  }
}
