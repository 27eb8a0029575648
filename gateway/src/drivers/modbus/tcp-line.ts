import { connect, type Socket } from 'node:net';
import type { Clock, Logger } from '@plantroom/contracts';

export interface TcpLineOptions {
  host: string;
  port: number;
  /** After the connection stands, before the first request. */
  connectDelayMs: number;
  clock: Clock;
  logger: Logger;
  onBytes(bytes: Uint8Array): void;
  /** The connection is gone, whoever ended it. */
  onClosed(reason: string): void;
  /** A connection could not be made, the n-th time in a row. */
  onRefused(reason: string, times: number): void;
}

const connectTimeoutMs = 5000;
/** The system notices a peer that vanished without a word; requests notice it sooner. */
const keepAliveMs = 10_000;
const firstBackoffMs = 500;
const maxBackoffMs = 30_000;

/** One TCP connection that is made again whenever it is lost, ever more slowly until something answers on it. */
export class TcpLine {
  readonly #options: TcpLineOptions;
  #socket: Socket | undefined;
  #state: 'stopped' | 'connecting' | 'open' | 'waiting' = 'stopped';
  #lastError = 'not connected yet';
  #reason: string | undefined;
  #refusals = 0;
  #backoffMs = firstBackoffMs;
  #connects = 0;
  #waiters: (() => void)[] = [];
  #cancelTimer: (() => void) | undefined;

  constructor(options: TcpLineOptions) {
    this.#options = options;
  }

  get open(): boolean {
    return this.#state === 'open';
  }

  /** Why there is no connection. */
  get lastError(): string {
    return this.#lastError;
  }

  /** Connections made after the first. */
  get reconnects(): number {
    return Math.max(0, this.#connects - 1);
  }

  start(): void {
    this.#connect();
  }

  /** Resolves when the socket is closed. */
  stop(): Promise<void> {
    this.#cancelTimer?.();
    const socket = this.#socket;
    this.#state = 'stopped';
    this.#lastError = 'stopped';
    this.#wake();
    if (socket === undefined || socket.closed) return Promise.resolve();
    return new Promise((resolve) => {
      socket.once('close', () => resolve());
      socket.destroy();
    });
  }

  /** Waits while an attempt to connect is running; does not wait for the next one. */
  settled(): Promise<void> {
    if (this.#state !== 'connecting') return Promise.resolve();
    return new Promise((resolve) => this.#waiters.push(resolve));
  }

  write(bytes: Uint8Array): void {
    this.#socket?.write(bytes);
  }

  /** Something has answered: the next loss is a fresh one. */
  proven(): void {
    this.#backoffMs = firstBackoffMs;
  }

  /** Ends a connection that is of no use any longer; a new one follows after the backoff. */
  drop(reason: string): void {
    this.#reason = reason;
    this.#socket?.destroy();
  }

  #connect(): void {
    const { host, port, clock, connectDelayMs } = this.#options;
    this.#state = 'connecting';
    this.#reason = undefined;
    const socket = connect({ host, port, noDelay: true, keepAlive: true, keepAliveInitialDelay: keepAliveMs });
    this.#socket = socket;
    const usable = (): void => {
      this.#state = 'open';
      this.#connects += 1;
      this.#wake();
    };
    this.#cancelTimer = clock.after(connectTimeoutMs, () => this.drop(`no connection within ${connectTimeoutMs} ms`));
    socket.once('connect', () => {
      this.#cancelTimer?.();
      this.#refusals = 0;
      if (connectDelayMs > 0) this.#cancelTimer = clock.after(connectDelayMs, usable);
      else usable();
    });
    socket.on('data', (bytes) => this.#options.onBytes(bytes));
    socket.on('end', () => {
      this.#reason ??= 'closed by the device';
    });
    socket.on('error', (error) => {
      this.#reason ??= error.message || String(error);
    });
    socket.once('close', () => this.#closed(this.#reason ?? 'connection closed'));
  }

  #closed(reason: string): void {
    if (this.#state === 'stopped') return;
    const { clock, logger, host, port, onClosed, onRefused } = this.#options;
    const wasOpen = this.#state === 'open';
    this.#cancelTimer?.();
    this.#state = 'waiting';
    this.#lastError = `${host}:${port}: ${reason}`;
    this.#refusals += wasOpen ? 0 : 1;
    const backoffMs = this.#backoffMs;
    this.#backoffMs = Math.min(backoffMs * 2, maxBackoffMs);
    logger.warn(
      { host, port, reason },
      `${wasOpen ? 'connection lost' : 'no connection'}: ${this.#lastError}, again in ${backoffMs} ms`,
    );
    this.#cancelTimer = clock.after(backoffMs, () => this.#connect());
    this.#wake();
    onClosed(this.#lastError);
    if (!wasOpen) onRefused(this.#lastError, this.#refusals);
  }

  #wake(): void {
    const waiters = this.#waiters;
    this.#waiters = [];
    for (const wake of waiters) wake();
  }
}
