import type { Clock } from '@plantroom/contracts';

export interface ConfigWatchOptions {
  /** What the files are like now, see `configFiles`. */
  look(): string;
  changed(): void;
  clock: Clock;
}

/** Looked at, not listened to: editors replace files, and shares and mounted settings send no events. */
const lookMs = 2000;

/** Says that files have changed, once they have looked the same twice: half a file is no configuration. */
export class ConfigWatch {
  readonly #o: ConfigWatchOptions;
  /** As they were when `changed` was called last. */
  #told = '';
  #last = '';
  #cancel: (() => void) | undefined;

  constructor(options: ConfigWatchOptions) {
    this.#o = options;
  }

  start(): void {
    this.#told = this.#o.look();
    this.#last = this.#told;
    this.#schedule();
  }

  stop(): void {
    this.#cancel?.();
    this.#cancel = undefined;
  }

  #schedule(): void {
    this.#cancel = this.#o.clock.after(lookMs, () => {
      this.#look();
      this.#schedule();
    });
  }

  #look(): void {
    const now = this.#o.look();
    const isCalm = now === this.#last;
    this.#last = now;
    if (!isCalm || now === this.#told) return;
    this.#told = now;
    this.#o.changed();
  }
}
