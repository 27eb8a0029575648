import type { HistoryAggregate, HistorySeries } from '@plantroom/contracts';
import type { SeriesReader } from './series-reader.ts';

/** One line-protocol field as a sample. */
export interface HistorianSample {
  /** Point id. */
  point: string;
  timeMs: number;
  value: number;
}

export interface QualityChange {
  point: string;
  timeMs: number;
  /** 0 bad, 192 good, 500 uncertain. */
  code: number;
  reason: string | null;
}

export interface HistorianQuery {
  points: readonly string[];
  fromMs: number;
  /** Exclusive. */
  toMs: number;
  /**
   * `raw` or buckets of `resolutionMs`, aligned to the epoch; means are time-weighted, last value held, within good data. Where retention has
   * left roll-ups only, finer buckets are widened to whole minutes or hours, and raw samples are a hole with the reason `expired`.
   */
  aggregate: HistoryAggregate;
  resolutionMs?: number;
  /** Most rows a point. */
  limit: number;
}

/** Joins telemetry to its store. Idempotent: a sample written twice by (point, time) is stored once. */
export interface Historian {
  readonly kind: 'duckdb' | 'influxdb';
  start(): Promise<void>;
  stop(): Promise<void>;
  /** Stored when it resolves. */
  write(samples: readonly HistorianSample[], quality: readonly QualityChange[]): Promise<void>;
  query(query: HistorianQuery): Promise<HistorySeries[]>;
  /** Quality changes by point and time: the one in force just before the range, and those within. */
  quality(points: readonly string[], range: { fromMs: number; toMs: number }): Promise<QualityChange[]>;
  /** The newest sample of each point that has one. */
  latest(points: readonly string[]): Promise<HistorianSample[]>;
  /** For going through long histories; to be closed. Left out: only `query` is there for it, which reads every sample. */
  reader?(): Promise<SeriesReader>;
  /** What goes wrong behind the scenes though writes are stored and queries answered; null: nothing. Left out: there is nothing behind the scenes. */
  trouble?(): string | null;
  /** Resolves when the store answers; throws PlantroomError otherwise. For /api/health. */
  ping(): Promise<void>;
}
