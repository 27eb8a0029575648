import { type Clock, errorMessage, type Logger } from '@plantroom/contracts';
import type { Outbox, OutboxSlice } from '../../outbox/outbox.ts';
import type { PointTable } from '../../pipeline/point-table.ts';
import { backoffMs } from '../backoff.ts';
import type { Uplink, UplinkStats } from '../uplink.ts';
import { Waker } from '../waker.ts';
import { encodeLines, lineTargets, type WrittenQuality } from './encode-lines.ts';
import { writeIsolating } from './isolate.ts';
import { WriteError } from './line-writer.ts';

export const lineUplinkName = 'line-protocol';

/** Telemetry is gathered for this long: a request a second carries more than ten small ones at less cost to both ends. */
const gatherMs = 1000;
const maxReadings = 10_000;
/** A stop does not wait for a dead receiver; what it cuts off is sent again. */
const stopMs = 2000;

export interface LineUplinkOptions {
  outbox: Outbox;
  table: PointTable;
  writer: { write(lines: readonly string[]): Promise<void> };
  clock: Clock;
  logger: Logger;
}

/** Peek, post, commit: the cursor moves when the receiver has answered 2xx. */
export class LineUplink implements Uplink {
  readonly name = lineUplinkName;
  readonly #outbox: Outbox;
  #targets: ReturnType<typeof lineTargets>;
  readonly #writer: LineUplinkOptions['writer'];
  readonly #clock: Clock;
  readonly #logger: Logger;
  readonly #waker: Waker;
  readonly #written: WrittenQuality = new Map();
  readonly #stats: UplinkStats = {
    connected: false,
    sentReadings: 0,
    failures: 0,
    rejectedReadings: 0,
    lastError: null,
  };
  #running: Promise<void> | undefined;
  #stopping = false;
  #failuresInARow = 0;
  /** Set while the receiver rests after a failure: news must not cut that wait short. */
  #restMs: number | undefined;

  constructor({ outbox, table, writer, clock, logger }: LineUplinkOptions) {
    this.#outbox = outbox;
    this.#targets = lineTargets(table);
    this.#writer = writer;
    this.#clock = clock;
    this.#logger = logger;
    this.#waker = new Waker(clock);
  }

  start(): Promise<void> {
    this.#stopping = false;
    this.#running = this.#run();
    return Promise.resolve();
  }

  async stop(): Promise<void> {
    this.#stopping = true;
    this.#waker.wake();
    let cancel = (): void => undefined;
    const tired = new Promise<void>((resolve) => {
      cancel = this.#clock.after(stopMs, resolve);
    });
    await Promise.race([this.#running, tired]);
    cancel();
  }

  stats(): UplinkStats {
    return { ...this.#stats };
  }

  change(table: PointTable): void {
    // What has been a point has readings in the outbox, maybe for days: its line stays known.
    this.#targets = new Map([...this.#targets, ...lineTargets(table)]);
  }

  async #run(): Promise<void> {
    const leave = this.#outbox.onAppend((lane) => {
      if (lane === 'safety' && this.#restMs === undefined) this.#waker.wake();
    });
    while (!this.#stopping) {
      const full = await this.#sendNext();
      if (!full && !this.#stopping) await this.#waker.wait(this.#restMs ?? gatherMs);
      this.#restMs = undefined;
    }
    leave();
  }

  /** True when there may be more to send at once. */
  async #sendNext(): Promise<boolean> {
    try {
      const slice =
        this.#outbox.peek(this.name, 'safety', maxReadings) ?? this.#outbox.peek(this.name, 'live', maxReadings);
      if (slice === undefined) return false;
      await this.#send(slice);
      this.#outbox.commit(this.name, slice.lane, slice.to);
      this.#succeeded(slice.readings.length);
      return slice.lane === 'safety' || slice.readings.length === maxReadings;
    } catch (error) {
      this.#failed(error);
      return false;
    }
  }

  async #send(slice: OutboxSlice): Promise<void> {
    const { lines, qualities } = encodeLines(slice.readings, { targets: this.#targets, written: this.#written });
    if (lines.length > 0) {
      const rejected = await writeIsolating((part) => this.#writer.write(part), lines);
      for (const { line, why } of rejected) {
        this.#stats.rejectedReadings += fieldCount(line);
        this.#logger.error({ line, why }, 'the receiver refuses a line for good; it is left out');
      }
    }
    for (const [point, quality] of qualities) this.#written.set(point, quality);
  }

  #succeeded(readings: number): void {
    if (!this.#stats.connected)
      this.#logger.info({ afterFailures: this.#failuresInARow }, 'line protocol is being stored');
    this.#stats.connected = true;
    this.#stats.lastError = null;
    this.#stats.sentReadings += readings;
    this.#failuresInARow = 0;
  }

  #failed(error: unknown): void {
    const message = errorMessage(error);
    if (this.#stats.connected || this.#stats.lastError !== message)
      this.#logger.warn({ error: message }, 'line protocol is not stored; readings stay in the outbox');
    this.#stats.connected = false;
    this.#stats.lastError = message;
    this.#stats.failures++;
    this.#failuresInARow++;
    const askedMs = error instanceof WriteError ? error.retryAfterMs : undefined;
    this.#restMs = Math.max(askedMs ?? 0, backoffMs(this.#failuresInARow));
  }
}

/** Readings in a line: its fields, which of ours hold no commas. */
function fieldCount(line: string): number {
  return line.split(/(?<!\\) /)[1]?.split(',').length ?? 1;
}
