import { type Clock, errorMessage, type Logger, PlantroomError } from '@plantroom/contracts';
import type { EncodedWrite, PointBinding } from '@plantroom/device-profiles';
import type { ModbusConnection } from '../../config/gateway-config.ts';
import { LineScheduler, type PollHow, type PollResult } from '../../polling/scheduler.ts';
import { assertWritable } from '../assert-writable.ts';
import type { Driver, DriverSink, DriverStats, WriteResult } from '../driver.ts';
import { createClient } from './create-client.ts';
import { DevicePoll } from './device-poll.ts';
import { ExchangeStats } from './exchange-stats.ts';
import { deviceTiming, lineSettings } from './line-settings.ts';
import type { ModbusClient } from './modbus-client.ts';
import type { ModbusDevice } from './modbus-device.ts';
import { ModbusWriter } from './modbus-writer.ts';
import { pollClasses } from './poll-plan.ts';

export interface ModbusDriverOptions {
  connection: ModbusConnection;
  devices: readonly ModbusDevice[];
  clock: Clock;
  logger: Logger;
}

/** One refused connection is a device that restarts; the second says that it is gone. */
const refusalsUntilGone = 2;
/** A device that has restarted is found again within two of its polls, but not hammered, and not left alone for longer than half a minute. */
const leastMaxBackoffMs = 1000;
const mostMaxBackoffMs = 30_000;

/** The devices of one line: plan, schedule, writes and client put together. */
export class ModbusDriver implements Driver {
  readonly #options: ModbusDriverOptions;
  readonly #client: ModbusClient;
  readonly #scheduler: LineScheduler<DevicePoll>;
  readonly #writer: ModbusWriter;
  readonly #statsOf: ReadonlyMap<string, ExchangeStats>;
  readonly #gone = new Set<string>();
  #sink: DriverSink | undefined;

  constructor(options: ModbusDriverOptions) {
    const { connection, devices, clock, logger } = options;
    this.#options = options;
    this.#statsOf = new Map(devices.map(({ id }) => [id, new ExchangeStats()]));
    const tasks = this.#polls();
    const periodMs = Math.min(...tasks.map((task) => task.periodMs));
    this.#client = createClient(connection, {
      settings: {
        ...lineSettings(connection, devices),
        maxBackoffMs: Math.min(Math.max(periodMs, leastMaxBackoffMs), mostMaxBackoffMs),
      },
      clock,
      logger,
      onOpened: () => this.#scheduler.lineOpened(),
      onRefused: (times) => this.#refused(times),
    });
    this.#scheduler = new LineScheduler({
      tasks,
      poll: (task, how) => this.#poll(task, how),
      onUnit: (unit, state) => this.#unitBecame(unit, state),
      clock,
      logger,
    });
    this.#writer = new ModbusWriter({ client: this.#client, clock, logger });
  }

  start(sink: DriverSink): Promise<void> {
    this.#sink = sink;
    this.#client.start();
    this.#scheduler.start();
    return Promise.resolve();
  }

  async stop(): Promise<void> {
    this.#writer.stop();
    const scheduled = this.#scheduler.stop();
    await this.#client.stop();
    await scheduled;
  }

  /** Throws DRIVER_MISMATCH for a device or request that is not this driver's, READ_ONLY_CLASS for fire and elevators. */
  async write(device: string, binding: PointBinding, request: EncodedWrite): Promise<WriteResult> {
    assertWritable(binding);
    const target = this.#options.devices.find(({ id }) => id === device);
    const own = target?.bindings.find((known) => known === binding);
    const stats = this.#statsOf.get(device);
    if (target === undefined || own === undefined || stats === undefined || request.protocol !== 'modbus') {
      throw new PlantroomError(
        'DRIVER_MISMATCH',
        `${binding.equipment}/${binding.point} is not written over this line`,
      );
    }
    const timing = deviceTiming(this.#options.connection, target);
    const heard = (): void => this.#scheduler.heard(String(target.unitId));
    return await this.#writer.write({ device: target, binding: own, timing, stats, sink: this.#sink, heard }, request);
  }

  stats(): DriverStats {
    const { stray: _, ...client } = this.#client.stats();
    const devices = Object.fromEntries(
      this.#options.devices.map(({ id, unitId }) => {
        const silent = this.#scheduler.isSilent(String(unitId));
        return [id, (this.#statsOf.get(id) ?? new ExchangeStats()).stats(silent)];
      }),
    );
    return { ...client, overruns: this.#scheduler.stats().overruns, messages: 0, devices };
  }

  #polls(): DevicePoll[] {
    const { connection, devices, clock, logger } = this.#options;
    return devices
      .flatMap((device) => {
        const timing = deviceTiming(connection, device);
        const stats = this.#statsOf.get(device.id) ?? new ExchangeStats();
        return pollClasses.map((poll) => new DevicePoll({ device, poll, timing, stats, clock, logger }));
      })
      .filter((poll) => !poll.isEmpty);
  }

  async #poll(task: DevicePoll, how: PollHow): Promise<PollResult> {
    const sink = this.#sink;
    if (sink === undefined) return { outcome: 'unsent' };
    try {
      const result = await task.run(this.#client, sink, how);
      if (result.outcome === 'answered') this.#isBack(task.device.id);
      return result;
    } catch (error) {
      // What the sink throws (a full disk) must not end the polling of the line.
      this.#options.logger.error({ device: task.device.id, error }, `poll of ${task.key}: ${errorMessage(error)}`);
      return { outcome: 'unsent' };
    }
  }

  #refused(times: number): void {
    if (times === refusalsUntilGone) for (const { id } of this.#options.devices) this.#isGone(id);
  }

  /** Several devices may share a unit id: they are silent together. */
  #unitBecame(unit: string, state: 'silent' | 'answers'): void {
    for (const { id, unitId } of this.#options.devices) {
      if (String(unitId) !== unit) continue;
      if (state === 'silent') this.#isGone(id);
      else this.#isBack(id);
    }
  }

  #isGone(device: string): void {
    if (this.#gone.has(device)) return;
    this.#gone.add(device);
    this.#sink?.availability(device, false, this.#options.clock.nowMs());
  }

  #isBack(device: string): void {
    if (this.#gone.delete(device)) this.#sink?.availability(device, true, this.#options.clock.nowMs());
  }
}
