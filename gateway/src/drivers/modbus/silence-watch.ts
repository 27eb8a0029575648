/** A half-open connection takes requests and answers none, for ever; so many time-outs in a row make it one. */
const timeoutsInARow = 3;

/**
 * Tells a connection on which nothing answers from one with dead units behind it. The units that answered when they were asked last
 * are the witnesses: a connection is dead when three of them in a row fall silent, or when none is left. A unit that is known to be
 * silent says nothing about the connection, however often it is asked.
 */
export class SilenceWatch {
  readonly #witnesses = new Set<number>();
  #inARow = 0;
  #witnessesInARow = 0;

  answered(unit: number): void {
    this.#inARow = 0;
    this.#witnessesInARow = 0;
    this.#witnesses.add(unit);
  }

  /** Why the connection is of no use; undefined when it may be only the unit. */
  timedOut(unit: number): string | undefined {
    this.#inARow += 1;
    if (this.#witnesses.delete(unit)) this.#witnessesInARow += 1;
    if (this.#inARow < timeoutsInARow) return undefined;
    if (this.#witnesses.size > 0 && this.#witnessesInARow < timeoutsInARow) return undefined;
    const reason = `no answer to ${this.#inARow} requests in a row`;
    this.reset();
    return reason;
  }

  /** A new connection. */
  reset(): void {
    this.#witnesses.clear();
    this.#inARow = 0;
    this.#witnessesInARow = 0;
  }
}
