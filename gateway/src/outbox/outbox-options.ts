import type { Clock, Logger } from '@plantroom/contracts';

export const defaultMaxBytes = 256 * 1024 * 1024;
export const defaultMaxAgeMs = 30 * 86_400_000;

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
