import type { OutboxHole } from '@plantroom/contracts';
import { firstBehind } from './batch-order.ts';
import {
  type BatchStore,
  batchBytes,
  type LaneState,
  type StoreContents,
  type StoredBatch,
  type StoredCursor,
} from './batch-store.ts';
import type { StoredLane } from './outbox.ts';

/** For tests and for what must not touch a disk: everything is gone with the process. */
export class MemoryStore implements BatchStore {
  readonly #batches: Record<StoredLane, StoredBatch[]> = { safety: [], live: [] };
  readonly #points: string[] = [];
  readonly #lanes: Record<StoredLane, LaneState> = {
    safety: { base: 0, floor: 0, position: 0 },
    live: { base: 0, floor: 0, position: 0 },
  };
  readonly #cursors = new Map<string, StoredCursor>();
  #holes: OutboxHole[] = [];

  load(): StoreContents {
    const all = [...this.#batches.safety, ...this.#batches.live];
    return {
      points: [...this.#points],
      lanes: { safety: { ...this.#lanes.safety }, live: { ...this.#lanes.live } },
      cursors: [...this.#cursors.values()],
      holes: [...this.#holes],
      bytes: all.reduce((sum, batch) => sum + batchBytes(batch), 0),
    };
  }

  transaction(work: () => void): void {
    work();
  }

  addPoint(id: number, point: string): void {
    this.#points[id] = point;
  }

  addBatch(batch: StoredBatch): void {
    const list = this.#batches[batch.lane];
    list.splice(firstBehind(list, batch.next), 0, batch);
  }

  removeBatch(lane: StoredLane, next: number): void {
    const list = this.#batches[lane];
    const at = firstBehind(list, next - 1);
    if (list[at]?.next === next) list.splice(at, 1);
  }

  batchesAfter(lane: StoredLane, position: number, limit: number): StoredBatch[] {
    const list = this.#batches[lane];
    const at = firstBehind(list, position);
    return list.slice(at, at + limit);
  }

  oldest(lane: StoredLane, limit: number, { thinned, after = 0 }: { thinned: boolean; after?: number }): StoredBatch[] {
    const list = this.#batches[lane];
    const found: StoredBatch[] = [];
    for (let at = firstBehind(list, after); at < list.length && found.length < limit; at++) {
      const batch = list[at];
      if (batch !== undefined && (thinned || batch.kept === null)) found.push(batch);
    }
    return found;
  }

  oldestEndMs(lane: StoredLane): number | undefined {
    return this.#batches[lane][0]?.toMs;
  }

  removeBefore(lane: StoredLane, position: number): number {
    const list = this.#batches[lane];
    const gone = list.splice(0, firstBehind(list, position));
    return gone.reduce((sum, batch) => sum + batchBytes(batch), 0);
  }

  saveLane(lane: StoredLane, state: LaneState): void {
    this.#lanes[lane] = { ...state };
  }

  saveCursor(cursor: StoredCursor): void {
    this.#cursors.set(`${cursor.uplink} ${cursor.lane}`, cursor);
  }

  removeCursors(uplink: string): void {
    for (const [key, cursor] of this.#cursors) if (cursor.uplink === uplink) this.#cursors.delete(key);
  }

  saveHoles(holes: readonly OutboxHole[]): void {
    this.#holes = [...holes];
  }

  mark(): void {
    // There is no file that could lose its end.
  }

  close(): void {
    // Nothing is held open.
  }
}
