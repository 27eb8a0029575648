import type { Clock, Logger } from '@plantroom/contracts';

export interface LineOptions {
  /** After the connection stands, before the first request. */
  connectDelayMs: number;
  /** The longest pause between two attempts to connect; left out: 30 s. */
  maxBackoffMs?: number;
  clock: Clock;
  logger: Logger;
  /** Requests can be written. */
  onOpened?(): void;
  onBytes(bytes: Uint8Array): void;
  /** The connection is gone, whoever ended it. */
  onClosed(reason: string): void;
  /** A connection could not be made, the n-th time in a row. */
  onRefused(reason: string, times: number): void;
}

/** Joins the client to the wire: bytes out, bytes in, and a connection that is made again whenever it is lost. Knows nothing of Modbus. */
export interface Line {
  /** Requests can be written. */
  readonly open: boolean;
  /** Why there is no connection. */
  readonly lastError: string;
  /** Connections made after the first. */
  readonly reconnects: number;
  start(): void;
  /** Resolves when the connection is closed. */
  stop(): Promise<void>;
  /** Waits while an attempt to connect is running; does not wait for the next one. */
  settled(): Promise<void>;
  write(bytes: Uint8Array): void;
  /** Something has answered: the next loss is a fresh one. */
  proven(): void;
  /** Ends a connection that is of no use any longer; a new one follows. */
  drop(reason: string): void;
}

/** Makes a line that reports to these callbacks. */
export type MakeLine = (options: LineOptions) => Line;
