import type { Clock, Logger } from '@plantroom/contracts';
import type { CurrentValues } from '../current/current-values.ts';
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
}

export interface EngineStats extends InputQueueStats, CommitterStats {
  readings: number;
}
