import type { Clock, CommandValue, Reading } from '@plantroom/contracts';

/** Hears the live values of the point with this id; the answer ends it. */
export type OnLive = (point: string, call: (reading: Reading) => void) => () => void;

export interface ReadBackOptions {
  /** Id. */
  point: string;
  agrees(readBack: CommandValue): boolean;
  onLive: OnLive;
  clock: Clock;
  /** MQTT devices may tell their new state before the broker has confirmed the write; a poll that was under way may not count. */
  countsBeforeWritten: boolean;
}

export interface ReadBackResult {
  agreed: boolean;
  /** The last good value heard; null: none. */
  value: CommandValue | null;
  /** Why the wait was cut short; undefined: it was not. */
  ended: string | undefined;
}

/** What a point says after a write. */
export class ReadBack {
  readonly #o: ReadBackOptions;
  readonly #stopListening: () => void;
  #value: CommandValue | null = null;
  #agreed = false;
  #written = false;
  #wake: () => void = () => undefined;
  #given: string | undefined;

  constructor(options: ReadBackOptions) {
    this.#o = options;
    this.#stopListening = options.onLive(options.point, (reading) => this.#hear(reading));
  }

  /** From now on every value counts. Resolves with the first that agrees, or with the last heard when the time is over or `giveUp` is called. */
  async afterWrite(withinMs: number): Promise<ReadBackResult> {
    this.#written = true;
    if (!this.#agreed && this.#given === undefined) {
      let cancel = (): void => undefined;
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
        cancel = this.#o.clock.after(withinMs, resolve);
      });
      cancel();
    }
    this.end();
    return { agreed: this.#agreed, value: this.#value, ended: this.#given };
  }

  /** `why` in words: who or what ended it. */
  giveUp(why: string): void {
    this.#given = why;
    this.#wake();
  }

  end(): void {
    this.#stopListening();
  }

  #hear({ value }: Reading): void {
    if (value === null || (!this.#written && !this.#o.countsBeforeWritten)) return;
    this.#value = value;
    this.#agreed = this.#o.agrees(value);
    if (this.#agreed && this.#written) this.#wake();
  }
}
