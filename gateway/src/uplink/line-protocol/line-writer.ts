import { promisify } from 'node:util';
import { gzip as gzipCallback } from 'node:zlib';
import { type Clock, errorMessage } from '@plantroom/contracts';
import { type HttpAnswer, type HttpQuestion, httpRequest } from './http-request.ts';
import { saidIn } from './refusal.ts';
import { retryAfterMs } from './retry-after.ts';
import { WriteError } from './write-error.ts';
import { apiOf, authorization, type Credentials, type LineApi, type WriteTarget, writePath } from './write-form.ts';

const compressed = promisify(gzipCallback);

export interface LineWriterOptions extends WriteTarget, Credentials {
  /** Base address, `http://host:8086`. */
  url: string;
  /** Left out: asked of the receiver before the first write. */
  api?: LineApi;
  /** Left out: 10 s. */
  timeoutMs?: number;
  /** Whether bodies are compressed. Left out: unless the receiver is on this machine, where it costs more than it saves. */
  gzip?: boolean;
  clock: Clock;
}

const gzipFromBytes = 1000;

/**
 * One request per call, stored when it resolves. Not InfluxDB's own client: its buffers and retries are the outbox's work here, it leaves requests
 * that took too long open, takes 201 (some lines stored) for success, and cuts the text that says which lines are wrong.
 */
export class LineWriter {
  readonly #o: LineWriterOptions;
  readonly #base: string;
  readonly #gzip: boolean;
  #api: LineApi | undefined;

  constructor(options: LineWriterOptions) {
    this.#o = options;
    this.#base = options.url.replace(/\/$/, '');
    this.#gzip = options.gzip ?? !isLoopback(options.url);
    this.#api = options.api;
  }

  /** Throws WriteError. */
  async write(lines: readonly string[]): Promise<void> {
    this.#api ??= await this.#ask();
    const text = Buffer.from(lines.join('\n'));
    const packs = this.#gzip && text.length >= gzipFromBytes;
    const answer = await this.#request(this.#api, writePath(this.#api, this.#o), {
      method: 'POST',
      headers: {
        'content-type': 'text/plain; charset=utf-8',
        ...(packs ? { 'content-encoding': 'gzip' } : {}),
      },
      body: packs ? await compressed(text) : text,
    });
    // Nothing else says "stored": a proxy or a wrong address may answer 200.
    if (answer.status !== 204) throw this.#errorOf(answer);
  }

  /** Every version of InfluxDB tells itself at /ping. */
  async #ask(): Promise<LineApi> {
    const answer = await this.#request('v2', '/ping', { method: 'GET', headers: {} });
    if (answer.status < 200 || answer.status > 299)
      throw new WriteError(`GET /ping answered ${answer.status}; name the receiver's \`api\` if it has no /ping`, {
        status: answer.status,
      });
    return apiOf(answer.headers['x-influxdb-version']?.toString());
  }

  async #request(api: LineApi, path: string, question: Omit<HttpQuestion, 'timeoutMs'>): Promise<HttpAnswer> {
    const credentials = authorization(api, this.#o);
    const headers = {
      'user-agent': 'plantroom-gateway',
      ...(credentials === undefined ? {} : { authorization: credentials }),
      ...question.headers,
    };
    try {
      return await httpRequest(this.#base + path, { ...question, headers, timeoutMs: this.#o.timeoutMs ?? 10_000 });
    } catch (error) {
      throw new WriteError(errorMessage(error), { cause: error });
    }
  }

  #errorOf({ status, headers, body }: HttpAnswer): WriteError {
    const waitMs = retryAfterMs(headers['retry-after'], { date: headers.date, nowMs: this.#o.clock.nowMs() });
    const refusal = jsonOf(body);
    const said = saidIn(refusal) ?? headers['x-influxdb-error']?.toString() ?? body.trim().slice(0, 300);
    return new WriteError(`HTTP ${status}${said === '' ? '' : `: ${said}`}`, {
      status,
      ...(waitMs === undefined ? {} : { retryAfterMs: waitMs }),
      // A proxy's page says nothing about our lines, whatever its status.
      ...(saidIn(refusal) === undefined ? {} : { refusal }),
    });
  }
}

function isLoopback(url: string): boolean {
  const hostname = URL.parse(url)?.hostname ?? '';
  return hostname === 'localhost' || hostname === '[::1]' || hostname.startsWith('127.');
}

function jsonOf(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}
