import { type Clock, type Logger, PlantroomError } from '@plantroom/contracts';
import type { ReadFailure } from '../driver.ts';
import { type Framing, type ReadRequest, type Reply, valuesOf } from './framing.ts';
import type { LineSettings } from './line-settings.ts';
import { TcpLine } from './tcp-line.ts';

export interface ModbusClientOptions {
  host: string;
  port: number;
  framing: Framing;
  settings: LineSettings;
  clock: Clock;
  logger: Logger;
  /** A connection could not be made, the n-th time in a row. */
  onRefused?(times: number): void;
}

export type ReadResult =
  /** One value per register or bit; `atMs` (UTC) is when the last byte of the response arrived. */
  | { ok: true; values: Uint16Array; atMs: number }
  /** `waited`: the whole time-out was spent on it. */
  | { ok: false; failure: ReadFailure; waited: boolean; atMs: number };

export interface ModbusClientStats {
  connected: boolean;
  requests: number;
  responses: number;
  timeouts: number;
  exceptions: number;
  malformed: number;
  reconnects: number;
  /** Frames that answered no request in flight, dropped. */
  stray: number;
}

interface Exchange {
  request: ReadRequest;
  resolve(result: ReadResult): void;
  cancelTimeout(): void;
}

/**
 * A half-open connection takes requests and answers none, for ever: after so many time-outs in a row, whichever units they were meant
 * for, it is made anew.
 */
const timeoutsBeforeReconnect = 3;
/** A line that is not silent after so many times the quiet time carries noise or another master. */
const mostQuietTimes = 4;

/** All units of one host and port: one connection, one request in flight, and no answer taken for that of another request. */
export class ModbusClient {
  readonly #options: ModbusClientOptions;
  readonly #line: TcpLine;
  #exchange: Exchange | undefined;
  #quiet: { end(): void; heard(): void; over: Promise<void> } | undefined;
  #busy = false;
  #freeAtMs = 0;
  #timeoutsInARow = 0;
  #stopped = true;
  readonly #counts = { requests: 0, responses: 0, timeouts: 0, exceptions: 0, malformed: 0 };

  constructor(options: ModbusClientOptions) {
    this.#options = options;
    this.#line = new TcpLine({
      host: options.host,
      port: options.port,
      connectDelayMs: options.settings.connectDelayMs,
      clock: options.clock,
      logger: options.logger,
      onBytes: (bytes) => this.#receive(bytes),
      onClosed: (reason) => this.#closed(reason),
      onRefused: (_reason, times) => options.onRefused?.(times),
    });
  }

  start(): void {
    this.#stopped = false;
    this.#line.start();
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    this.#closed('stopped');
    await this.#line.stop();
  }

  stats(): ModbusClientStats {
    const { framing } = this.#options;
    return {
      connected: this.#line.open,
      ...this.#counts,
      reconnects: this.#line.reconnects,
      stray: framing.stray(),
    };
  }

  /** One attempt. Never rejects for what a device does; MODBUS_BUSY when another read is under way, which is the caller's fault. */
  async read(request: ReadRequest): Promise<ReadResult> {
    if (this.#busy) throw new PlantroomError('MODBUS_BUSY', 'a second read while one is under way');
    this.#busy = true;
    try {
      if (this.#quiet !== undefined) await this.#quiet.over;
      if (!this.#line.open) await this.#line.settled();
      const waitMs = this.#freeAtMs - this.#options.clock.monotonicMs();
      if (waitMs > 0) await new Promise<void>((resolve) => this.#options.clock.after(waitMs, resolve));
      if (!this.#line.open || this.#stopped) return this.#failed({ kind: 'connection', message: this.#line.lastError });
      return await this.#send(request);
    } finally {
      this.#busy = false;
    }
  }

  #send(request: ReadRequest): Promise<ReadResult> {
    const { clock, framing, settings } = this.#options;
    this.#counts.requests += 1;
    return new Promise((resolve) => {
      const cancelTimeout = clock.after(settings.timeoutMs, () => this.#timedOut());
      this.#exchange = { request, resolve, cancelTimeout };
      this.#line.write(framing.begin(request));
    });
  }

  #receive(bytes: Uint8Array): void {
    const atMs = this.#options.clock.nowMs();
    this.#quiet?.heard();
    const reply = this.#options.framing.receive(bytes);
    if (reply === undefined) return;
    if (reply.kind === 'late') {
      this.#quiet?.end();
    } else if (reply.kind === 'desync') {
      this.#desync(reply.message, atMs);
    } else if (this.#exchange !== undefined) {
      this.#timeoutsInARow = 0;
      this.#line.proven();
      this.#counts.responses += 1;
      this.#finish(this.#resultOf(reply, this.#exchange.request, atMs));
    }
  }

  #resultOf(reply: Exclude<Reply, { kind: 'late' | 'desync' }>, request: ReadRequest, atMs: number): ReadResult {
    if (reply.kind === 'data') return { ok: true, values: valuesOf(request, reply.bytes), atMs };
    if (reply.kind === 'exception') {
      this.#counts.exceptions += 1;
      return { ok: false, failure: { kind: 'exception', code: reply.code }, waited: false, atMs };
    }
    this.#counts.malformed += 1;
    return { ok: false, failure: { kind: 'malformed', message: reply.message }, waited: false, atMs };
  }

  #desync(message: string, atMs: number): void {
    this.#counts.malformed += 1;
    this.#finish({ ok: false, failure: { kind: 'malformed', message }, waited: false, atMs });
    this.#line.drop(message);
  }

  #timedOut(): void {
    const request = this.#exchange?.request;
    if (request === undefined) return;
    const { framing } = this.#options;
    const complaint = framing.complaint();
    framing.abandon();
    this.#timeoutsInARow += 1;
    if (complaint === undefined) this.#counts.timeouts += 1;
    else this.#counts.malformed += 1;
    const failure: ReadFailure =
      complaint === undefined ? { kind: 'timeout' } : { kind: 'malformed', message: complaint };
    if (this.#timeoutsInARow >= timeoutsBeforeReconnect) {
      this.#timeoutsInARow = 0;
      this.#finish(this.#failed(failure, true));
      this.#line.drop(`no answer to ${timeoutsBeforeReconnect} requests in a row`);
      return;
    }
    if (framing.needsQuiet(request)) this.#beQuiet();
    this.#finish(this.#failed(failure, true));
  }

  #closed(reason: string): void {
    this.#options.framing.reset();
    this.#quiet?.end();
    this.#finish(this.#failed({ kind: 'connection', message: reason }));
  }

  /**
   * Sends nothing until the line has been silent for as long as an answer may take, or the late answer has come whole: without an id
   * it would be taken for the answer to the next request (RTU has no transaction id).
   */
  #beQuiet(): void {
    const { clock, settings } = this.#options;
    const quietMs = settings.timeoutMs;
    const startMs = clock.monotonicMs();
    let finish: () => void = () => undefined;
    const over = new Promise<void>((resolve) => {
      finish = resolve;
    });
    let cancel = clock.after(quietMs, () => this.#quiet?.end());
    this.#quiet = {
      over,
      end: () => {
        cancel();
        this.#quiet = undefined;
        finish();
      },
      heard: () => {
        cancel();
        if (clock.monotonicMs() - startMs < quietMs * mostQuietTimes) {
          cancel = clock.after(quietMs, () => this.#quiet?.end());
        } else {
          this.#line.drop('the line does not fall silent');
        }
      },
    };
  }

  #finish(result: ReadResult): void {
    const exchange = this.#exchange;
    if (exchange === undefined) return;
    this.#exchange = undefined;
    exchange.cancelTimeout();
    this.#freeAtMs = this.#options.clock.monotonicMs() + this.#options.settings.minRequestGapMs;
    exchange.resolve(result);
  }

  #failed(failure: ReadFailure, waited = false): ReadResult {
    return { ok: false, failure, waited, atMs: this.#options.clock.nowMs() };
  }
}
