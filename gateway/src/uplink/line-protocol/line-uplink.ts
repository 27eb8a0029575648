import { type Clock, errorMessage, type Logger, qualityMeasurement } from '@plantroom/contracts';
import type { Outbox } from '../../outbox/outbox.ts';
import type { PointTable } from '../../pipeline/point-table.ts';
import { backoffMs } from '../backoff.ts';
import { newUplinkStats, type Uplink, type UplinkStats } from '../uplink.ts';
import { Waker } from '../waker.ts';
import { BatchSize } from './batch-size.ts';
import { encodeLines, lineTargets } from './encode-lines.ts';
import { type Due, LaneOrder } from './lane-order.ts';
import { RejectionLog } from './rejection-log.ts';
import { LineSender, type Rejected } from './send-lines.ts';
import { WriteError } from './write-error.ts';

export const lineUplinkName = 'line-protocol';

/** Telemetry is gathered for this long: a request a second carries more than ten small ones at less cost to both ends. */
const gatherMs = 1000;
/** A stop does not wait for a dead receiver; what it cuts off is sent again. */
const stopMs = 2000;

export interface LineUplinkOptions {
  outbox: Outbox;
  table: PointTable;
  writer: { write(lines: readonly string[]): Promise<void> };
  clock: Clock;
  logger: Logger;
}

/** Read, post, commit: the cursor moves when the receiver has answered that it has stored everything before it. */
export class LineUplink implements Uplink {
  readonly name = lineUplinkName;
  readonly #outbox: Outbox;
  #targets: ReturnType<typeof lineTargets>;
  readonly #sender: LineSender;
  readonly #size = new BatchSize();
  readonly #rejections: RejectionLog;
  readonly #clock: Clock;
  readonly #logger: Logger;
  readonly #waker: Waker;
  readonly #stats = newUplinkStats();
  #order: LaneOrder | undefined;
  #running: Promise<void> | undefined;
  #stopping = false;
  #failuresInARow = 0;
  /** Set while the receiver rests after a failure: news must not cut that wait short. */
  #restMs: number | undefined;

  constructor({ outbox, table, writer, clock, logger }: LineUplinkOptions) {
    this.#outbox = outbox;
    this.#targets = lineTargets(table);
    this.#sender = new LineSender(writer);
    this.#clock = clock;
    this.#logger = logger;
    this.#waker = new Waker(clock);
    this.#rejections = new RejectionLog(clock, logger);
  }

  start(): Promise<void> {
    this.#stopping = false;
    this.#order = new LaneOrder({ uplink: this.name, outbox: this.#outbox, clock: this.#clock, gatherMs });
    this.#running = this.#run(this.#order);
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
    return { ...this.#stats, aheadReadings: this.#order?.ahead ?? 0 };
  }

  change(table: PointTable): void {
    // What has been a point has readings in the outbox, maybe for days: its line stays known.
    this.#targets = new Map([...this.#targets, ...lineTargets(table)]);
  }

  async #run(order: LaneOrder): Promise<void> {
    const leave = this.#outbox.onAppend((lane) => {
      if (lane === 'safety' && this.#restMs === undefined) this.#waker.wake();
    });
    while (!this.#stopping) {
      const more = await this.#sendNext(order);
      if (!more && !this.#stopping) await this.#waker.wait(this.#restMs ?? gatherMs);
      this.#restMs = undefined;
    }
    leave();
  }

  /** True when there may be more to send at once. */
  async #sendNext(order: LaneOrder): Promise<boolean> {
    try {
      const due = order.next(this.#size.readings);
      if (due === undefined) return false;
      const rejected = await this.#send(due);
      due.done();
      this.#succeeded(due.slice.readings.length - rejected);
      return due.more;
    } catch (error) {
      this.#failed(error);
      return false;
    }
  }

  /** Answers how many readings the receiver refused for good. */
  async #send({ slice, written }: Due): Promise<number> {
    const { lines, qualities } = encodeLines(slice.readings, { targets: this.#targets, written });
    let readings = 0;
    for (const rejected of await this.#sender.send(lines)) {
      readings += readingsIn(rejected);
      this.#rejections.tell(rejected);
    }
    this.#stats.rejectedReadings += readings;
    for (const [point, quality] of qualities) written.set(point, quality);
    return readings;
  }

  #succeeded(readings: number): void {
    if (!this.#stats.connected)
      this.#logger.info({ afterFailures: this.#failuresInARow }, 'line protocol is being stored');
    this.#stats.connected = true;
    this.#stats.lastError = null;
    this.#stats.sentReadings += readings;
    this.#failuresInARow = 0;
    this.#size.worked();
  }

  #failed(error: unknown): void {
    const message = errorMessage(error);
    if (this.#stats.connected || this.#stats.lastError !== message)
      this.#logger.warn({ error: message }, 'line protocol is not stored; readings stay in the outbox');
    this.#stats.connected = false;
    this.#stats.lastError = message;
    this.#stats.failures++;
    this.#failuresInARow++;
    const failure = error instanceof WriteError ? error : undefined;
    // A limit that closes the connection in the midst of a request looks like a network that fails.
    if (failure?.status === undefined) this.#size.failed();
    this.#restMs = Math.max(failure?.retryAfterMs ?? 0, backoffMs(this.#failuresInARow));
  }
}

/** Fields of the lines; of those that the receiver does not name at least one each. */
function readingsIn({ count, lines }: Rejected): number {
  return lines.reduce((sum, line) => sum + fieldCount(line), count - lines.length);
}

/** Readings in a line: its fields, which of ours hold no commas. A change of quality comes beside a reading and is none itself. */
function fieldCount(line: string): number {
  if (line.startsWith(`${qualityMeasurement},`)) return 0;
  return line.split(/(?<!\\) /)[1]?.split(',').length ?? 1;
}
