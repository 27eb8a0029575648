import type { Clock, Logger } from '@plantroom/contracts';
import type { Retention } from './retention.ts';

export interface DuckDbOptions {
  /** Holds `history.duckdb` and, a file a closed day, `days/`; created when missing. */
  folder: string;
  /** Left out: nothing is ever removed. */
  retention?: Retention;
  /** Class of a point, null when unknown: decides how long its history is kept. Left out: unknown. */
  classOf?: (point: string) => string | null;
  logger: Logger;
  clock: Clock;
  /** Most samples waiting for the store before a write is refused with HISTORIAN_BUSY (retryable); left out: 2 000 000. */
  maxPendingSamples?: number;
  /** Samples compacted at once; left out: a million, which takes some 100 MB. */
  chunkSamples?: number;
}

export interface InfluxOptions {
  /** Base address, e.g. `http://127.0.0.1:8086`. */
  url: string;
  /** Left out: no authorisation header. For 1.x with sign-in: `user:password`. */
  token?: string;
  /** Left out: written to 1.x `/write`; given: to 2.x/3.x `/api/v2/write`. */
  org?: string;
  /** Bucket, or database for 1.x (created when missing). */
  bucket: string;
  /** Class of a point (its measurement), null when unknown; then the store is asked which measurement has it. */
  classOf: (point: string) => string | null;
  logger: Logger;
  clock: Clock;
  /** As for DuckDB. */
  maxPendingSamples?: number;
}

export type HistorianOptions = ({ kind: 'duckdb' } & DuckDbOptions) | ({ kind: 'influxdb' } & InfluxOptions);
