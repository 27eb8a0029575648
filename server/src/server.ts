import { randomBytes } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import {
  type Clock,
  errorMessage,
  formatProblem,
  type Logger,
  PlantroomError,
  ProblemsError,
} from '@plantroom/contracts';
import { type EquipmentClass, loadCatalog } from '@plantroom/device-profiles';
import Fastify, { type FastifyInstance } from 'fastify';
import { app } from './app.ts';
import { alarmSources } from './backtest/alarm-sources.ts';
import { BacktestService } from './backtest/backtest-service.ts';
import { CommandService } from './commands/command-service.ts';
import { CurrentValues } from './current/current-values.ts';
import { restoreCurrent } from './current/restore-current.ts';
import { Engine } from './engine/engine.ts';
import { watchFloods } from './engine/watch-floods.ts';
import type { ServerEnvironment } from './environment.ts';
import { checkHealth } from './health.ts';
import { createHistorian } from './historian/create-historian.ts';
import type { Historian } from './historian/historian.ts';
import { Retention } from './historian/retention.ts';
import { hostAlarms } from './host-alarms.ts';
import { type MapEntry, MetricMap } from './ingest/metric-map.ts';
import { recordForeign } from './ingest/record-foreign.ts';
import { createSparkplugHost } from './ingest/sparkplug-host.ts';
import { LiveHub } from './live/live-hub.ts';
import { startLiveServer } from './live/live-server.ts';
import { AlarmPublisher } from './notifications/alarm-publisher.ts';
import { Notifications } from './notifications/notifications.ts';
import { openVault } from './notifications/vault.ts';
import { OutboxBook } from './outboxes/outbox-book.ts';
import { profileList } from './profile-list/profile-list.ts';
import { openDatabase } from './repositories/database.ts';
import { hashPassword } from './repositories/password.ts';
import { addUser, listUsers } from './repositories/people-repository.ts';
import { readMappingFile } from './site/read-mapping-file.ts';
import { readSiteFile } from './site/read-site-file.ts';
import { SiteOperations } from './site/site-operations.ts';

export interface ServerOptions {
  environment: ServerEnvironment;
  clock: Clock;
  logger: Logger;
  /** Called once in the life of an installation, with the password of `admin` when none was given. */
  announcePassword: (password: string) => void;
  /** Left out: dashboard/dist of this checkout. */
  dashboardDir?: string;
}

export interface RunningServer {
  readonly url: string;
  readonly engine: Engine;
  stop(): Promise<void>;
}

const version = '0.1.0';
const historianRetryMs = 5_000;
const builtDashboard = fileURLToPath(new URL('../../dashboard/dist', import.meta.url));

/** Puts the server together: database, engine, historian, HTTP, live stream, and last the wire. */
export async function startServer(options: ServerOptions): Promise<RunningServer> {
  const { environment, clock, logger } = options;
  const stops: (() => Promise<void> | void)[] = [];
  const stop = () => stopInReverse(stops, logger);
  try {
    const startedMs = clock.nowMs();
    const configuration: string[] = [];
    const { catalog, problems } = loadCatalog({
      folders: environment.profileDirs,
      profiles: new Set(),
      classes: 'all',
    });
    for (const problem of problems.map(formatProblem)) {
      logger.error({}, `class or profile left out: ${problem}`);
      configuration.push(problem);
    }
    const database = await openDatabase(environment.databaseUrl);
    stops.push(() => database.close());
    await firstUser(options, () => database.db);

    const current = new CurrentValues();
    const engine = new Engine({
      database,
      catalog,
      current,
      clock,
      logger,
      onStored: (gateway, lane, position) => host.stored(gateway, lane, position),
    });
    await engine.start();
    stops.push(() => engine.stop());
    const site = await importSite(engine, options, catalog.classes);
    configuration.push(...site.problems);
    await watchFloods(engine, { operations: site.operations, catalog, clock });

    const historian = openHistorian(options, engine, site.retention);
    const isBoolean = (point: string): boolean => {
      const place = engine.plant.points.get(point);
      return catalog.classes.get(place?.class ?? '')?.points[point.split('/')[2] ?? '']?.kind === 'boolean';
    };
    const restore = () =>
      restoreCurrent([...engine.plant.points.keys()], { current, historian, isBoolean, clock, logger });
    stops.push(await startHistorian(historian, { clock, logger, onOpen: restore }));

    const outboxes = new OutboxBook({ db: database.db, clock, logger });
    await outboxes.start();
    stops.push(() => outboxes.stop());

    const host = createSparkplugHost({
      url: environment.mqttUrl,
      hostId: environment.hostId,
      clock,
      logger,
      sink: recordForeign(engine, { historian, logger }),
      reorderMs: environment.reorderMs,
      map: new MetricMap(readMapping(options, catalog.classes, configuration)),
      knownGateways: [...engine.plant.gateways.keys()],
      onCommandOutcome: (gateway, outcome) => commands.outcome(gateway, outcome),
      ...hostAlarms(engine, { outboxes, onOnline: () => publisher.refresh() }),
    });
    const commands = new CommandService({
      engine,
      catalog,
      database,
      send: (gateway, command) => host.command(gateway, command),
      clock,
      logger,
    });
    await commands.start();
    stops.push(() => commands.stop());
    const vault = openVault(environment.dataDir);
    const notifications = new Notifications({ database, engine, catalog, vault, clock, logger, random: Math.random });
    await notifications.start();
    stops.push(() => notifications.stop());
    const publisher = new AlarmPublisher({
      database,
      isOn: () => notifications.book.config.settings.mqtt,
      alarmOf: (id) => engine.book.get(id)?.alarm,
      standing: () => [...engine.book.standing()].map(({ alarm }) => alarm),
      onJournal: (listener) => engine.onEvent(listener),
      publish: (topic, payload, how) => host.publish(topic, payload, how),
      clock,
      logger,
    });
    notifications.onSettings(() => publisher.wake());
    publisher.start();
    stops.push(() => publisher.stop());
    const backtests = new BacktestService({
      historian,
      sources: () => alarmSources(engine, catalog),
      timeZoneOf: (alarm) => engine.plant.sites.get(alarm.split('/')[0] ?? '')?.timeZone ?? 'UTC',
      clock,
      logger,
    });
    stops.push(() => backtests.stop());
    const gatewayCounts = (id: string) => host.gateways().find((gateway) => gateway.id === id);
    const live = new LiveHub({
      engine,
      current,
      db: database.db,
      clock,
      gatewayCounts,
      outboxes,
      onCommand: (listener) => commands.onChange(listener),
    });
    live.start();
    stops.push(() => live.stop());

    const ingestStats = () => host.stats();
    const health = () =>
      checkHealth({
        version,
        startedMs,
        clock,
        database,
        historian,
        engine,
        ingestStats,
        configuration,
        notifications,
      });
    const http = Fastify({ trustProxy: 'loopback', bodyLimit: 1_048_576 });
    await http.register(app, {
      engine,
      catalog,
      profiles: profileList(environment.profileDirs),
      current,
      database,
      historian,
      live,
      commands,
      backtests,
      outboxes,
      notifications,
      operations: site.operations,
      clock,
      logger,
      ingestStats,
      gatewayCounts,
      unmappedMetrics: () => host.unmapped(),
      health,
      dashboardDir: options.dashboardDir ?? builtDashboard,
      gatewayToken: environment.gatewayToken,
      alarmPolicy: { maxShelvingMs: environment.maxShelvingMs },
    });
    await http.ready();
    const sockets = startLiveServer({ http: http.server, hub: live, logger, authenticate: http.authenticate });
    stops.push(async () => {
      await sockets.stop();
      await http.close();
    });
    const url = await listen(http, environment);
    // Until it is reached for the first time.
    engine.broker(false);
    await host.start();
    stops.push(() => host.stop());
    return { url, engine, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function listen(http: FastifyInstance, { httpHost: host, httpPort: port }: ServerEnvironment): Promise<string> {
  try {
    return await http.listen({ host, port });
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code !== 'EADDRINUSE' && code !== 'EACCES') throw error;
    const why = code === 'EADDRINUSE' ? 'is taken by another program' : 'may not be opened by this user';
    throw new PlantroomError(
      'PORT_UNAVAILABLE',
      `HTTP port ${port} on ${host} ${why}; set PLANTROOM_HTTP_PORT to another`,
      {
        cause: error,
      },
    );
  }
}

async function firstUser(
  { environment, clock, announcePassword }: ServerOptions,
  db: () => Parameters<typeof listUsers>[0],
) {
  if ((await listUsers(db())).length > 0) return;
  const password = environment.adminPassword ?? randomBytes(12).toString('base64url');
  const passwordHash = await hashPassword(password);
  await addUser(db(), { username: 'admin', role: 'admin', disabled: false, createdMs: clock.nowMs(), passwordHash });
  if (environment.adminPassword === null) announcePassword(password);
}

/**
 * A wrong site file is told and left out; what the database knows goes on. Then there is no retention either: nobody can tell how long
 * the site wants to keep what would be removed.
 */
async function importSite(
  engine: Engine,
  { environment, logger }: ServerOptions,
  classes: ReadonlyMap<string, EquipmentClass>,
): Promise<{ problems: string[]; retention: Retention | null; operations: SiteOperations }> {
  const { siteFile } = environment;
  const none = new SiteOperations([]);
  if (siteFile === null) return { problems: [], retention: new Retention(), operations: none };
  try {
    const model = readSiteFile(siteFile, new Set(classes.keys()), classes);
    await engine.command((context) => engine.importSite(context, model));
    const operations = new SiteOperations([model]);
    return { problems: [], retention: new Retention(model.history?.retention), operations };
  } catch (error) {
    logger.error({}, `the site file is not used: ${errorMessage(error)}`);
    const problems = error instanceof ProblemsError ? error.problems.map(formatProblem) : [errorMessage(error)];
    return { problems, retention: null, operations: none };
  }
}

/** A wrong mapping file is told and left out: foreign metrics then go under the names that they have. */
function readMapping(
  { environment, logger }: ServerOptions,
  classes: ReadonlyMap<string, EquipmentClass>,
  configuration: string[],
): MapEntry[] {
  if (environment.mappingFile === null) return [];
  try {
    return readMappingFile(environment.mappingFile, classes);
  } catch (error) {
    logger.error({}, `the mapping file is not used: ${errorMessage(error)}`);
    configuration.push(...(error instanceof ProblemsError ? error.problems.map(formatProblem) : [errorMessage(error)]));
    return [];
  }
}

function openHistorian(
  { environment, clock, logger }: ServerOptions,
  engine: Engine,
  retention: Retention | null,
): Historian {
  const { influx, dataDir } = environment;
  const classOf = (point: string): string | null =>
    engine.plant.equipment.get(point.split('/').slice(0, 2).join('/'))?.class ?? null;
  if (influx === null) {
    const kept = retention === null ? {} : { retention };
    return createHistorian({ kind: 'duckdb', folder: `${dataDir}/history`, classOf, clock, logger, ...kept });
  }
  return createHistorian({ kind: 'influxdb', ...influx, classOf, clock, logger });
}

/** Tries until it opens, so that a historian that is away does not hold up the server. Answers how to stop it and what `onOpen` began. */
async function startHistorian(
  historian: Historian,
  { clock, logger, onOpen }: Pick<ServerOptions, 'clock' | 'logger'> & { onOpen: () => () => void },
): Promise<() => Promise<void>> {
  let cancel = (): void => undefined;
  let open = false;
  let stopped = false;
  const attempt = async (): Promise<void> => {
    try {
      await historian.start();
      open = true;
      if (stopped) await historian.stop();
      else cancel = onOpen();
    } catch (error) {
      logger.error({ retryMs: historianRetryMs }, `the historian does not open; trying again: ${errorMessage(error)}`);
      cancel = clock.after(historianRetryMs, () => void attempt());
    }
  };
  await attempt();
  return async () => {
    stopped = true;
    cancel();
    if (open) await historian.stop();
  };
}

/** Every part is stopped, whatever the others do. */
async function stopInReverse(stops: (() => Promise<void> | void)[], logger: Logger): Promise<void> {
  for (const stop of stops.splice(0).reverse()) {
    try {
      await stop();
    } catch (error) {
      logger.error({ err: error }, 'a part did not stop cleanly');
    }
  }
}
