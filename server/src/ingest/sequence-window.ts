const modulus = 256;

/**
 * Puts the messages of one edge node back into order by their sequence number 0-255
 * (tck-id-operational-behavior-host-reordering-start). Holds at most 255 messages; the caller keeps the time.
 */
export class SequenceWindow<T> {
  readonly #held = new Map<number, T>();
  #expected = 0;

  /** A birth restarts the count. */
  restart(seq: number): void {
    this.#held.clear();
    this.#expected = (seq + 1) % modulus;
  }

  get waiting(): boolean {
    return this.#held.size > 0;
  }

  /** What can be processed now, in order: empty when a message before it is missing. */
  accept(seq: number, message: T): T[] {
    if (seq !== this.#expected) {
      this.#held.set(seq % modulus, message);
      return [];
    }
    const run = [message];
    this.#advance();
    for (let next = this.#held.get(this.#expected); next !== undefined; next = this.#held.get(this.#expected)) {
      this.#held.delete(this.#expected);
      run.push(next);
      this.#advance();
    }
    return run;
  }

  /** The missing ones will not come: everything held, in order; the count goes on after it. */
  giveUp(): T[] {
    const run: T[] = [];
    for (let step = 0; step < modulus && this.#held.size > 0; step++) {
      const message = this.#held.get(this.#expected);
      if (message !== undefined) {
        run.push(message);
        this.#held.delete(this.#expected);
      }
      this.#advance();
    }
    return run;
  }

  #advance(): void {
    this.#expected = (this.#expected + 1) % modulus;
  }
}
