export interface BreakerOptions {
  /** Silences in a row after which a unit is asked no more. */
  threshold: number;
  firstBackoffMs: number;
  /** Each failed probe doubles the backoff up to this. */
  maxBackoffMs: number;
}

/**
 * A dead unit costs a whole time-out per request, on a line that it shares with others. Three silences bear a lost frame or two;
 * a probe a minute keeps the price of a unit with a time-out of one second below two percent of the line.
 */
export const defaultBreaker: BreakerOptions = { threshold: 3, firstBackoffMs: 10_000, maxBackoffMs: 60_000 };

/** Closed while `backoffMs` is 0; else open until `retryAtMs` (monotonic), when one poll is let through as a probe. */
export interface BreakerState {
  silences: number;
  backoffMs: number;
  retryAtMs: number;
}

export const closedBreaker: BreakerState = { silences: 0, backoffMs: 0, retryAtMs: 0 };

export function mayAsk(state: BreakerState, nowMs: number): boolean {
  return state.backoffMs === 0 || nowMs >= state.retryAtMs;
}

export function afterPoll(
  state: BreakerState,
  outcome: 'answered' | 'silent',
  { nowMs, options }: { nowMs: number; options: BreakerOptions },
): BreakerState {
  if (outcome === 'answered') return state === closedBreaker ? state : closedBreaker;
  const silences = state.silences + 1;
  if (silences < options.threshold) return { silences, backoffMs: 0, retryAtMs: 0 };
  const backoffMs =
    state.backoffMs === 0 ? options.firstBackoffMs : Math.min(state.backoffMs * 2, options.maxBackoffMs);
  return { silences, backoffMs, retryAtMs: nowMs + backoffMs };
}
