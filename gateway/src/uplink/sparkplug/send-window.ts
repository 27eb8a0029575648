import type { Clock } from '@plantroom/contracts';

/** Under a second's worth for a host at its limit: what lies in sockets and in the broker is ahead of the next safety reading. */
const mostAhead = 100_000;
/** A host that takes data and confirms nothing (its database is away) still gets live values, if slowly. */
const patienceMs = 2000;

/** Holds telemetry back while much of it is under way, so that what comes at once is not behind a backlog that has already been sent. */
export class SendWindow {
  readonly #clock: Pick<Clock, 'monotonicMs'>;
  /** Sent up to here without waiting for confirmation. */
  #from = 0;
  #closedMs: number | undefined;

  constructor(clock: Pick<Clock, 'monotonicMs'>) {
    this.#clock = clock;
  }

  /** Whether more may be sent behind position `sent`; ask again when the host has confirmed, and each second. */
  isOpen({ sent, confirmed }: { sent: number; confirmed: number }): boolean {
    if (sent - Math.max(confirmed, Math.min(this.#from, sent)) < mostAhead) {
      this.#closedMs = undefined;
      return true;
    }
    const nowMs = this.#clock.monotonicMs();
    this.#closedMs ??= nowMs;
    if (nowMs - this.#closedMs < patienceMs) return false;
    this.#closedMs = undefined;
    this.#from = sent;
    return true;
  }
}
