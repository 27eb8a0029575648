import type { OutboxHole, StoredLane } from './outbox.ts';

/** An encoded run of readings; positions `first` to `next` (exclusive). */
export interface StoredBatch {
  lane: StoredLane;
  first: number;
  next: number;
  fromMs: number;
  toMs: number;
  data: Uint8Array;
  /** Thinned: positions, relative to `first`, of the readings that were kept. Null: none was dropped. */
  kept: readonly number[] | null;
}

/** A hole with the positions it covers, so that neighbouring ones grow together. */
export interface StoredHole extends OutboxHole {
  first: number;
  next: number;
}

export interface StoreContents {
  /** By id; ids count from 0. */
  points: string[];
  positions: Record<StoredLane, number>;
  /** Position at which this file began. */
  bases: Record<StoredLane, number>;
  cursors: { uplink: string; lane: StoredLane; position: number }[];
  holes: StoredHole[];
  bytes: number;
}

/** Joins the outbox's rules to a medium: keeps batches, positions, cursors and holes, and decides nothing. */
export interface BatchStore {
  load(): StoreContents;
  /** All or nothing. `durable`: on the disk, not only in the system's cache, when it returns. */
  transaction(work: () => void, options: { durable: boolean }): void;
  addPoint(id: number, point: string): void;
  addBatch(batch: StoredBatch): void;
  removeBatch(lane: StoredLane, next: number): void;
  /** Batches that end behind `position`, oldest first. */
  batchesAfter(lane: StoredLane, position: number, limit: number): StoredBatch[];
  /** Oldest first; `thinned` false leaves those out that have been thinned. */
  oldest(lane: StoredLane, limit: number, options: { thinned: boolean }): StoredBatch[];
  /** Newest wire time of the oldest batch, without reading what it holds; undefined when there is none. */
  oldestEndMs(lane: StoredLane): number | undefined;
  /** Removes what ends at or before `position`; answers the bytes that it took. */
  removeBefore(lane: StoredLane, position: number): number;
  savePosition(lane: StoredLane, position: number): void;
  saveCursor(uplink: string, lane: StoredLane, position: number): void;
  removeCursors(uplink: string): void;
  /** Replaces all. */
  saveHoles(holes: readonly StoredHole[]): void;
  close(): void;
}

/** What a batch costs on disk beside its data: row, index entry, share of the page. */
const overheadBytes = 64;

export function batchBytes(batch: StoredBatch): number {
  return batch.data.length + (batch.kept === null ? 0 : batch.kept.length * 2) + overheadBytes;
}
