import { heartbeatMs } from '@plantroom/contracts';
import type { RawValue } from '@plantroom/device-profiles';

/**
 * Which raw values are no news for certain, because the very same array has come before and nothing else since: most of what is polled. Such a
 * value is a sign of life and nothing more, so that neither decode nor stages need see it.
 */
export class Repeats {
  readonly #raws: (RawValue | undefined)[];
  /** Wire time of what was sent last of the point. */
  readonly #sentMs: Float64Array;

  constructor(points: number) {
    this.#raws = new Array<RawValue | undefined>(points).fill(undefined);
    this.#sentMs = new Float64Array(points);
  }

  /** Report by exception has let nothing of it through but the heartbeat, and would not now. */
  has(index: number, raw: RawValue, wireTimeMs: number): boolean {
    return this.#raws[index] === raw && Math.abs(wireTimeMs - (this.#sentMs[index] ?? 0)) < heartbeatMs;
  }

  /** The raw value has gone through all stages and would leave them as they are; `sentMs`: wire time of what was sent last. */
  note(index: number, raw: RawValue, sentMs: number): void {
    this.#raws[index] = raw;
    this.#sentMs[index] = sentMs;
  }

  /** Something else has been said of the point. */
  forget(index: number): void {
    this.#raws[index] = undefined;
  }
}
