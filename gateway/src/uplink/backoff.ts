const firstDelayMs = 500;
/** A receiver that is back must hear of a fire soon; a thousand gateways that ask it this often are no burden. */
const longestDelayMs = 10_000;

/** Delay before attempt number `failures` + 1, ms: doubled each time up to ten seconds, of which a random half, so that gateways do not return in step. */
export function backoffMs(failures: number, random: () => number = Math.random): number {
  const fullMs = Math.min(firstDelayMs * 2 ** Math.max(0, failures - 1), longestDelayMs);
  return fullMs / 2 + (fullMs / 2) * random();
}
