import type { Rank } from './alarm-facts.ts';

const secondMs = 1_000;
const minuteMs = 60_000;
const schedule = [30 * secondMs, 2 * minuteMs, 10 * minuteMs];
/** Life does not wait half a minute for a connection that was reset. */
const lifeSafetySchedule = [5 * secondMs, ...schedule];
const jitter = 0.2;

/** When to try again after the given number of attempts; null: it is a dead letter. `random`: 0 to 1. */
export function retryAtMs({
  attempts,
  rank,
  nowMs,
  random,
}: {
  attempts: number;
  rank: Rank;
  nowMs: number;
  random: number;
}): number | null {
  const delayMs = (rank === 0 ? lifeSafetySchedule : schedule)[attempts - 1];
  // Receivers that failed together must not be asked together.
  return delayMs === undefined ? null : nowMs + Math.round(delayMs * (1 + jitter * (2 * random - 1)));
}
