import type { Clock, Logger, SiteModel } from '@plantroom/contracts';
import type { Catalog } from '@plantroom/device-profiles';
import { CurrentValues } from '../../../server/src/current/current-values.ts';
import { Engine } from '../../../server/src/engine/engine.ts';
import { watchFloods } from '../../../server/src/engine/watch-floods.ts';
import { hostAlarms } from '../../../server/src/host-alarms.ts';
import { createSparkplugHost } from '../../../server/src/ingest/sparkplug-host.ts';
import { Notifications } from '../../../server/src/notifications/notifications.ts';
import { credentials } from '../../../server/src/notifications/test-helpers/receivers.ts';
import { Vault } from '../../../server/src/notifications/vault.ts';
import { OutboxBook } from '../../../server/src/outboxes/outbox-book.ts';
import type { Database } from '../../../server/src/repositories/database.ts';
import { SiteOperations } from '../../../server/src/site/site-operations.ts';

/** What of the server decides on alarms, orders and who is told: Sparkplug host, current values, engine, notifications. History, HTTP and the live stream look on only. */
export interface ServerCore {
  engine: Engine;
  notifications: Notifications;
  stop(): Promise<void>;
}

export interface ServerCoreOptions {
  /** Outlives it, as a restart finds it. */
  database: Database;
  catalog: Catalog;
  site: SiteModel;
  /** Of the broker. */
  url: string;
  /** Of the webhook that everything is told to. */
  dutyUrl: string;
  isDisabled?: ((id: string) => boolean) | undefined;
  clock: Clock;
  logger: Logger;
}

export async function startServerCore(options: ServerCoreOptions): Promise<ServerCore> {
  const { database, catalog, site, clock, logger, isDisabled } = options;
  const current = new CurrentValues();
  const engine = new Engine({
    database,
    catalog,
    current,
    clock,
    logger,
    onStored: (gateway, lane, position) => host.stored(gateway, lane, position),
  });
  if (isDisabled !== undefined) disable(engine, isDisabled);
  await engine.start();
  await engine.command((context) => engine.importSite(context, site));
  await watchFloods(engine, { operations: new SiteOperations([site]), catalog, clock });
  const vault = new Vault(Buffer.alloc(32, 7));
  const notifications = new Notifications({ database, engine, catalog, vault, clock, logger, random: () => 0.5 });
  await notifications.start();
  await tellDuty(notifications, options.dutyUrl);
  const outboxes = new OutboxBook({ db: database.db, clock, logger });
  await outboxes.start();
  const host = createSparkplugHost({
    url: options.url,
    hostId: 'plantroom',
    clock,
    logger,
    sink: engine,
    knownGateways: [...engine.plant.gateways.keys()],
    ...hostAlarms(engine, { outboxes }),
  });
  engine.broker(false);
  await host.start();
  return {
    engine,
    notifications,
    async stop() {
      await host.stop();
      await outboxes.stop();
      await notifications.stop();
      await engine.stop();
    },
  };
}

/** As a site would set it: one receiver hears of every alarm. What is gathered is gathered as long as a new channel proposes. */
async function tellDuty(notifications: Notifications, url: string): Promise<void> {
  if (notifications.book.config.channels.size > 0) return;
  const author = { user: 'engineer' };
  const channel = { name: 'Duty', enabled: true, language: 'en' as const, coalesceS: 30, perMinute: 600 };
  const settings = { kind: 'webhook' as const, url };
  await notifications.putChannel('duty', { ...channel, settings, secrets: { ...credentials.webhook } }, author);
  const steps = [{ afterMinutes: 0, targets: [{ type: 'channel' as const, id: 'duty' }] }];
  const policy = { name: 'Everything', enabled: true, match: {}, steps, repeat: null };
  await notifications.putPolicy({ id: 'everything', ...policy, stopOnReturn: false, tellReturned: false }, author);
}

/** As if the engineer had switched the rule off, whatever kind of rule it is. */
function disable({ book }: Engine, isDisabled: (id: string) => boolean): void {
  const define = book.define.bind(book);
  book.define = (owner, definitions) =>
    define(
      owner,
      definitions.map((one) => (isDisabled(one.id) ? { ...one, enabled: false } : one)),
    );
}
