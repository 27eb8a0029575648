import { type Clock, type Logger, PlantroomError } from '@plantroom/contracts';
import type { ReadFailure } from '../driver.ts';
import type { Framing, Reply } from './framing.ts';
import { type Confusion, LateAnswers } from './late-answers.ts';
import type { Line, MakeLine } from './line.ts';
import type { LineSettings } from './line-settings.ts';
import { QuietUnits } from './quiet-units.ts';
import {
  assertRequest,
  type ModbusRequest,
  type ReadRequest,
  type ReadWriteRequest,
  valuesOf,
  type WriteRequest,
} from './request.ts';
import { SilenceWatch } from './silence-watch.ts';

export interface ModbusClientOptions {
  line: MakeLine;
  framing: Framing;
  /** For requests that state none of their own. */
  settings: LineSettings;
  clock: Clock;
  logger: Logger;
  /** A connection stands. */
  onOpened?(): void;
  /** A connection could not be made, the n-th time in a row. */
  onRefused?(times: number): void;
}

export type ExchangeResult =
  /** One value per register or bit read, none after a plain write; `atMs` (UTC) is when the last byte of the response arrived. */
  | { ok: true; values: Uint16Array; atMs: number; tookMs: number }
  /**
   * `sent`: the request went out. `waited`: the whole time-out was spent on it. `tookMs`: from the request to the answer or the end of the
   * time; 0 when nothing was sent.
   */
  | { ok: false; failure: ReadFailure; sent: boolean; waited: boolean; atMs: number; tookMs: number };

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

interface Job {
  request: ModbusRequest;
  ahead: boolean;
  resolve(result: ExchangeResult): void;
  /** Undefined until the request is sent. */
  sentMs: number | undefined;
  confusion: Confusion;
  /** The attempt to connect that was running has been waited for. */
  lineAwaited: boolean;
  overslept: boolean;
}

/** Of each kind. Pollers ask one after the other; more than this is a caller that does not wait. */
const mostWaiting = 256;

/** This process itself was held up for so long: an answer may lie in the socket, and is looked for once before silence is told. */
const oversleptMs = 20;

/** All units of one line: one request in flight, and no answer taken for that of another request. Writes go ahead of waiting reads. */
export class ModbusClient {
  readonly #options: ModbusClientOptions;
  readonly #line: Line;
  readonly #quiet: QuietUnits;
  readonly #silence = new SilenceWatch();
  /** Survives the connection: a converter sends what comes late to whoever is connected then. */
  readonly #late = new LateAnswers();
  readonly #ahead: Job[] = [];
  readonly #waiting: Job[] = [];
  /** The one being worked on, sent or about to be. */
  #job: Job | undefined;
  #lastGivenUp: ModbusRequest | undefined;
  /** Of the job: its time-out, or its wait before it is sent. */
  #cancelTimer: (() => void) | undefined;
  #freeAtMs = 0;
  #stopped = true;
  readonly #counts = { requests: 0, responses: 0, timeouts: 0, exceptions: 0, malformed: 0 };

  constructor(options: ModbusClientOptions) {
    this.#options = options;
    this.#quiet = new QuietUnits(() => this.#line.drop('the line does not fall silent'));
    this.#line = options.line({
      connectDelayMs: options.settings.connectDelayMs,
      ...(options.settings.maxBackoffMs === undefined ? {} : { maxBackoffMs: options.settings.maxBackoffMs }),
      clock: options.clock,
      logger: options.logger,
      onOpened: () => options.onOpened?.(),
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
    for (const job of [...this.#ahead.splice(0), ...this.#waiting.splice(0)]) {
      job.resolve(this.#failed({ kind: 'connection', message: 'stopped' }));
    }
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

  /**
   * Whose late answer could pass for the answer to this request if it were sent now. One that could get another request's is held back
   * until that is sure to be lost.
   */
  confusion(request: ReadRequest): Confusion {
    const { framing, clock } = this.#options;
    return framing.needsQuiet(request) ? this.#late.confusion(request, clock.monotonicMs()) : 'none';
  }

  /**
   * One attempt, when its turn comes; `ahead` of other reads. Never rejects for what a device does; MODBUS_BUSY when too many wait
   * and MODBUS_REQUEST for what cannot be asked are faults of the caller.
   */
  read(request: ReadRequest, { ahead = false }: { ahead?: boolean } = {}): Promise<ExchangeResult> {
    return this.#enqueue(request, ahead);
  }

  /** As `read`; waits for the exchange that is under way, never for reads that wait. Never repeated by itself. */
  write(request: WriteRequest | ReadWriteRequest): Promise<ExchangeResult> {
    return this.#enqueue(request, true);
  }

  #enqueue(request: ModbusRequest, ahead: boolean): Promise<ExchangeResult> {
    return new Promise((resolve) => {
      assertRequest(request);
      const queue = ahead ? this.#ahead : this.#waiting;
      if (queue.length >= mostWaiting) {
        throw new PlantroomError('MODBUS_BUSY', `${mostWaiting} requests wait on this line already`, {
          retryable: true,
        });
      }
      queue.push({
        request,
        ahead,
        resolve,
        sentMs: undefined,
        confusion: 'none',
        lineAwaited: false,
        overslept: false,
      });
      const current = this.#job;
      if (ahead && current !== undefined && current.sentMs === undefined && !current.ahead) {
        this.#cancelTimer?.();
        this.#job = undefined;
        this.#waiting.unshift(current);
      }
      this.#next();
    });
  }

  #next(): void {
    if (this.#job !== undefined) return;
    this.#job = this.#ahead.shift() ?? this.#waiting.shift();
    if (this.#job !== undefined) this.#advance(this.#job);
  }

  /** Sends when the line stands, the unit has had its rest and the gap is over; else comes back then. */
  #advance(job: Job): void {
    if (job !== this.#job) return;
    const { clock, framing } = this.#options;
    if (!this.#line.open || this.#stopped) {
      if (job.lineAwaited || this.#stopped) {
        this.#finish(this.#failed({ kind: 'connection', message: this.#stopped ? 'stopped' : this.#line.lastError }));
        return;
      }
      job.lineAwaited = true;
      void this.#line.settled().then(() => this.#advance(job));
      return;
    }
    const nowMs = clock.monotonicMs();
    const { request } = job;
    const lateMs = framing.needsQuiet(request) ? this.#late.untilMs(request, nowMs) : 0;
    const waitMs = Math.max(this.#freeAtMs, this.#quiet.untilMs(request.unit), lateMs) - nowMs;
    if (waitMs > 0) this.#cancelTimer = clock.after(waitMs, () => this.#advance(job));
    else this.#send(job, nowMs);
  }

  #send(job: Job, nowMs: number): void {
    const { clock, framing, settings } = this.#options;
    this.#counts.requests += 1;
    job.sentMs = nowMs;
    job.confusion = framing.needsQuiet(job.request) ? this.#late.confusion(job.request, nowMs) : 'none';
    this.#cancelTimer = clock.after(job.request.timeoutMs ?? settings.timeoutMs, () => this.#timedOut(job));
    this.#line.write(framing.begin(job.request));
  }

  #receive(bytes: Uint8Array): void {
    const { clock, framing } = this.#options;
    const atMs = clock.nowMs();
    const job = this.#job?.sentMs === undefined ? undefined : this.#job;
    if (job === undefined) this.#quiet.heard(clock.monotonicMs());
    const reply = framing.receive(bytes);
    if (reply === undefined) return;
    if (reply.kind === 'late') {
      this.#quiet.over();
      if (this.#lastGivenUp !== undefined) this.#late.cameLate(this.#lastGivenUp);
      this.#lastGivenUp = undefined;
      if (this.#job !== undefined && job === undefined) {
        this.#cancelTimer?.();
        this.#advance(this.#job);
      }
    } else if (reply.kind === 'desync') {
      this.#counts.malformed += 1;
      // Its answer may be on its way through a converter yet, and come on the next connection.
      if (job !== undefined) this.#giveUp(job);
      this.#line.drop(reply.message);
      this.#finish(this.#failed({ kind: 'malformed', message: reply.message }));
    } else if (job !== undefined) {
      this.#silence.answered(job.request.unit);
      this.#line.proven();
      this.#counts.responses += 1;
      if (reply.kind === 'data')
        this.#late.answered(job.request, { ...this.#sendingOf(job), confusion: job.confusion });
      this.#finish(this.#resultOf(reply, job, atMs));
    }
  }

  #resultOf(reply: Exclude<Reply, { kind: 'late' | 'desync' }>, job: Job, atMs: number): ExchangeResult {
    const tookMs = this.#tookMs(job);
    if (reply.kind === 'data') return { ok: true, values: valuesOf(job.request, reply.bytes), atMs, tookMs };
    if (reply.kind === 'exception') {
      this.#counts.exceptions += 1;
      return { ok: false, failure: { kind: 'exception', code: reply.code }, sent: true, waited: false, atMs, tookMs };
    }
    this.#counts.malformed += 1;
    const failure: ReadFailure = { kind: 'malformed', message: reply.message };
    return { ok: false, failure, sent: true, waited: false, atMs, tookMs };
  }

  #timedOut(job: Job): void {
    if (job !== this.#job) return;
    const { framing, settings, clock } = this.#options;
    const { request } = job;
    if (!job.overslept && this.#tookMs(job) > (request.timeoutMs ?? settings.timeoutMs) + oversleptMs) {
      job.overslept = true;
      setImmediate(() => this.#timedOut(job));
      return;
    }
    const complaint = framing.complaint();
    framing.abandon();
    this.#giveUp(job);
    if (complaint === undefined) this.#counts.timeouts += 1;
    else this.#counts.malformed += 1;
    const failure: ReadFailure =
      complaint === undefined ? { kind: 'timeout' } : { kind: 'malformed', message: complaint };
    const silent = this.#silence.timedOut(request.unit);
    if (silent !== undefined) this.#line.drop(silent);
    else if (framing.needsQuiet(request)) {
      this.#quiet.begin(request.unit, request.timeoutMs ?? settings.timeoutMs, clock.monotonicMs());
    }
    this.#finish(this.#failed(failure, true));
  }

  #giveUp(job: Job): void {
    const { request } = job;
    if (job.sentMs === undefined || !this.#options.framing.needsQuiet(request)) return;
    this.#late.gaveUp(request, this.#sendingOf(job));
    this.#lastGivenUp = request;
  }

  #sendingOf({ request, sentMs }: Job): { sentMs: number; timeoutMs: number } {
    const { settings, clock } = this.#options;
    // A probe is short; how late its answer may come is up to the line.
    return {
      sentMs: sentMs ?? clock.monotonicMs(),
      timeoutMs: Math.max(request.timeoutMs ?? 0, settings.timeoutMs),
    };
  }

  #closed(reason: string): void {
    if (this.#job !== undefined) this.#giveUp(this.#job);
    this.#options.framing.reset();
    this.#quiet.clear();
    this.#silence.reset();
    if (this.#job?.sentMs !== undefined || this.#stopped)
      this.#finish(this.#failed({ kind: 'connection', message: reason }));
    else if (this.#job !== undefined) {
      this.#cancelTimer?.();
      this.#advance(this.#job);
    }
  }

  #finish(result: ExchangeResult): void {
    const job = this.#job;
    if (job === undefined) return;
    this.#cancelTimer?.();
    this.#cancelTimer = undefined;
    this.#job = undefined;
    if (job.sentMs !== undefined) {
      const { clock, settings } = this.#options;
      this.#freeAtMs = clock.monotonicMs() + (job.request.minRequestGapMs ?? settings.minRequestGapMs);
    }
    job.resolve(result);
    this.#next();
  }

  #failed(failure: ReadFailure, waited = false): ExchangeResult {
    const tookMs = this.#job === undefined ? 0 : this.#tookMs(this.#job);
    const sent = this.#job?.sentMs !== undefined;
    return { ok: false, failure, sent, waited, atMs: this.#options.clock.nowMs(), tookMs };
  }

  #tookMs({ sentMs }: Job): number {
    return sentMs === undefined ? 0 : this.#options.clock.monotonicMs() - sentMs;
  }
}
