import { resolve } from 'node:path';
import {
  type Clock,
  errorMessage,
  type Health,
  type Logger,
  PlantroomError,
  ProblemsError,
} from '@plantroom/contracts';
import { parseDuration } from '@plantroom/device-profiles';
import { CommandDesk, type CommandDeskStats, type CommandRules } from './commands/command-desk.ts';
import type { DriverFactory, DriverStats } from './drivers/driver.ts';
import type { GatewayPlan } from './gateway-plan.ts';
import { Lines } from './lines.ts';
import type { Outbox, OutboxStats } from './outbox/outbox.ts';
import type { OutboxOptions } from './outbox/outbox-options.ts';
import { openSqliteOutbox } from './outbox/sqlite-outbox.ts';
import { Pipeline, type PipelineStats } from './pipeline/pipeline.ts';
import { type PointTable, pointTable } from './pipeline/point-table.ts';
import { diffPlans, linesOf, type PlanDiff } from './reload/diff-plans.ts';
import { needsRestart } from './reload/needs-restart.ts';
import { type Stoppable, stopAll } from './stop-all.ts';
import { buildUplinks, uplinkNames } from './uplink/build-uplinks.ts';
import type { Uplink, UplinkStats } from './uplink/uplink.ts';

export interface GatewayOptions extends GatewayPlan {
  drivers: readonly DriverFactory[];
  /** The outbox file is relative to it. */
  dataDir: string;
  clock: Clock;
  logger: Logger;
  /** Left out: the file that the configuration names. */
  openOutbox?: (options: OutboxOptions) => Outbox;
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

/** Losses are told by health for so long; by API and chart always. */
const holesTroubleMs = 86_400_000;

interface Running {
  outbox: Outbox;
  pipeline: Pipeline;
  commands: CommandDesk;
  uplinks: Uplink[];
}

/** The composition root: drivers → pipeline → outbox → uplinks, started from the north, stopped from the south. */
export class Gateway {
  readonly #o: GatewayOptions;
  readonly #lines: Lines;
  readonly #started: Stoppable[] = [];
  #plan: GatewayPlan;
  #table: PointTable;
  #running: Running | undefined;
  #startedMs = 0;
  /** Changes of the plan and the stop, one after the other. */
  #turn: Promise<unknown> = Promise.resolve();

  /** Throws POINT_DOUBLE. */
  constructor(options: GatewayOptions) {
    const { drivers, clock, logger, config, devices, derived } = options;
    this.#o = options;
    this.#plan = options;
    this.#lines = new Lines({ drivers, clock, logger });
    this.#table = pointTable(config.site, devices, derived);
  }

  /** Throws when the outbox cannot be opened; a driver that does not start is told and left out. */
  async start(): Promise<void> {
    const { config, dataDir, clock, logger } = this.#o;
    this.#startedMs = clock.monotonicMs();
    const file = resolve(dataDir, config.outbox.file);
    const openOutbox = this.#o.openOutbox ?? ((options) => openSqliteOutbox(file, options));
    const outbox = openOutbox({
      uplinks: uplinkNames(config),
      clock,
      logger,
      ...(config.outbox.maxBytes === undefined ? {} : { maxBytes: config.outbox.maxBytes }),
      ...(config.outbox.maxAge === undefined ? {} : { maxAgeMs: parseDuration(config.outbox.maxAge) }),
    });
    this.#started.push({ name: 'outbox', stop: () => outbox.close() });
    const pipeline = new Pipeline({ table: this.#table, outbox, clock, logger });
    const commands = new CommandDesk({
      ...commandRules(this.#plan, this.#table),
      write: (device, binding, request) => this.#lines.write(device, binding, request),
      onLive: (point, call) => pipeline.onLive(point, call),
      clock,
      logger,
    });
    const uplinks = buildUplinks(config, {
      table: this.#table,
      pipeline,
      outbox,
      commands,
      clock,
      logger,
      bdSeqFile: `${file}.bd-seq`,
    });
    this.#running = { outbox, pipeline, commands, uplinks };
    for (const uplink of uplinks) {
      await uplink.start();
      this.#started.push({ name: uplink.name, stop: () => uplink.stop() });
    }
    pipeline.start();
    this.#started.push({ name: 'pipeline', stop: () => pipeline.stop() });
    this.#started.push({ name: 'lines', stop: () => this.#lines.stop() });
    await this.#lines.open(this.#lines.prepare(linesOf(this.#plan)), pipeline);
    this.#started.push({ name: 'commands', stop: () => commands.stop() });
  }

  /** A change under way ends first. */
  stop(): Promise<void> {
    return this.#inTurn(async () => {
      await stopAll(this.#started.splice(0));
    });
  }

  /**
   * Goes over to another plan while it runs: lines that are the same in both are not touched, points that are in both go on where they stood,
   * outbox and uplinks stay open. Throws RELOAD_NEEDS_RESTART, POINT_DOUBLE, or what a driver's factory throws; then nothing has changed.
   */
  change(plan: GatewayPlan): Promise<PlanDiff> {
    return this.#inTurn(() => this.#change(plan));
  }

  /** As it runs now. */
  get plan(): GatewayPlan {
    return this.#plan;
  }

  async #change(plan: GatewayPlan): Promise<PlanDiff> {
    const { logger } = this.#o;
    const running = this.#running;
    if (running === undefined || this.#started.length === 0)
      throw new PlantroomError('GATEWAY_NOT_RUNNING', 'the gateway does not run, its plan cannot be changed');
    const fixed = needsRestart(this.#plan.config, plan.config);
    if (fixed.length > 0) throw new ProblemsError('RELOAD_NEEDS_RESTART', fixed.map(restartProblem));
    const diff = diffPlans(this.#plan, plan);
    // Drivers that are not touched know their devices and bindings by these very objects.
    const kept = new Map(this.#plan.devices.map((device) => [device.id, device]));
    const isKept = new Set(diff.devices.kept);
    const devices = plan.devices.map((device) => (isKept.has(device.id) ? (kept.get(device.id) ?? device) : device));
    const next: GatewayPlan = { ...plan, devices };
    const table = pointTable(next.config.site, devices, next.derived, { former: this.#table });
    const { reopened, opened, closed } = diff.lines;
    const begins = new Set([...reopened, ...opened]);
    const opening = this.#lines.prepare(linesOf(next).filter(({ connection }) => begins.has(connection.id)));

    try {
      await this.#lines.close([...reopened, ...closed]);
    } catch (error) {
      // Whatever still hangs of them delivers for bindings that nobody knows any more.
      logger.error({ error: errorMessage(error) }, 'a line did not close cleanly, the reload goes on');
    }
    // In one go: whoever looks a point up finds it in the same table as everybody else.
    running.pipeline.change(table);
    running.commands.change(commandRules(next, table));
    for (const uplink of running.uplinks) uplink.change(table);
    this.#plan = next;
    this.#table = table;
    await this.#lines.open(opening, running.pipeline);
    return diff;
  }

  /** Undefined before start has opened the outbox. */
  stats(): GatewayStats | undefined {
    if (this.#running === undefined) return undefined;
    const { outbox, pipeline, commands, uplinks } = this.#running;
    const devices = { online: 0, offline: 0, unknown: 0 };
    for (let i = 0; i < this.#table.devices.length; i++) devices[pipeline.deviceState(i)]++;
    return {
      pipeline: pipeline.stats(),
      outbox: outbox.stats(),
      connections: this.#lines.stats(),
      uplinks: Object.fromEntries(uplinks.map((uplink) => [uplink.name, uplink.stats()])),
      commands: commands.stats(),
      devices,
    };
  }

  health(version: string): Health {
    const stats = this.stats();
    const parts: Health['parts'] = {};
    for (const [id, { connected }] of Object.entries(stats?.connections ?? {}))
      parts[`connection ${id}`] = connected ? { status: 'ok' } : { status: 'degraded', detail: 'not connected' };
    for (const [id, failure] of Object.entries(this.#lines.failures()))
      parts[`connection ${id}`] = { status: 'degraded', detail: failure };
    for (const [name, { connected, lastError }] of Object.entries(stats?.uplinks ?? {}))
      parts[`uplink ${name}`] = connected
        ? { status: 'ok' }
        : { status: 'degraded', detail: lastError ?? 'nothing sent yet' };
    parts.outbox = this.#outboxHealth();
    const failing = Object.values(parts).some((part) => part.status !== 'ok');
    return {
      status: failing ? 'degraded' : 'ok',
      version,
      uptimeMs: Math.round(this.#o.clock.monotonicMs() - this.#startedMs),
      parts,
    };
  }

  #outboxHealth(): Health['parts'][string] {
    const outbox = this.#running?.outbox;
    const refusing = outbox?.stats().refusing ?? null;
    if (refusing !== null) return { status: 'degraded', detail: `takes no readings, they wait in memory: ${refusing}` };
    const sinceMs = this.#o.clock.nowMs() - holesTroubleMs;
    const holes = (outbox?.holes() ?? []).filter((hole) => hole.recordedMs >= sinceMs);
    if (holes.length === 0) return { status: 'ok' };
    const reasons = [...new Set(holes.map(({ reason }) => reason))].join(', ');
    const count = holes.reduce((sum, hole) => sum + (hole.count ?? 0), 0);
    return { status: 'degraded', detail: `${count} readings lost within a day (${reasons})` };
  }

  #inTurn<T>(call: () => Promise<T>): Promise<T> {
    const turn = this.#turn.then(call);
    this.#turn = turn.catch(() => undefined);
    return turn;
  }
}

function commandRules({ config, writableClasses }: GatewayPlan, table: PointTable): CommandRules {
  const { verify, maxAge } = config.commands ?? {};
  return {
    table,
    writableClasses: writableClasses ?? new Set(),
    ...(verify === undefined ? {} : { verifyMs: parseDuration(verify) }),
    ...(maxAge === undefined ? {} : { maxAgeMs: parseDuration(maxAge) }),
  };
}

const restartProblem = (pointer: string) => ({
  source: 'configuration',
  path: pointer,
  message: 'is changed, which a reload does not apply: restart the gateway, or take the change back',
});
