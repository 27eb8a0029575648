import type { Clock, Logger } from '@plantroom/contracts';
import type { Rejected } from './send-lines.ts';

/** A field that has another type at the receiver is refused with every batch, for months. */
const againMs = 600_000;
const linesTold = 3;
/** Reasons that are kept apart; beyond that all begin anew. */
const mostReasons = 50;

/** Says of each reason for which lines are refused that it is there: at once, and again every ten minutes with what has come together. */
export class RejectionLog {
  readonly #clock: Clock;
  readonly #logger: Logger;
  readonly #reasons = new Map<string, { toldMs: number; untold: number }>();

  constructor(clock: Clock, logger: Logger) {
    this.#clock = clock;
    this.#logger = logger;
  }

  tell({ why, count, lines }: Rejected): void {
    const nowMs = this.#clock.monotonicMs();
    // How many there are this time is no other reason, and neither is another limit or time.
    const key = why.replace(/\d+/g, '#');
    const reason = this.#reasons.get(key);
    if (reason !== undefined && nowMs - reason.toldMs < againMs) {
      reason.untold += count;
      return;
    }
    if (this.#reasons.size >= mostReasons) this.#reasons.clear();
    this.#reasons.set(key, { toldMs: nowMs, untold: 0 });
    const told = { why, count: count + (reason?.untold ?? 0), lines: lines.slice(0, linesTold) };
    this.#logger.error(told, 'the receiver refuses lines for good; they are left out');
  }
}
