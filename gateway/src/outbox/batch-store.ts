import type { OutboxHole } from '@plantroom/contracts';
import type { StoredLane } from './outbox.ts';

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

export interface StoredCursor {
  uplink: string;
  lane: StoredLane;
  position: number;
}

/** Positions of a lane. */
export interface LaneState {
  /** At which counting began. */
  base: number;
  /** Everything before has been committed by every uplink and is deleted. */
  floor: number;
  /** After the last reading. */
  position: number;
}

export interface StoreContents {
  /** By id; ids count from 0. Undefined where a damaged file has lost one: its id is never given out again. */
  points: (string | undefined)[];
  lanes: Record<StoredLane, LaneState>;
  cursors: StoredCursor[];
  holes: OutboxHole[];
  bytes: number;
}

/** How far a lane had come: kept beside the file, so that a file which has lost its end is found out. */
export interface LaneMark extends LaneState {
  /** Newest wire time of the oldest batch that was still kept; undefined when there was none. */
  sinceMs: number | undefined;
}

export interface Mark {
  lanes: Record<StoredLane, LaneMark>;
  /** UTC. */
  atMs: number;
}

/** Joins the outbox's rules to a medium: keeps batches, positions, cursors and holes, and decides nothing. Throws StoreDamage when what it reads is not what was written. */
export interface BatchStore {
  load(): StoreContents;
  /** All or nothing. `durable`: on the disk, not only in the system's cache, when it returns. */
  transaction(work: () => void, options: { durable: boolean }): void;
  addPoint(id: number, point: string): void;
  addBatch(batch: StoredBatch): void;
  removeBatch(lane: StoredLane, next: number): void;
  /** Batches that end behind `position`, oldest first. */
  batchesAfter(lane: StoredLane, position: number, limit: number): StoredBatch[];
  /** As `batchesAfter`; `thinned` false leaves those out that have been thinned. */
  oldest(lane: StoredLane, limit: number, options: { thinned: boolean; after?: number }): StoredBatch[];
  /** Newest wire time of the oldest batch, without reading what it holds; undefined when there is none. */
  oldestEndMs(lane: StoredLane): number | undefined;
  /** Removes what ends at or before `position`; answers the bytes that it took. */
  removeBefore(lane: StoredLane, position: number): number;
  saveLane(lane: StoredLane, state: LaneState): void;
  saveCursor(cursor: StoredCursor): void;
  removeCursors(uplink: string): void;
  /** Replaces all. */
  saveHoles(holes: readonly OutboxHole[]): void;
  /** Outside of the store's own contents and without waiting for the disk. Never throws. */
  mark(mark: Mark): void;
  close(): void;
}

/** What a batch costs on disk beside its data: row, index entry, share of the page. */
const overheadBytes = 64;

export function batchBytes(batch: StoredBatch): number {
  return batch.data.length + (batch.kept === null ? 0 : batch.kept.length * 2) + overheadBytes;
}
