import type { Socket } from 'node:net';
import { type DialInMember, DialInPorts } from './dial-in-port.ts';
import type { Line, LineOptions } from './line.ts';
import { packetInWords } from './packet.ts';

export interface DialInSettings {
  host: string;
  port: number;
  registration?: Uint8Array;
  heartbeat?: Uint8Array;
}

/** A DTU that has lost its network calls again within seconds; one that has not called for this long counts as one failed attempt. */
const callWithinMs = 30_000;

const processPorts = new DialInPorts();

/** A connection that the other side makes: a port that listens, and the caller known by its registration. */
export class DialInLine implements Line {
  readonly #settings: DialInSettings;
  readonly #options: LineOptions;
  readonly #ports: DialInPorts;
  readonly #name: string;
  #socket: Socket | undefined;
  #usable = false;
  #calls = 0;
  #waits = 0;
  #lastError: string;
  #told: string | undefined;
  #leave: (() => void) | undefined;
  #cancelTimer: (() => void) | undefined;

  constructor(settings: DialInSettings, options: LineOptions, ports = processPorts) {
    this.#settings = settings;
    this.#options = options;
    this.#ports = ports;
    const who = settings.registration === undefined ? '' : ` as ${packetInWords(settings.registration)}`;
    this.#name = `${settings.host}:${settings.port}${who}`;
    this.#lastError = `nobody has called ${this.#name} yet`;
  }

  get open(): boolean {
    return this.#usable;
  }

  get lastError(): string {
    return this.#lastError;
  }

  get reconnects(): number {
    return Math.max(0, this.#calls - 1);
  }

  start(): void {
    const { host, port, registration, heartbeat } = this.#settings;
    const { clock, logger } = this.#options;
    const member: DialInMember = {
      clock,
      logger,
      onCaller: (socket, rest) => this.#take(socket, rest),
      onPort: (error) => {
        if (this.#socket === undefined) this.#lastError = error ?? `nobody has called ${this.#name} yet`;
      },
      ...(registration === undefined ? {} : { registration }),
      ...(heartbeat === undefined ? {} : { heartbeat }),
    };
    this.#leave = this.#ports.join({ host, port }, member);
    this.#await();
  }

  stop(): Promise<void> {
    this.#leave?.();
    this.#leave = undefined;
    this.#cancelTimer?.();
    this.#usable = false;
    this.#lastError = 'stopped';
    const socket = this.#socket;
    this.#socket = undefined;
    if (socket === undefined || socket.closed) return Promise.resolve();
    return new Promise((resolve) => {
      socket.once('close', () => resolve());
      socket.destroy();
    });
  }

  settled(): Promise<void> {
    return Promise.resolve();
  }

  write(bytes: Uint8Array): void {
    this.#socket?.write(bytes);
  }

  proven(): void {
    // Whoever calls sets the pace; there is no backoff to end.
  }

  drop(reason: string): void {
    const socket = this.#socket;
    if (socket !== undefined) this.#end(socket, reason);
  }

  #take(socket: Socket, rest: Uint8Array): void {
    const { clock, logger, connectDelayMs, onBytes } = this.#options;
    const caller = `${socket.remoteAddress ?? '?'}:${socket.remotePort ?? '?'}`;
    // A DTU that lost its network calls anew long before the old connection is known to be dead.
    if (this.#socket !== undefined) this.#end(this.#socket, `replaced by a new call from ${caller}`);
    this.#cancelTimer?.();
    this.#socket = socket;
    this.#waits = 0;
    let reason: string | undefined;
    socket.on('data', onBytes);
    socket.on('end', () => {
      reason ??= 'closed by the caller';
    });
    socket.on('error', (error) => {
      reason ??= error.message || String(error);
    });
    socket.once('close', () => this.#end(socket, reason ?? 'connection closed'));
    const usable = (): void => {
      this.#usable = true;
      this.#calls += 1;
      this.#options.onOpened?.();
    };
    if (connectDelayMs > 0) this.#cancelTimer = clock.after(connectDelayMs, usable);
    else usable();
    this.#told = undefined;
    logger.info({ line: this.#name, caller }, `${caller} has called ${this.#name}`);
    if (rest.length > 0) onBytes(rest);
  }

  #end(socket: Socket, reason: string): void {
    socket.destroy();
    if (socket !== this.#socket) return;
    this.#socket = undefined;
    this.#usable = false;
    this.#cancelTimer?.();
    this.#lastError = `${this.#name}: ${reason}`;
    this.#tell(`connection lost: ${this.#lastError}; waiting for the next call`);
    this.#await();
    this.#options.onClosed(this.#lastError);
  }

  #await(): void {
    const { clock, onRefused } = this.#options;
    this.#cancelTimer = clock.after(callWithinMs, () => {
      this.#waits += 1;
      this.#tell(`no connection: ${this.#lastError}`);
      this.#await();
      onRefused(this.#lastError, this.#waits);
    });
  }

  #tell(words: string): void {
    if (words === this.#told) return;
    this.#told = words;
    this.#options.logger.warn({ line: this.#name }, words);
  }
}
