import type { Lane, Reading } from '@plantroom/contracts';

export type StoredLane = Exclude<Lane, 'backlog'>;

/** A run of one lane, in order. `to` is what to commit once the receiver has stored it. */
export interface OutboxSlice {
  lane: StoredLane;
  /** Position of the first reading, and of the one after the last. Positions count readings of the lane from 0 and never restart. */
  from: number;
  to: number;
  readings: Reading[];
}

/** What had to be thinned out because the outbox was full; shown by API and chart. */
export interface OutboxHole {
  lane: StoredLane;
  fromMs: number;
  toMs: number;
  count: number;
  recordedMs: number;
}

export interface OutboxStats {
  bytes: number;
  maxBytes: number;
  /** Appended since the file began; a reading counts as produced when its append has returned. */
  produced: Record<StoredLane, number>;
  pending: Record<string, Record<StoredLane, number>>;
  dropped: Record<StoredLane, number>;
}

/** Joins the pipeline to the uplinks: durable, bounded, one cursor per (uplink, lane). Nothing leaves before the receiver has stored it. */
export interface Outbox {
  /** Durable when it returns. Answers the position after the last reading. */
  append(lane: StoredLane, readings: readonly Reading[]): number;
  /** The oldest uncommitted run of this uplink and lane, at most `maxReadings`; undefined when it has everything. Moves nothing. */
  peek(uplink: string, lane: StoredLane, maxReadings: number): OutboxSlice | undefined;
  /** As peek, from a position of one's own choice (replay, sending ahead of the commit); what is gone is skipped. */
  read(lane: StoredLane, fromPosition: number, maxReadings: number): OutboxSlice | undefined;
  /** The receiver has stored everything before `to`. Only forward. */
  commit(uplink: string, lane: StoredLane, to: number): void;
  position(lane: StoredLane): number;
  committed(uplink: string, lane: StoredLane): number;
  holes(): OutboxHole[];
  stats(): OutboxStats;
  /** Calls after each append; the returned function ends it. */
  onAppend(call: (lane: StoredLane) => void): () => void;
  close(): void;
}
