import type { Clock, Health, Logger, ProfileSummary, Session, UnmappedMetric } from '@plantroom/contracts';
import type { BacktestService } from './backtest/backtest-service.ts';
import type { CommandService } from './commands/command-service.ts';
import type { CurrentValues } from './current/current-values.ts';
import type { ServerCatalog } from './engine/catalog.ts';
import type { Engine } from './engine/engine.ts';
import type { Historian } from './historian/historian.ts';
import type { IngestStats } from './ingest/ingest.ts';
import type { LiveHub } from './live/live-hub.ts';
import type { Notifications } from './notifications/notifications.ts';
import type { OutboxBook } from './outboxes/outbox-book.ts';
import type { Database } from './repositories/database.ts';
import type { SiteOperations } from './site/site-operations.ts';
import type { GatewayCounts } from './views/plant-views.ts';

/** What routes work with; main.ts puts it together, a test may do it differently. */
export interface Services {
  engine: Engine;
  catalog: ServerCatalog;
  current: CurrentValues;
  database: Database;
  historian: Historian;
  live: LiveHub;
  commands: CommandService;
  backtests: BacktestService;
  outboxes: OutboxBook;
  notifications: Notifications;
  /** Operating positions and shifts. */
  operations: SiteOperations;
  profiles: () => Promise<readonly ProfileSummary[]>;
  clock: Clock;
  logger: Logger;
  ingestStats: () => IngestStats;
  /** Metrics of foreign nodes that the mapping file puts nowhere. */
  unmappedMetrics: () => UnmappedMetric[];
  gatewayCounts: (gateway: string) => GatewayCounts | undefined;
  /** State of each part, asked when /api/health is. */
  health: () => Promise<Health>;
  /** Folder with the built dashboard; when it does not exist a page says how to build it. */
  dashboardDir: string;
  /** Token of gateways for `/api/v2/write`; null: only API tokens. */
  gatewayToken: string | null;
  /** The longest that an operator may shelve an alarm, ms. */
  alarmPolicy: { maxShelvingMs: number };
}

declare module 'fastify' {
  interface FastifyInstance {
    services: Services;
    /** Null: not signed in. */
    authenticate: (credentials: Credentials) => Promise<Session | null>;
  }
  interface FastifyRequest {
    session: Session | null;
  }
  interface FastifyContextConfig {
    /** Roles that may; `public`: everybody. Left out: everybody who is signed in. */
    roles?: readonly Session['role'][] | 'public';
  }
}

export interface Credentials {
  cookie?: string | undefined;
  authorization?: string | undefined;
}
