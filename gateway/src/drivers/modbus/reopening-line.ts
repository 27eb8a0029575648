import type { Line, LineOptions } from './line.ts';

/** A way to reach the wire that can be tried again and again. */
export interface Medium {
  /** For messages: `127.0.0.1:502`, `/dev/ttyUSB0`. */
  name: string;
  /** One attempt. */
  open(events: MediumEvents): OpenedMedium;
}

export interface MediumEvents {
  opened(): void;
  bytes(bytes: Uint8Array): void;
  /** Exactly once, also when the attempt has failed and after `close`. */
  closed(reason: string): void;
}

export interface OpenedMedium {
  write(bytes: Uint8Array): void;
  close(): void;
}

const connectTimeoutMs = 5000;
/** After a connection on which something was answered: nonsense of one device must not silence all others of its line. A moment, for peers that have few sockets. */
const provenBackoffMs = 50;
/** Such moments in a row, and the time after which there is one more: a peer that closes after each answer is not run down. */
const provenBackoffs = 3;
const firstBackoffMs = 500;
const defaultMaxBackoffMs = 30_000;

/** One connection that is made again whenever it is lost, ever more slowly until something answers on it. */
export class ReopeningLine implements Line {
  readonly #medium: Medium;
  readonly #options: LineOptions;
  #opened: OpenedMedium | undefined;
  #state: 'stopped' | 'connecting' | 'open' | 'dropping' | 'waiting' = 'stopped';
  #lastError = 'not connected yet';
  #reason: string | undefined;
  #told: string | undefined;
  #refusals = 0;
  #backoffMs = firstBackoffMs;
  #isProven = false;
  #provenBackoffs = provenBackoffs;
  #countedMs = 0;
  #connects = 0;
  #waiters: (() => void)[] = [];
  #onceClosed: (() => void) | undefined;
  #cancelTimer: (() => void) | undefined;

  constructor(medium: Medium, options: LineOptions) {
    this.#medium = medium;
    this.#options = options;
  }

  get open(): boolean {
    return this.#state === 'open';
  }

  get lastError(): string {
    return this.#lastError;
  }

  get reconnects(): number {
    return Math.max(0, this.#connects - 1);
  }

  start(): void {
    this.#connect();
  }

  stop(): Promise<void> {
    this.#cancelTimer?.();
    this.#state = 'stopped';
    this.#lastError = 'stopped';
    this.#wake();
    const opened = this.#opened;
    if (opened === undefined) return Promise.resolve();
    return new Promise((resolve) => {
      this.#onceClosed = resolve;
      opened.close();
    });
  }

  settled(): Promise<void> {
    if (this.#state !== 'connecting') return Promise.resolve();
    return new Promise((resolve) => this.#waiters.push(resolve));
  }

  write(bytes: Uint8Array): void {
    this.#opened?.write(bytes);
  }

  proven(): void {
    this.#isProven = true;
  }

  drop(reason: string): void {
    if (this.#opened === undefined) return;
    this.#reason = reason;
    this.#lastError = `${this.#medium.name}: ${reason}`;
    // Nothing more is written to it, though it may take a moment to close.
    if (this.#state === 'open') this.#state = 'dropping';
    this.#opened.close();
  }

  #connect(): void {
    const { clock, connectDelayMs } = this.#options;
    this.#state = 'connecting';
    this.#reason = undefined;
    this.#cancelTimer = clock.after(connectTimeoutMs, () => this.drop(`no connection within ${connectTimeoutMs} ms`));
    let closed = false;
    const opened = this.#medium.open({
      opened: () => {
        this.#cancelTimer?.();
        this.#refusals = 0;
        if (connectDelayMs > 0) this.#cancelTimer = clock.after(connectDelayMs, () => this.#usable());
        else this.#usable();
      },
      bytes: this.#options.onBytes,
      closed: (reason) => {
        closed = true;
        this.#opened = undefined;
        this.#closed(this.#reason ?? reason);
      },
    });
    if (!closed) this.#opened = opened;
  }

  #usable(): void {
    if (this.#state !== 'connecting') return;
    this.#state = 'open';
    this.#isProven = false;
    this.#connects += 1;
    if (this.#told !== undefined) this.#options.logger.info({}, `connected to ${this.#medium.name} again`);
    this.#told = undefined;
    this.#wake();
    this.#options.onOpened?.();
  }

  #closed(reason: string): void {
    this.#onceClosed?.();
    if (this.#state === 'stopped') return;
    const { clock, onClosed, onRefused, maxBackoffMs = defaultMaxBackoffMs } = this.#options;
    const wasOpen = this.#state === 'open' || this.#state === 'dropping';
    this.#cancelTimer?.();
    this.#state = 'waiting';
    this.#lastError = `${this.#medium.name}: ${reason}`;
    this.#refusals += wasOpen ? 0 : 1;
    const backoffMs = Math.min(this.#isProven ? this.#provenPauseMs() : this.#backoffMs, maxBackoffMs);
    this.#isProven = false;
    this.#backoffMs = Math.min(Math.max(backoffMs * 2, firstBackoffMs), maxBackoffMs);
    this.#tell(wasOpen, reason);
    this.#cancelTimer = clock.after(backoffMs, () => this.#connect());
    this.#wake();
    onClosed(this.#lastError);
    if (!wasOpen) onRefused(this.#lastError, this.#refusals);
  }

  #provenPauseMs(): number {
    const nowMs = this.#options.clock.monotonicMs();
    const earned = Math.floor((nowMs - this.#countedMs) / firstBackoffMs);
    this.#provenBackoffs = Math.min(provenBackoffs, this.#provenBackoffs + earned);
    this.#countedMs += earned * firstBackoffMs;
    if (this.#provenBackoffs === 0) return firstBackoffMs;
    this.#provenBackoffs -= 1;
    return provenBackoffMs;
  }

  /** A reason is said once, however many attempts end with it. */
  #tell(wasOpen: boolean, reason: string): void {
    const words = `${wasOpen ? 'connection lost' : 'no connection'}: ${this.#lastError}`;
    if (words === this.#told) return;
    this.#told = words;
    this.#options.logger.warn({ line: this.#medium.name, reason }, `${words}; tried again until it stands`);
  }

  #wake(): void {
    const waiters = this.#waiters;
    this.#waiters = [];
    for (const wake of waiters) wake();
  }
}
