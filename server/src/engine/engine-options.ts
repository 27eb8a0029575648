import type { Clock, Logger } from '@plantroom/contracts';
import type { CurrentValues } from '../current/current-values.ts';
import type { StoredLane } from '../ingest/ingest.ts';
import type { Database } from '../repositories/database.ts';
import type { ServerCatalog } from './catalog.ts';
import type { CommitterStats } from './committer.ts';
import type { InputQueueStats } from './input-queue.ts';

export interface EngineOptions {
  database: Database;
  catalog: ServerCatalog;
  current: CurrentValues;
  clock: Clock;
  logger: Logger;
  /** What a gateway has told before this outbox position of the lane is in the database. Left out: nobody asks. */
  onStored?: (gateway: string, lane: StoredLane, position: number) => void;
}

export interface EngineStats extends InputQueueStats, CommitterStats {
  readings: number;
}
