const most = 10_000;
const least = 500;

/**
 * Readings in a request. One that has no answer in time, or none at all, is followed by smaller ones, so that a line that carries little carries
 * something; each that is stored doubles the next.
 */
export class BatchSize {
  #readings = most;

  get readings(): number {
    return this.#readings;
  }

  failed(): void {
    this.#readings = Math.max(least, Math.floor(this.#readings / 2));
  }

  worked(): void {
    this.#readings = Math.min(most, this.#readings * 2);
  }
}
