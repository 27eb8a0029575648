import type { Clock, Logger, Problem } from '@plantroom/contracts';
import type { EncodedWrite, PointBinding, RawValue } from '@plantroom/device-profiles';
import type { ConnectionConfig, DeviceRuntime } from '../config/gateway-config.ts';

/** Joins a protocol to the pipeline: raw values of bindings, one attempt each, no scaling and no filtering (EdgeX: ProtocolDriver). */
export interface Driver {
  start(sink: DriverSink): Promise<void>;
  stop(): Promise<void>;
  stats(): DriverStats;
  /**
   * One write, ahead of all reads that wait on its line. Resolves when the device has taken or refused it; never rejects for what a
   * device does. Polled protocols then read the point back after `binding.write.settleMs` and give it to the sink like any other value.
   * Rejects with READ_ONLY_CLASS for a point of fire or elevators (`assertWritable`).
   */
  write(device: string, binding: PointBinding, request: EncodedWrite): Promise<WriteResult>;
}

/** `done` says that the device has acknowledged the write, not that it has obeyed: that only the value read back shows. */
export type WriteResult = { kind: 'done' } | { kind: 'failed'; failure: ReadFailure };

export interface DriverSink {
  /**
   * A raw value as it came; `wireTimeMs` is when its bytes arrived. `retained` MQTT values are not fresh. Words that were given are never
   * changed afterwards: the same array is the same value.
   */
  raw(
    device: string,
    binding: PointBinding,
    raw: RawValue,
    wireTimeMs: number,
    extra?: { deviceTimeMs?: number; retained?: boolean },
  ): void;
  /** One attempt failed for these bindings; what they hold stays as it is until silence makes it stale. */
  failed(device: string, bindings: readonly PointBinding[], failure: ReadFailure, atMs: number): void;
  /** The device itself says that it is there or gone (MQTT availability, a refused connection). */
  availability(device: string, online: boolean, atMs: number): void;
  /** A poll of this device has ended: readings may be flushed, the watermark may move. */
  settled(device: string, atMs: number): void;
}

export type ReadFailure =
  | { kind: 'timeout' }
  | { kind: 'connection'; message: string }
  /** Modbus exception code. */
  | { kind: 'exception'; code: number }
  | { kind: 'malformed'; message: string };

export interface DriverStats {
  connected: boolean;
  requests: number;
  responses: number;
  timeouts: number;
  exceptions: number;
  malformed: number;
  /** Polls that were due while the line was still busy with the one before. */
  overruns: number;
  reconnects: number;
  messages: number;
  /** By device id; polled protocols only. */
  devices?: Record<string, DeviceLineStats>;
}

/** What a line knows of one of its devices. */
export interface DeviceLineStats {
  requests: number;
  timeouts: number;
  malformed: number;
  /** By exception code. */
  exceptions: Record<string, number>;
  /** Not polled at present, only probed. */
  silent: boolean;
  /** Round trips of answered requests, ms: the last, the shortest, a moving mean. Left out: none was answered yet. */
  lastMs?: number;
  minMs?: number;
  meanMs?: number;
}

export interface DriverOptions {
  connection: ConnectionConfig;
  devices: readonly DeviceRuntime[];
  clock: Clock;
  logger: Logger;
}

/** One line in drivers/registry.ts adds a protocol. */
export interface DriverFactory {
  protocol: 'modbus' | 'mqtt';
  /** What can be refused before anything is opened (EdgeX: ValidateDevice). */
  validate(connection: ConnectionConfig, devices: readonly DeviceRuntime[]): Problem[];
  /** Constructs only; nothing is opened before `start`. */
  create(options: DriverOptions): Driver;
}
