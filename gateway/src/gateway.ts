import { resolve } from 'node:path';
import { type Clock, errorMessage, type Health, type Logger } from '@plantroom/contracts';
import { type DerivedBinding, parseDuration } from '@plantroom/device-profiles';
import { CommandDesk, type CommandDeskStats } from './commands/command-desk.ts';
import type { DeviceConfig, DeviceRuntime, GatewayConfig } from './config/gateway-config.ts';
import type { Driver, DriverFactory, DriverStats } from './drivers/driver.ts';
import type { Outbox, OutboxStats } from './outbox/outbox.ts';
import { openSqliteOutbox } from './outbox/sqlite-outbox.ts';
import { Pipeline, type PipelineStats } from './pipeline/pipeline.ts';
import { type PointTable, pointTable } from './pipeline/point-table.ts';
import { type Stoppable, stopAll } from './stop-all.ts';
import { buildUplinks, uplinkNames } from './uplink/build-uplinks.ts';
import type { Uplink, UplinkStats } from './uplink/uplink.ts';

export interface GatewayOptions {
  config: GatewayConfig;
  devices: readonly DeviceRuntime[];
  /** Left out: nothing is derived. */
  derived?: readonly DerivedBinding[];
  drivers: readonly DriverFactory[];
  /** Classes that may be written at all, as `LoadedGateway` has them. Left out: nothing is written. */
  writableClasses?: ReadonlySet<string>;
  /** The outbox file is relative to it. */
  dataDir: string;
  clock: Clock;
  logger: Logger;
}

export interface GatewayStats {
  pipeline: PipelineStats;
  outbox: OutboxStats;
  /** By connection id. */
  connections: Record<string, DriverStats>;
  uplinks: Record<string, UplinkStats>;
  commands: CommandDeskStats;
  devices: { online: number; offline: number; unknown: number };
}

/** The composition root: drivers → pipeline → outbox → uplinks, started from the north, stopped from the south. */
export class Gateway {
  readonly #o: GatewayOptions;
  readonly #table: PointTable;
  readonly #drivers: { id: string; driver: Driver }[] = [];
  readonly #started: Stoppable[] = [];
  #outbox: Outbox | undefined;
  #pipeline: Pipeline | undefined;
  #commands: CommandDesk | undefined;
  #uplinks: Uplink[] = [];
  #startedMs = 0;

  /** Throws POINT_DOUBLE. */
  constructor(options: GatewayOptions) {
    this.#o = options;
    this.#table = pointTable(options.config.site, options.devices, options.derived);
  }

  /** Throws when the outbox cannot be opened; a driver that does not start is told and left out. */
  async start(): Promise<void> {
    const { config, dataDir, clock, logger } = this.#o;
    this.#startedMs = clock.monotonicMs();
    const file = resolve(dataDir, config.outbox.file);
    const outbox = openSqliteOutbox(file, {
      uplinks: uplinkNames(config),
      clock,
      logger,
      ...(config.outbox.maxBytes === undefined ? {} : { maxBytes: config.outbox.maxBytes }),
      ...(config.outbox.maxAge === undefined ? {} : { maxAgeMs: parseDuration(config.outbox.maxAge) }),
    });
    this.#outbox = outbox;
    this.#started.push({ name: 'outbox', stop: () => outbox.close() });
    const pipeline = new Pipeline({ table: this.#table, outbox, clock, logger });
    this.#pipeline = pipeline;
    const commands = this.#commandDesk(pipeline);
    this.#commands = commands;
    this.#uplinks = buildUplinks(config, {
      table: this.#table,
      pipeline,
      outbox,
      commands,
      clock,
      logger,
      bdSeqFile: `${file}.bd-seq`,
    });
    for (const uplink of this.#uplinks) {
      await uplink.start();
      this.#started.push({ name: uplink.name, stop: () => uplink.stop() });
    }
    pipeline.start();
    this.#started.push({ name: 'pipeline', stop: () => pipeline.stop() });
    for (const { id, driver } of this.#createDrivers()) {
      try {
        await driver.start(pipeline);
        this.#drivers.push({ id, driver });
        this.#started.push({ name: id, stop: () => driver.stop() });
      } catch (error) {
        logger.error(
          { connection: id },
          `connection "${id}" does not start, the others run on: ${errorMessage(error)}`,
        );
      }
    }
    this.#started.push({ name: 'commands', stop: () => commands.stop() });
  }

  async stop(): Promise<void> {
    await stopAll(this.#started.splice(0));
  }

  /** Undefined before start has opened the outbox. */
  stats(): GatewayStats | undefined {
    if (this.#outbox === undefined || this.#pipeline === undefined || this.#commands === undefined) return undefined;
    const devices = { online: 0, offline: 0, unknown: 0 };
    for (let i = 0; i < this.#table.devices.length; i++) devices[this.#pipeline.deviceState(i)]++;
    return {
      pipeline: this.#pipeline.stats(),
      outbox: this.#outbox.stats(),
      connections: Object.fromEntries(this.#drivers.map(({ id, driver }) => [id, driver.stats()])),
      uplinks: Object.fromEntries(this.#uplinks.map((uplink) => [uplink.name, uplink.stats()])),
      commands: this.#commands.stats(),
      devices,
    };
  }

  health(version: string): Health {
    const stats = this.stats();
    const parts: Health['parts'] = {};
    for (const [id, { connected }] of Object.entries(stats?.connections ?? {}))
      parts[`connection ${id}`] = connected ? { status: 'ok' } : { status: 'degraded', detail: 'not connected' };
    for (const [name, { connected, lastError }] of Object.entries(stats?.uplinks ?? {}))
      parts[`uplink ${name}`] = connected
        ? { status: 'ok' }
        : { status: 'degraded', detail: lastError ?? 'nothing sent yet' };
    const dropped = (stats?.outbox.dropped.live ?? 0) + (stats?.outbox.dropped.safety ?? 0);
    parts.outbox = dropped === 0 ? { status: 'ok' } : { status: 'degraded', detail: `${dropped} readings dropped` };
    const failing = Object.values(parts).some((part) => part.status !== 'ok');
    return {
      status: failing ? 'degraded' : 'ok',
      version,
      uptimeMs: Math.round(this.#o.clock.monotonicMs() - this.#startedMs),
      parts,
    };
  }

  #commandDesk(pipeline: Pipeline): CommandDesk {
    const { config, clock, logger, writableClasses } = this.#o;
    const { verify, maxAge } = config.commands ?? {};
    const connectionOf = new Map(config.devices.map((device: DeviceConfig) => [device.id, device.connection]));
    return new CommandDesk({
      table: this.#table,
      writableClasses: writableClasses ?? new Set(),
      write: (device, binding, request) => {
        const found = this.#drivers.find(({ id }) => id === connectionOf.get(device));
        if (found !== undefined) return found.driver.write(device, binding, request);
        const message = `connection "${connectionOf.get(device)}" is not running`;
        return Promise.resolve({ kind: 'failed', failure: { kind: 'connection', message } });
      },
      onLive: (pointIndex, call) => pipeline.onLive(pointIndex, call),
      clock,
      logger,
      ...(verify === undefined ? {} : { verifyMs: parseDuration(verify) }),
      ...(maxAge === undefined ? {} : { maxAgeMs: parseDuration(maxAge) }),
    });
  }

  #createDrivers(): { id: string; driver: Driver }[] {
    const { config, devices, drivers, clock, logger } = this.#o;
    const connectionOf = new Map(config.devices.map((device: DeviceConfig) => [device.id, device.connection]));
    return config.connections.flatMap((connection) => {
      const own = devices.filter((device) => connectionOf.get(device.id) === connection.id);
      const factory = drivers.find(({ protocol }) => protocol === connection.protocol);
      if (own.length === 0 || factory === undefined) return [];
      return [{ id: connection.id, driver: factory.create({ connection, devices: own, clock, logger }) }];
    });
  }
}
