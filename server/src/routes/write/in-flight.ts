/** A request of a few lines costs more than its bytes. */
const leastBytes = 65_536;

/** Bodies that are being received or worked on, bounded by their bytes; decoded one at a time, since that is work of one core. */
export class InFlight {
  readonly #mostBytes: number;
  #bytes = 0;
  #last: Promise<unknown> = Promise.resolve();

  constructor(mostBytes: number) {
    this.#mostBytes = mostBytes;
  }

  /** Answers what gives the place back; undefined: there is none. One body is always taken. */
  enter(bytes: number): (() => void) | undefined {
    const counted = Math.max(bytes, leastBytes);
    if (this.#bytes > 0 && this.#bytes + counted > this.#mostBytes) return undefined;
    this.#bytes += counted;
    let isIn = true;
    return () => {
      if (isIn) this.#bytes -= counted;
      isIn = false;
    };
  }

  /** Calls when all earlier ones are done. */
  turn<Answer>(call: () => Promise<Answer>): Promise<Answer> {
    const answer = this.#last.then(call);
    this.#last = answer.catch(() => undefined);
    return answer;
  }
}
