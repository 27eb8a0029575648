import { HttpError, InfluxDB, type WriteApi } from '@influxdata/influxdb-client';
import { errorMessage, PlantroomError } from '@plantroom/contracts';

export interface LineWriterOptions {
  /** Base address, `http://host:8086`. */
  url: string;
  /** Left out: asked of the receiver before the first write. */
  api?: 'v1' | 'v2';
  /** Left out: no Authorization header. */
  token?: string;
  /** Left out: plantroom. */
  org?: string;
  /** Bucket, or database for v1. Left out: plantroom. */
  bucket?: string;
  /** Left out: 10 s. */
  timeoutMs?: number;
  /** Whether bodies are compressed. Left out: unless the receiver is on this machine, where it costs more than it saves. */
  gzip?: boolean;
}

const gzipFromBytes = 1000;

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
  readonly #url: string;
  readonly #timeoutMs: number;
  readonly #v1Path: string;
  /** False until it is known which form the receiver takes. */
  #chosen: boolean;

  constructor(options: LineWriterOptions) {
    const { url, api, token, org = 'plantroom', bucket = 'plantroom', timeoutMs = 10_000 } = options;
    const { gzip = !isLoopback(url) } = options;
    this.#url = url.replace(/\/$/, '');
    this.#timeoutMs = timeoutMs;
    this.#v1Path = `/write?db=${encodeURIComponent(bucket)}&precision=ms`;
    this.#chosen = api !== undefined;
    const influx = new InfluxDB({ url, timeout: timeoutMs, ...(token === undefined ? {} : { token }) });
    this.#api = influx.getWriteApi(org, bucket, 'ms', {
      batchSize: 2,
      maxBatchBytes: Number.MAX_SAFE_INTEGER,
      flushInterval: 0,
      maxRetries: 0,
      gzipThreshold: gzip ? gzipFromBytes : Number.MAX_SAFE_INTEGER,
      // Without this the client prints the error to the console.
      writeFailed: (error) => Promise.reject(error),
    });
    if (api === 'v1') this.#api.path = this.#v1Path;
  }

  /** Throws WriteError; retryable for the network, 429 and 5xx. */
  async write(lines: readonly string[]): Promise<void> {
    if (!this.#chosen) await this.#choose();
    this.#api.writeRecord(lines.join('\n'));
    try {
      await this.#api.flush();
    } catch (error) {
      throw writeError(error);
    }
  }

  /** /api/v2/write came with InfluxDB 1.8; Debian's 1.6 answers it with 404. Every version tells itself at /ping. */
  async #choose(): Promise<void> {
    try {
      const answer = await fetch(`${this.#url}/ping`, { signal: AbortSignal.timeout(this.#timeoutMs) });
      await answer.body?.cancel();
      if (!answer.ok) throw new Error(`GET /ping answered ${answer.status}`);
      if (/^v?(0\.|1\.[0-7](\.|$))/.test(answer.headers.get('x-influxdb-version') ?? '')) this.#api.path = this.#v1Path;
      this.#chosen = true;
    } catch (error) {
      throw new WriteError(errorMessage(error), { retryable: true, cause: error });
    }
  }
}

function isLoopback(url: string): boolean {
  const hostname = URL.parse(url)?.hostname ?? '';
  return hostname === 'localhost' || hostname === '[::1]' || hostname.startsWith('127.');
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
