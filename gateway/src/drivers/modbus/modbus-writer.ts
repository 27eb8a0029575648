import { type Clock, errorMessage, type Logger, PlantroomError } from '@plantroom/contracts';
import type { EncodedWrite } from '@plantroom/device-profiles';
import type { DriverSink, ReadFailure, WriteResult } from '../driver.ts';
import { exceptionCode } from './exceptions.ts';
import type { ExchangeStats } from './exchange-stats.ts';
import { Gatherings } from './gathering.ts';
import type { DeviceTiming } from './line-settings.ts';
import type { ExchangeResult, ModbusClient } from './modbus-client.ts';
import type { ModbusBinding, ModbusDevice } from './modbus-device.ts';
import { planPoint } from './poll-plan.ts';
import { readRequest, requestHead } from './read-request.ts';

export interface WriteTarget {
  device: ModbusDevice;
  binding: ModbusBinding;
  timing: DeviceTiming;
  stats: ExchangeStats;
  /** Undefined before the driver has started. */
  sink: DriverSink | undefined;
  /** The unit has answered. */
  heard(): void;
}

type ModbusWrite = Extract<EncodedWrite, { protocol: 'modbus' }>;

/** Writes points, ahead of the reads that wait, and reads back what the device made of them. */
export class ModbusWriter {
  readonly #client: ModbusClient;
  readonly #clock: Clock;
  readonly #logger: Logger;
  /** Read-backs that wait until the device has settled: one a point, the last write's. */
  readonly #settling = new Map<ModbusBinding, () => void>();
  #stopped = false;

  constructor({ client, clock, logger }: { client: ModbusClient; clock: Clock; logger: Logger }) {
    this.#client = client;
    this.#clock = clock;
    this.#logger = logger;
  }

  /** No read-back begins any longer. */
  stop(): void {
    this.#stopped = true;
    for (const cancel of this.#settling.values()) cancel();
    this.#settling.clear();
  }

  async write(target: WriteTarget, { table, address, words, single }: ModbusWrite): Promise<WriteResult> {
    const { device, timing, stats, heard } = target;
    let result: ExchangeResult;
    try {
      result = await this.#client.write({ ...requestHead(device, timing), table, start: address, words, single });
    } catch (error) {
      // Neither a broadcast nor a value too large, nor one write too many, has anything to do with the device.
      if (!(error instanceof PlantroomError)) throw error;
      return { kind: 'failed', failure: { kind: 'malformed', message: errorMessage(error) } };
    }
    stats.record(result);
    if (result.ok || result.failure.kind === 'exception') heard();
    if (result.ok || mayBeObeyed(result.failure)) this.#settle(target);
    return result.ok ? { kind: 'done' } : { kind: 'failed', failure: result.failure };
  }

  #settle(target: WriteTarget): void {
    const { binding } = target;
    this.#settling.get(binding)?.();
    if (this.#stopped) return;
    const cancel = this.#clock.after(binding.write?.settleMs ?? 0, () => {
      this.#settling.delete(binding);
      this.#readBack(target).catch((error: unknown) => {
        // What the sink throws (a full disk) is not the line's.
        const name = `${binding.equipment}/${binding.point}`;
        this.#logger.error({ device: target.device.id, error }, `read-back of ${name}: ${errorMessage(error)}`);
      });
    });
    this.#settling.set(binding, cancel);
  }

  async #readBack({ device, binding, timing, stats, sink }: WriteTarget): Promise<void> {
    if (sink === undefined) return;
    const gatherings = new Gatherings();
    let failed: { failure: ReadFailure; atMs: number } | undefined;
    for (const block of planPoint(binding, device.profile)) {
      const result = await this.#client.read(readRequest(device, block, timing), { ahead: true });
      stats.record(result);
      if (!result.ok) {
        failed = result;
        break;
      }
      gatherings.take(block, result, (_, words, atMs) => sink.raw(device.id, binding, words, atMs));
    }
    if (failed !== undefined) sink.failed(device.id, [binding], failed.failure, failed.atMs);
    sink.settled(device.id, this.#clock.nowMs());
  }
}

/** Silence and a garbled answer do not say that nothing was done; "acknowledge" says that it is being done. */
function mayBeObeyed(failure: ReadFailure): boolean {
  if (failure.kind === 'exception') return failure.code === exceptionCode.acknowledge;
  return failure.kind === 'timeout' || failure.kind === 'malformed';
}
