import type { Before, QualityMark } from './series-fold.ts';

/** What a store knows of the samples of one point in one bucket, all of them or none. */
export interface Extremes {
  /** Beginning of the bucket, and its exclusive end. */
  startMs: number;
  endMs: number;
  /** Time of its first sample. */
  firstMs: number;
  low: number;
  high: number;
  last: number;
  /** False: `low`, `high` and `last` say nothing, the samples have to be read. */
  isExact: boolean;
}

/** A bucket of one point, as it was told. */
export interface Wanted {
  point: string;
  startMs: number;
  endMs: number;
}

export interface PointPast {
  /** What held just before the range. */
  before: Before;
  /** Quality changes within the range, in order. */
  marks: readonly QualityMark[];
}

/** Samples of one point in order of time; the columns are used again after the call. */
export type TakeSamples = (point: string, times: readonly number[], values: readonly number[]) => void;

/**
 * Joins whoever goes through long histories to the store: the coarse levels of many points first, then the samples of few stretches. One
 * snapshot from `open` to `close`.
 */
export interface SeriesReader {
  past(points: readonly string[], range: { fromMs: number; toMs: number }): Promise<Map<string, PointPast>>;
  /** Hours with samples that overlap the range, by point and in order. */
  hours(points: readonly string[], range: { fromMs: number; toMs: number }): Promise<Map<string, Extremes[]>>;
  /**
   * Parts of some hours, by point and in order: five minutes each, or what is left where the samples are gone. Hours of which no parts are known
   * are missing in it.
   */
  parts(hours: readonly Wanted[]): Promise<Map<string, Extremes[]>>;
  /** The samples of some buckets, given in order; each point's come together and in order of time. Buckets whose samples are gone give none. */
  samples(wanted: readonly Wanted[], take: TakeSamples): Promise<void>;
  close(): void;
}
