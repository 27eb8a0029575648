/** Seeded random numbers whose whole state is one 32-bit number, so that it lies in the snapshot (mulberry32). */
export class Random {
  #state: number;

  constructor(state: number) {
    this.#state = state >>> 0;
  }

  /** To be kept and given to the next Random. */
  get state(): number {
    return this.#state;
  }

  /** Uniform in [0, 1). */
  next(): number {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0;
    let t = this.#state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  }

  /** Bell-shaped around 0 with a standard deviation of 1, never beyond ±3.5 (sum of twelve uniform numbers would be costlier for no gain). */
  normal(): number {
    const sum = this.next() + this.next() + this.next() + this.next() - 2;
    return Math.max(-3.5, Math.min(3.5, sum * 1.732));
  }

  /** Whole number in [0, below). */
  below(below: number): number {
    return Math.floor(this.next() * below);
  }
}

/** A seed of its own for each part, so that one part's fault leaves the others' course as it was. */
export function seedFor(seed: number, part: string): number {
  let hash = seed >>> 0;
  for (const char of part) hash = Math.imul(hash ^ (char.codePointAt(0) ?? 0), 0x01000193) >>> 0;
  return hash;
}
