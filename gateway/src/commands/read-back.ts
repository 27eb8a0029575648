import type { Clock, CommandValue, Reading } from '@plantroom/contracts';

/** Hears the live values of a point, by its place in the table; the answer ends it. */
export type OnLive = (pointIndex: number, call: (reading: Reading) => void) => () => void;

export interface ReadBackOptions {
  pointIndex: number;
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
}

/** What a point says after a write. */
export class ReadBack {
  readonly #o: ReadBackOptions;
  readonly #stopListening: () => void;
  #value: CommandValue | null = null;
  #agreed = false;
  #written = false;
  #wake: () => void = () => undefined;
  #given = false;

  constructor(options: ReadBackOptions) {
    this.#o = options;
    this.#stopListening = options.onLive(options.pointIndex, (reading) => this.#hear(reading));
  }

  /** From now on every value counts. Resolves with the first that agrees, or with the last heard when the time is over or `giveUp` is called. */
  async afterWrite(withinMs: number): Promise<ReadBackResult> {
    this.#written = true;
    if (!this.#agreed && !this.#given) {
      let cancel = (): void => undefined;
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
        cancel = this.#o.clock.after(withinMs, resolve);
      });
      cancel();
    }
    this.end();
    return { agreed: this.#agreed, value: this.#value };
  }

  giveUp(): void {
    this.#given = true;
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
