import { HttpError, InfluxDB, type WriteApi } from '@influxdata/influxdb-client';
import { errorMessage, PlantroomError } from '@plantroom/contracts';

export interface LineWriterOptions {
  /** Base address, `http://host:8086`. */
  url: string;
  /** Left out: v2. */
  api?: 'v1' | 'v2';
  /** Left out: no Authorization header. */
  token?: string;
  /** Left out: plantroom. */
  org?: string;
  /** Bucket, or database for v1. Left out: plantroom. */
  bucket?: string;
  /** Left out: 10 s. */
  timeoutMs?: number;
}

/** Why a write failed, and what can be done about it. */
export class WriteError extends PlantroomError {
  /** HTTP status; undefined when there was no answer. */
  readonly status: number | undefined;
  /** What the receiver asks to wait, ms; undefined when it does not say. */
  readonly retryAfterMs: number | undefined;

  constructor(
    message: string,
    options: { status?: number; retryAfterMs?: number; retryable: boolean; cause: unknown },
  ) {
    super('LINE_WRITE', message, options);
    this.status = options.status;
    this.retryAfterMs = options.retryAfterMs;
  }
}

/**
 * One request per call, stored when it resolves. InfluxDB's client is used for the request only: a batch larger than we ever hand it,
 * no timer and no retries leave its own buffers empty, since what is not stored yet lies in the outbox.
 */
export class LineWriter {
  readonly #api: WriteApi;

  constructor(options: LineWriterOptions) {
    const { url, api = 'v2', token, org = 'plantroom', bucket = 'plantroom', timeoutMs = 10_000 } = options;
    const influx = new InfluxDB({ url, timeout: timeoutMs, ...(token === undefined ? {} : { token }) });
    this.#api = influx.getWriteApi(org, bucket, 'ms', {
      batchSize: 2,
      maxBatchBytes: Number.MAX_SAFE_INTEGER,
      flushInterval: 0,
      maxRetries: 0,
      gzipThreshold: 1000,
      // Without this the client prints the error to the console.
      writeFailed: (error) => Promise.reject(error),
    });
    // InfluxDB 1.x: /api/v2/write came with 1.8, and 1.6 of Debian answers it with 404.
    if (api === 'v1') this.#api.path = `/write?db=${encodeURIComponent(bucket)}&precision=ms`;
  }

  /** Throws WriteError; retryable for the network, 429 and 5xx. */
  async write(lines: readonly string[]): Promise<void> {
    this.#api.writeRecord(lines.join('\n'));
    try {
      await this.#api.flush();
    } catch (error) {
      throw writeError(error);
    }
  }
}

function writeError(error: unknown): WriteError {
  if (!(error instanceof HttpError)) return new WriteError(errorMessage(error), { retryable: true, cause: error });
  const { statusCode: status } = error;
  // Read here: the client takes the header's seconds (RFC 9110 §10.2.3) for milliseconds.
  const retryAfterS = Number(error.headers?.['retry-after']);
  return new WriteError(`HTTP ${status}: ${error.message}`, {
    status,
    ...(retryAfterS > 0 ? { retryAfterMs: retryAfterS * 1000 } : {}),
    retryable: status === 429 || status >= 500,
    cause: error,
  });
}
