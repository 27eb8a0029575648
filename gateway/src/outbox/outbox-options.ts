import type { Clock, Logger } from '@plantroom/contracts';

export interface OutboxOptions {
  /** Who reads from it; cursors of others are forgotten. What all of them have committed is deleted. */
  uplinks: readonly string[];
  clock: Clock;
  logger: Logger;
  /** Left out: 256 MiB. */
  maxBytes?: number;
  /** Left out: 30 days. */
  maxAgeMs?: number;
}
