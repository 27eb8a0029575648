import { type Clock, PlantroomError, silentLogger } from '@plantroom/contracts';
import type { ModbusFraming, ModbusTable } from '@plantroom/device-profiles';
import type { ModbusConnection } from '../../config/gateway-config.ts';
import type { ReadFailure } from '../../drivers/driver.ts';
import { createClient } from '../../drivers/modbus/create-client.ts';
import type { ModbusClient } from '../../drivers/modbus/modbus-client.ts';

export interface ProbeRead {
  unit: number;
  table: ModbusTable;
  start: number;
  count: number;
  /** Left out: standard. */
  framing?: ModbusFraming;
}

export type ProbeAnswer = { ok: true; values: Uint16Array; tookMs: number } | { ok: false; failure: ReadFailure };

/** What probing needs of a line: reads, and nothing that could change a device. */
export interface Reader {
  /** One answer; a read that times out is tried again as often as the reader was told. Throws PROBE_UNREACHABLE. */
  read(request: ProbeRead): Promise<ProbeAnswer>;
}

export interface ProbeLineOptions {
  connection: ModbusConnection;
  timeoutMs: number;
  /** Further attempts after a time-out or a damaged answer. */
  retries: number;
  minRequestGapMs: number;
  clock: Clock;
  signal: AbortSignal;
}

/** The connection may take its time (a DTU dials in when it likes, a converter allows one client). */
const reconnectMs = 250;
const longestConnectMs = 15_000;

export class ProbeLine implements Reader {
  readonly #o: ProbeLineOptions;
  readonly #client: ModbusClient;

  constructor(options: ProbeLineOptions) {
    const { connection, timeoutMs, minRequestGapMs, clock } = options;
    this.#o = options;
    this.#client = createClient(connection, {
      settings: {
        timeoutMs,
        minRequestGapMs,
        connectDelayMs: connection.connectDelayMs ?? 0,
        maxBackoffMs: reconnectMs,
      },
      clock,
      logger: silentLogger,
    });
  }

  start(): void {
    this.#client.start();
  }

  async stop(): Promise<void> {
    await this.#client.stop();
  }

  async read({ framing = 'standard', ...request }: ProbeRead): Promise<ProbeAnswer> {
    const { clock, retries, signal } = this.#o;
    const beganMs = clock.monotonicMs();
    for (let attempt = 0; ; ) {
      signal.throwIfAborted();
      const result = await this.#client.read({ ...request, framing, strictTransactionId: false });
      if (result.ok) return { ok: true, values: result.values, tookMs: result.tookMs };
      const { failure } = result;
      if (failure.kind === 'connection') {
        if (clock.monotonicMs() - beganMs > longestConnectMs)
          throw new PlantroomError('PROBE_UNREACHABLE', `no connection: ${failure.message}`, { retryable: true });
        await new Promise<void>((resolve) => clock.after(reconnectMs, resolve));
        continue;
      }
      if (failure.kind === 'exception' || attempt >= retries) return { ok: false, failure };
      attempt += 1;
    }
  }
}
