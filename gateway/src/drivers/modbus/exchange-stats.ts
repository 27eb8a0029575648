import type { DeviceLineStats } from '../driver.ts';
import type { ExchangeResult } from './modbus-client.ts';

/** How much one exchange counts in the mean and in the slow forgetting of the slowest. */
const meanWeight = 1 / 16;
const forgetWeight = 1 / 64;

/** What is known of the exchanges with one device. */
export class ExchangeStats {
  #requests = 0;
  #timeouts = 0;
  #malformed = 0;
  readonly #exceptions: Record<string, number> = {};
  #lastMs = 0;
  #minMs = Number.POSITIVE_INFINITY;
  #meanMs = 0;
  #slowestMs: number | undefined;
  #answers = 0;
  #reads = 0;

  record(result: ExchangeResult): void {
    if (!result.ok && result.failure.kind === 'connection') return;
    this.#requests += 1;
    if (!result.ok && result.failure.kind === 'timeout') this.#timeouts += 1;
    if (!result.ok && result.failure.kind === 'malformed') this.#malformed += 1;
    if (!result.ok && result.failure.kind === 'exception') {
      const { code } = result.failure;
      this.#exceptions[code] = (this.#exceptions[code] ?? 0) + 1;
    }
    if (!result.ok && result.failure.kind !== 'exception') return;
    if (result.ok) this.#reads += 1;
    const { tookMs } = result;
    this.#answers += 1;
    this.#lastMs = tookMs;
    this.#minMs = Math.min(this.#minMs, tookMs);
    this.#meanMs = this.#answers === 1 ? tookMs : this.#meanMs + (tookMs - this.#meanMs) * meanWeight;
    const slowest = this.#slowestMs;
    this.#slowestMs = slowest === undefined || tookMs >= slowest ? tookMs : slowest - (slowest - tookMs) * forgetWeight;
  }

  /** Exchanges that it did as asked. */
  get reads(): number {
    return this.#reads;
  }

  /** The longest that an answer took, slowly forgotten, ms; undefined before the first. */
  get slowestMs(): number | undefined {
    return this.#slowestMs;
  }

  stats(silent: boolean): DeviceLineStats {
    const answered = this.#answers > 0;
    return {
      requests: this.#requests,
      timeouts: this.#timeouts,
      malformed: this.#malformed,
      exceptions: { ...this.#exceptions },
      silent,
      ...(answered ? { lastMs: this.#lastMs, minMs: this.#minMs, meanMs: this.#meanMs } : {}),
    };
  }
}
