interface Quiet {
  quietMs: number;
  sinceMs: number;
  untilMs: number;
}

/** A line that is not silent after so many times the quiet time carries noise or another master. */
const mostQuietTimes = 4;

/**
 * Units that are not asked until the line has been silent for as long as their answer may take, or the late answer has come whole:
 * without an id it would be taken for the answer to the next request to the same unit (RTU has no transaction id). Other units may be
 * asked meanwhile: an answer says whose it is.
 */
export class QuietUnits {
  readonly #units = new Map<number, Quiet>();
  readonly #onNoise: () => void;
  /** The unit that was asked last: the late answer is its. */
  #last: number | undefined;

  constructor(onNoise: () => void) {
    this.#onNoise = onNoise;
  }

  begin(unit: number, quietMs: number, nowMs: number): void {
    this.#units.set(unit, { quietMs, sinceMs: nowMs, untilMs: nowMs + quietMs });
    this.#last = unit;
  }

  /** Monotonic ms; 0 when it may be asked. */
  untilMs(unit: number): number {
    return this.#units.size === 0 ? 0 : (this.#units.get(unit)?.untilMs ?? 0);
  }

  /** Bytes came while nothing was asked. */
  heard(nowMs: number): void {
    for (const [unit, quiet] of this.#units) {
      if (nowMs >= quiet.untilMs) this.#units.delete(unit);
      else if (nowMs - quiet.sinceMs < quiet.quietMs * mostQuietTimes) quiet.untilMs = nowMs + quiet.quietMs;
      else {
        this.#onNoise();
        return;
      }
    }
  }

  /** The late answer of the unit asked last has come. */
  over(): void {
    if (this.#last !== undefined) this.#units.delete(this.#last);
  }

  clear(): void {
    this.#units.clear();
  }
}
