import {
  errorMessage,
  formatProblem,
  type Health,
  type Logger,
  PlantroomError,
  type Problem,
  systemClock,
} from '@plantroom/contracts';
import packageFile from '../package.json' with { type: 'json' };
import { checkLines, overload } from './config/line-check.ts';
import { loadGatewayConfig } from './config/load-config.ts';
import { driverRegistry } from './drivers/registry.ts';
import type { GatewayEnvironment } from './environment.ts';
import { Gateway } from './gateway.ts';
import { gatewayMetrics } from './metrics.ts';
import { MetricsServer } from './metrics-server.ts';
import { type Stoppable, stopAll } from './stop-all.ts';

export interface RunningGateway {
  /** Loopback port of /metrics and /health; undefined when there is none. */
  metricsPort: number | undefined;
  stop(): Promise<void>;
}

/** Loads the file and runs the gateway. Throws ProblemsError or OUTBOX_OPEN; what concerns one device or the metrics port only is logged. */
export async function runGateway(
  file: string,
  { environment, logger }: { environment: GatewayEnvironment; logger: Logger },
): Promise<RunningGateway> {
  const { config, devices, derived, writableClasses, problems } = await loadGatewayConfig({
    file,
    environment: environment.variables,
  });
  for (const problem of problems) logger.error({ path: problem.path }, formatProblem(problem));
  if (devices.length === 0) throw new PlantroomError('CONFIG_INVALID', `no device of "${file}" can be read`);
  // Not refused as in `check`: one meter too many must not take the values of all the others away.
  const overloads = checkLines({ config, devices }).flatMap((line) => overload(line) ?? []);
  for (const problem of overloads) logger.error({ path: problem.path }, formatProblem(problem));
  const gateway = new Gateway({
    config,
    devices,
    derived,
    drivers: driverRegistry,
    writableClasses,
    dataDir: environment.dataDir,
    clock: systemClock,
    logger,
  });
  const started: Stoppable[] = [{ name: 'gateway', stop: () => gateway.stop() }];
  try {
    await gateway.start();
  } catch (error) {
    await gateway.stop().catch(() => undefined);
    throw error;
  }
  let metricsPort: number | undefined;
  if (config.metricsPort !== undefined) {
    const server = new MetricsServer({
      port: config.metricsPort,
      registry: gatewayMetrics(() => gateway.stats()),
      health: () => withOverloads(gateway.health(packageFile.version), overloads),
    });
    try {
      metricsPort = await server.start();
      started.push({ name: 'metrics', stop: () => server.stop() });
    } catch (error) {
      logger.error({ port: config.metricsPort }, `no /metrics, the rest runs on: ${errorMessage(error)}`);
    }
  }
  const points = devices.reduce((sum, device) => sum + device.bindings.length, derived.length);
  logger.info({ gateway: config.gateway, site: config.site, devices: devices.length, points }, 'gateway is running');
  return { metricsPort, stop: () => stopAll(started) };
}

function withOverloads(health: Health, overloads: readonly Problem[]): Health {
  if (overloads.length === 0) return health;
  const parts = overloads.map(
    ({ path, message }) => [`plan ${path}`, { status: 'degraded', detail: message }] as const,
  );
  return { ...health, status: 'degraded', parts: { ...health.parts, ...Object.fromEntries(parts) } };
}
