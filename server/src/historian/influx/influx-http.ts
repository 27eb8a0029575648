import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { errorMessage, PlantroomError } from '@plantroom/contracts';
import type { InfluxOptions } from '../historian-options.ts';

const compress = promisify(gzip);
const timeoutMs = 30_000;

export interface InfluxSeries {
  name: string;
  columns: string[];
  values: (string | number | boolean | null)[][];
}

interface QueryAnswer {
  error?: string;
  results?: { error?: string; series?: InfluxSeries[] }[];
}

/**
 * The two HTTP calls that InfluxDB 1.x, 2.x and 3.x have in common: writing line protocol (2.x form when an organisation is given) and
 * InfluxQL over /query. Plain fetch: the client library's buffer of retries is no queue to rely on, and without it nothing of it is left.
 */
export class InfluxHttp {
  readonly #options: Pick<InfluxOptions, 'url' | 'token' | 'org' | 'bucket'>;

  constructor(options: Pick<InfluxOptions, 'url' | 'token' | 'org' | 'bucket'>) {
    this.#options = options;
  }

  /** Stored when it resolves. */
  async write(lines: string): Promise<void> {
    const { org, bucket } = this.#options;
    const path =
      org === undefined
        ? `/write?${new URLSearchParams({ db: bucket, precision: 'ms' })}`
        : `/api/v2/write?${new URLSearchParams({ org, bucket, precision: 'ms' })}`;
    await this.#request(path, {
      method: 'POST',
      headers: { 'content-type': 'text/plain; charset=utf-8', 'content-encoding': 'gzip' },
      body: await compress(lines),
    });
  }

  /** One answer per statement; times in ms. */
  async query(statements: readonly string[]): Promise<InfluxSeries[][]> {
    const body = new URLSearchParams({ db: this.#options.bucket, epoch: 'ms', q: statements.join(';') });
    const answer = (await (await this.#request('/query', { method: 'POST', body })).json()) as QueryAnswer;
    const error = answer.error ?? answer.results?.find((result) => result.error !== undefined)?.error;
    if (error !== undefined) throw new PlantroomError('INFLUX_REFUSED', `InfluxDB: ${error}: ${statements.join('; ')}`);
    return statements.map((_, i) => answer.results?.[i]?.series ?? []);
  }

  /** 1.x only: later versions have buckets made by their owner. */
  async createDatabase(): Promise<void> {
    await this.query([`CREATE DATABASE "${this.#options.bucket.replace(/["\\]/g, (c) => `\\${c}`)}"`]);
  }

  async ping(): Promise<void> {
    await this.#request('/ping', { method: 'GET' });
  }

  async #request(path: string, init: RequestInit & { headers?: Record<string, string> }): Promise<Response> {
    const url = `${this.#options.url.replace(/\/$/, '')}${path}`;
    const headers = { ...init.headers, ...this.#authorization() };
    let response: Response;
    try {
      response = await fetch(url, { ...init, headers, signal: AbortSignal.timeout(timeoutMs) });
    } catch (error) {
      const cause = error instanceof Error && error.cause !== undefined ? error.cause : error;
      throw new PlantroomError('INFLUX_UNREACHABLE', `${this.#options.url} does not answer: ${errorMessage(cause)}`, {
        cause: error,
        retryable: true,
      });
    }
    if (response.ok) return response;
    const text = (await response.text()).trim().slice(0, 500);
    const busy = response.status === 429 || response.status >= 500;
    throw new PlantroomError(
      busy ? 'INFLUX_BUSY' : 'INFLUX_REFUSED',
      `${this.#options.url} answers ${response.status}: ${text || response.statusText}`,
      { retryable: busy },
    );
  }

  #authorization(): Record<string, string> {
    const { token, org } = this.#options;
    if (token === undefined || token === '') return {};
    // 1.x knows user and password only.
    if (org === undefined && token.includes(':')) {
      return { authorization: `Basic ${Buffer.from(token).toString('base64')}` };
    }
    return { authorization: `Token ${token}` };
  }
}
