import type { HoleReason, Lane, OutboxHole, Reading } from '@plantroom/contracts';

export type StoredLane = Exclude<Lane, 'backlog'>;
export const storedLanes = ['safety', 'live'] as const satisfies readonly StoredLane[];

/** A run of one lane, in order. `to` is what to commit once the receiver has stored it. */
export interface OutboxSlice {
  lane: StoredLane;
  /** Position of the first reading, and of the one after the last. Positions count readings of the lane from 0 and never restart. */
  from: number;
  to: number;
  readings: Reading[];
}

export interface OutboxStats {
  bytes: number;
  maxBytes: number;
  /** Appended since the file began; a reading counts as produced when its append has returned. */
  produced: Record<StoredLane, number>;
  pending: Record<string, Record<StoredLane, number>>;
  /** Readings in holes, as far as they are counted. */
  dropped: Record<StoredLane, number>;
  /** Why the last append or commit was not stored; null: it was. */
  refusing: string | null;
  /** Damage found since start and mended from what could still be read. */
  repairs: number;
  /** As that of the outbox. */
  revision: number;
}

/** Readings that never reached the outbox. */
export interface LostReadings {
  fromMs: number;
  toMs: number;
  count: number;
  reason: HoleReason;
}

/** Joins the pipeline to the uplinks: durable, bounded, one cursor per (uplink, lane). Nothing leaves before the receiver has stored it. */
export interface Outbox {
  /** Durable when it returns. Answers the position after the last reading. Throws OUTBOX_APPEND, retryable, when nothing was stored. */
  append(lane: StoredLane, readings: readonly Reading[]): number;
  /** The oldest uncommitted run of this uplink and lane, at most `maxReadings`; undefined when it has everything. Moves nothing. */
  peek(uplink: string, lane: StoredLane, maxReadings: number): OutboxSlice | undefined;
  /** As peek, from a position of one's own choice (replay, sending ahead of the commit); what is gone is skipped. */
  read(lane: StoredLane, fromPosition: number, maxReadings: number): OutboxSlice | undefined;
  /** The receiver has stored everything before `to`. Only forward. A disk that does not take it is told by `stats`, not thrown. */
  commit(uplink: string, lane: StoredLane, to: number): void;
  position(lane: StoredLane): number;
  committed(uplink: string, lane: StoredLane): number;
  /** Records what was read and could not be appended; durable with the next append. */
  lost(lane: StoredLane, readings: LostReadings): void;
  /** What can no longer be sent; shown by API and chart. */
  holes(): OutboxHole[];
  /** Rises whenever `holes()` or `refusing` of the stats have changed. */
  readonly revision: number;
  stats(): OutboxStats;
  /** Calls after each append; the returned function ends it. */
  onAppend(call: (lane: StoredLane) => void): () => void;
  close(): void;
}
