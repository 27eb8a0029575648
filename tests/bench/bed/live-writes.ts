import type { Historian } from '../../../server/src/historian/historian.ts';

const perWrite = 20_000;
const everyMs = 100;

/** How live data fared: 200,000 samples a second. */
export interface LiveFigures {
  /** Writes that were stored. */
  stored: number;
  /** How long 95 of 100 took, ms. */
  p95Ms: number;
}

/** Writes live data at a steady pace while something else runs. */
export class LiveWrites {
  readonly #historian: Historian;
  #atMs: number;

  constructor(historian: Historian, fromMs: number) {
    this.#historian = historian;
    this.#atMs = fromMs;
  }

  async during(work: () => Promise<unknown>): Promise<LiveFigures> {
    const took: number[] = [];
    const pending = new Set<Promise<void>>();
    const timer = setInterval(() => {
      const began = performance.now();
      const timeMs = this.#atMs;
      this.#atMs += everyMs;
      const samples = Array.from({ length: perWrite }, (_, i) => ({
        point: `hq/live-${i}/value`,
        timeMs,
        value: i % 7,
      }));
      const write = this.#historian.write(samples, []).then(() => void took.push(performance.now() - began));
      pending.add(write.finally(() => pending.delete(write)));
    }, everyMs);
    await work();
    clearInterval(timer);
    await Promise.all(pending);
    took.sort((a, b) => a - b);
    return { stored: took.length, p95Ms: took[Math.floor(took.length * 0.95)] ?? Number.NaN };
  }
}
