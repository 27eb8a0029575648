import { type Clock, errorMessage, type Logger } from '@plantroom/contracts';
import type { ModbusConnection } from '../../config/gateway-config.ts';
import { LineScheduler, type PollOutcome } from '../../polling/scheduler.ts';
import type { Driver, DriverSink, DriverStats } from '../driver.ts';
import { DevicePoll } from './device-poll.ts';
import { lineSettings } from './line-settings.ts';
import { MbapFraming } from './mbap-framing.ts';
import { ModbusClient } from './modbus-client.ts';
import type { ModbusDevice } from './modbus-device.ts';
import { pollClasses } from './poll-plan.ts';
import { RtuFraming } from './rtu-framing.ts';

export interface ModbusDriverOptions {
  connection: ModbusConnection;
  devices: readonly ModbusDevice[];
  clock: Clock;
  logger: Logger;
}

/** One refused connection is a device that restarts; the second says that it is gone. */
const refusalsUntilGone = 2;

/** The devices of one line: plan, schedule and client put together. */
export class ModbusDriver implements Driver {
  readonly #options: ModbusDriverOptions;
  readonly #client: ModbusClient;
  readonly #scheduler: LineScheduler<DevicePoll>;
  readonly #gone = new Set<string>();
  #sink: DriverSink | undefined;

  constructor(options: ModbusDriverOptions) {
    const { connection, devices, clock, logger } = options;
    this.#options = options;
    this.#client = new ModbusClient({
      host: connection.host,
      port: connection.port,
      framing: connection.transport === 'tcp' ? new MbapFraming() : new RtuFraming(),
      settings: lineSettings(connection, devices),
      clock,
      logger,
      onRefused: (times) => this.#refused(times),
    });
    this.#scheduler = new LineScheduler({
      tasks: pollsOf(options),
      poll: (task) => this.#poll(task),
      clock,
      logger,
    });
  }

  start(sink: DriverSink): Promise<void> {
    this.#sink = sink;
    this.#client.start();
    this.#scheduler.start();
    return Promise.resolve();
  }

  async stop(): Promise<void> {
    const scheduled = this.#scheduler.stop();
    await this.#client.stop();
    await scheduled;
  }

  stats(): DriverStats {
    const { stray: _, ...client } = this.#client.stats();
    return { ...client, overruns: this.#scheduler.stats().overruns, messages: 0 };
  }

  async #poll(task: DevicePoll): Promise<PollOutcome> {
    const sink = this.#sink;
    if (sink === undefined) return 'unsent';
    try {
      const outcome = await task.run(this.#client, sink);
      if (outcome === 'answered' && this.#gone.delete(task.device.id)) {
        sink.availability(task.device.id, true, this.#options.clock.nowMs());
      }
      return outcome;
    } catch (error) {
      // What the sink throws (a full disk) must not end the polling of the line.
      this.#options.logger.error({ device: task.device.id, error }, `poll of ${task.key}: ${errorMessage(error)}`);
      return 'unsent';
    }
  }

  #refused(times: number): void {
    if (times !== refusalsUntilGone) return;
    for (const device of this.#options.devices) {
      this.#gone.add(device.id);
      this.#sink?.availability(device.id, false, this.#options.clock.nowMs());
    }
  }
}

function pollsOf({ devices, clock, logger }: ModbusDriverOptions): DevicePoll[] {
  return devices
    .flatMap((device) => pollClasses.map((poll) => new DevicePoll({ device, poll, clock, logger })))
    .filter((poll) => poll.blocks.length > 0);
}
