import type { Clock, Logger } from '@plantroom/contracts';
import type { BatchStore, StoreContents } from './batch-store.ts';

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

/** How a store that is found damaged while it is in use is replaced. */
export interface Renewal {
  /** A new store with these contents and every batch that can still be read from the old one; what cannot is in its holes. Throws when there is none to be had. */
  renew(known: StoreContents, why: unknown): BatchStore;
  /** The outbox has been closed. */
  closed(): void;
}
