import { errorMessage, type Health, type Logger, ProblemsError, systemClock } from '@plantroom/contracts';
import packageFile from '../package.json' with { type: 'json' };
import { checkLines, overload } from './config/line-check.ts';
import { type LoadedGateway, loadGatewayConfig } from './config/load-config.ts';
import { driverRegistry } from './drivers/registry.ts';
import type { GatewayEnvironment } from './environment.ts';
import { Gateway } from './gateway.ts';
import { gatewayMetrics } from './metrics.ts';
import { MetricsServer } from './metrics-server.ts';
import { configFiles } from './reload/config-files.ts';
import { ConfigWatch } from './reload/config-watch.ts';
import { Reloader } from './reload/reloader.ts';
import { type Stoppable, stopAll } from './stop-all.ts';

export interface RunOptions {
  environment: GatewayEnvironment;
  logger: Logger;
  /** Reload by itself when a file of the configuration has changed. */
  watch: boolean;
}

export interface RunningGateway {
  /** Loopback port of /metrics and /health; undefined when there is none. */
  metricsPort: number | undefined;
  /** Reads the configuration anew; what is wrong with it is logged, and everything runs as before. Never rejects. */
  reload(why: string): Promise<void>;
  stop(): Promise<void>;
}

/** Loads the file and runs the gateway. Throws ProblemsError or OUTBOX_OPEN; what concerns one device or the metrics port only is logged. */
export async function runGateway(file: string, { environment, logger, watch }: RunOptions): Promise<RunningGateway> {
  const load = (): LoadedGateway => {
    const loaded = loadGatewayConfig({ file, environment: environment.variables });
    if (loaded.devices.length > 0) return loaded;
    const none = { source: file, path: '/devices', message: 'no device can be read' };
    throw new ProblemsError('CONFIG_INVALID', [none, ...loaded.problems]);
  };
  const loaded = load();
  const { config, devices, derived } = loaded;
  const gateway = new Gateway({
    ...loaded,
    drivers: driverRegistry,
    dataDir: environment.dataDir,
    clock: systemClock,
    logger,
  });
  const reloader = new Reloader({
    loaded,
    load,
    // Not refused as in `check`: one meter too many must not take the values of all the others away.
    overloads: (plan) => checkLines(plan).flatMap((line) => overload(line) ?? []),
    change: (plan) => gateway.change(plan),
    clock: systemClock,
    logger,
  });
  reloader.start();
  const started: Stoppable[] = [{ name: 'gateway', stop: () => gateway.stop() }];
  try {
    await gateway.start();
  } catch (error) {
    await gateway.stop().catch(() => undefined);
    throw error;
  }
  const metricsPort = await startMetrics({ gateway, reloader, port: config.metricsPort, logger, started });
  if (watch) {
    const files = new ConfigWatch({
      look: () => configFiles(file, gateway.plan.config.catalogs),
      changed: () => void reloader.reload('a file has changed'),
      clock: systemClock,
    });
    files.start();
    started.push({ name: 'watch', stop: () => files.stop() });
  }
  const points = devices.reduce((sum, device) => sum + device.bindings.length, derived.length);
  logger.info({ gateway: config.gateway, site: config.site, devices: devices.length, points }, 'gateway is running');
  return { metricsPort, reload: (why) => reloader.reload(why), stop: () => stopAll(started) };
}

async function startMetrics({
  gateway,
  reloader,
  port,
  logger,
  started,
}: {
  gateway: Gateway;
  reloader: Reloader;
  port: number | undefined;
  logger: Logger;
  started: Stoppable[];
}): Promise<number | undefined> {
  if (port === undefined) return undefined;
  const server = new MetricsServer({
    port,
    registry: gatewayMetrics(
      () => gateway.stats(),
      () => reloader.stats(),
    ),
    health: () => withParts(gateway.health(packageFile.version), reloader.health()),
  });
  try {
    const metricsPort = await server.start();
    started.push({ name: 'metrics', stop: () => server.stop() });
    return metricsPort;
  } catch (error) {
    logger.error({ port }, `no /metrics, the rest runs on: ${errorMessage(error)}`);
    return undefined;
  }
}

function withParts(health: Health, more: Health['parts']): Health {
  const parts = { ...health.parts, ...more };
  const failing = Object.values(parts).some(({ status }) => status !== 'ok');
  return { ...health, status: failing ? 'degraded' : 'ok', parts };
}
