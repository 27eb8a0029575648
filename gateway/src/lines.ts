import { type Clock, errorMessage, type Logger } from '@plantroom/contracts';
import type { EncodedWrite, PointBinding } from '@plantroom/device-profiles';
import type { Driver, DriverFactory, DriverSink, DriverStats, WriteResult } from './drivers/driver.ts';
import type { LinePlan } from './reload/diff-plans.ts';
import { stopTogether } from './stop-all.ts';

export interface LinesOptions {
  drivers: readonly DriverFactory[];
  clock: Clock;
  logger: Logger;
}

/** A driver that has been made and opens nothing yet. */
export interface PreparedLine {
  id: string;
  devices: readonly string[];
  driver: Driver;
}

interface Line extends PreparedLine {
  closing: boolean;
  /** Why its driver did not start; undefined: it runs. */
  failure: string | undefined;
  writes: Set<Promise<unknown>>;
}

/** What is on the wire already may be answered; a line that hangs is not waited for. */
const writeGraceMs = 5000;

/** The connections that run, each with its driver. */
export class Lines {
  readonly #o: LinesOptions;
  readonly #lines = new Map<string, Line>();

  constructor(options: LinesOptions) {
    this.#o = options;
  }

  /** Drivers for these; throws what their factories throw. Opens nothing. */
  prepare(plans: readonly LinePlan[]): PreparedLine[] {
    const { drivers, clock, logger } = this.#o;
    return plans.flatMap(({ connection, devices }) => {
      const factory = drivers.find(({ protocol }) => protocol === connection.protocol);
      if (factory === undefined) return [];
      const driver = factory.create({ connection, devices, clock, logger });
      return [{ id: connection.id, devices: devices.map(({ id }) => id), driver }];
    });
  }

  /** A driver that does not start is told and stays without values; the others run on. */
  async open(prepared: readonly PreparedLine[], sink: DriverSink): Promise<void> {
    for (const { id, devices, driver } of prepared) {
      const line: Line = { id, devices, driver, closing: false, failure: undefined, writes: new Set() };
      this.#lines.set(id, line);
      try {
        await driver.start(sink);
      } catch (error) {
        line.failure = errorMessage(error);
        this.#o.logger.error(
          { connection: id },
          `connection "${id}" does not start, the others run on: ${line.failure}`,
        );
      }
    }
  }

  /** All at once. Takes no more writes for them; those under way may end first. Throws all failures together, when all are closed. */
  async close(ids: readonly string[]): Promise<void> {
    const closing = ids.flatMap((id) => this.#lines.get(id) ?? []);
    for (const line of closing) line.closing = true;
    await stopTogether(closing.map((line) => ({ name: line.id, stop: () => this.#close(line) })));
  }

  async stop(): Promise<void> {
    await this.close([...this.#lines.keys()]);
  }

  /** To the device's line; one that is not running fails the write. */
  async write(device: string, binding: PointBinding, request: EncodedWrite): Promise<WriteResult> {
    const line = [...this.#lines.values()].find(({ devices }) => devices.includes(device));
    if (line === undefined) return notWritten(`no connection of "${device}" is running`);
    if (line.closing) return notWritten(`connection "${line.id}" is being closed or reopened`);
    if (line.failure !== undefined) return notWritten(`connection "${line.id}" is not running: ${line.failure}`);
    const writing = line.driver.write(device, binding, request);
    line.writes.add(writing);
    try {
      return await writing;
    } finally {
      line.writes.delete(writing);
    }
  }

  /** Of those that run, by connection id. */
  stats(): Record<string, DriverStats> {
    const running = [...this.#lines.values()].filter(({ failure }) => failure === undefined);
    return Object.fromEntries(running.map(({ id, driver }) => [id, driver.stats()]));
  }

  /** Why those that should run do not, by connection id. */
  failures(): Record<string, string> {
    return Object.fromEntries([...this.#lines.values()].flatMap(({ id, failure }) => (failure ? [[id, failure]] : [])));
  }

  async #close(line: Line): Promise<void> {
    await this.#writesEnded(line);
    try {
      if (line.failure === undefined) await line.driver.stop();
    } finally {
      if (this.#lines.get(line.id) === line) this.#lines.delete(line.id);
    }
  }

  async #writesEnded({ writes }: Line): Promise<void> {
    if (writes.size === 0) return;
    let cancel = (): void => undefined;
    const tired = new Promise<void>((resolve) => {
      cancel = this.#o.clock.after(writeGraceMs, resolve);
    });
    await Promise.race([Promise.allSettled(writes), tired]);
    cancel();
  }
}

const notWritten = (message: string): WriteResult => ({ kind: 'failed', failure: { kind: 'connection', message } });
