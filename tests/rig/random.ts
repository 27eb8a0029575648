/** Seeded 32-bit numbers (xorshift32): one seed, one course of faults. */
export class Random {
  #state: number;

  constructor(seed: number, part: string) {
    let state = seed >>> 0;
    for (const char of part) state = Math.imul(state ^ (char.codePointAt(0) ?? 0), 0x01000193) >>> 0;
    this.#state = state === 0 ? 0x9e37_79b9 : state;
    // The first numbers of neighbouring seeds resemble each other.
    for (let i = 0; i < 8; i++) this.next();
  }

  /** Uniform in [0, 1). */
  next(): number {
    let x = this.#state;
    x ^= x << 13;
    x ^= x >>> 17;
    x ^= x << 5;
    this.#state = x >>> 0;
    return this.#state / 0x1_0000_0000;
  }

  /** Whole, in [from, to]. */
  within(from: number, to: number): number {
    return from + Math.floor(this.next() * (to - from + 1));
  }

  pick<T>(from: readonly T[]): T {
    return from[this.within(0, from.length - 1)] as T;
  }

  bytes(count: number): Buffer {
    return Buffer.from(Array.from({ length: count }, () => this.within(0, 255)));
  }

  shuffled<T>(from: readonly T[]): T[] {
    const deck = [...from];
    for (let i = deck.length - 1; i > 0; i--) {
      const j = this.within(0, i);
      [deck[i], deck[j]] = [deck[j] as T, deck[i] as T];
    }
    return deck;
  }
}
