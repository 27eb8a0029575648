import { type BatchStore, batchBytes, type StoreContents, type StoredBatch, type StoredHole } from './batch-store.ts';
import type { StoredLane } from './outbox.ts';

/** For tests and for what must not touch a disk: everything is gone with the process. */
export class MemoryStore implements BatchStore {
  readonly #batches: Record<StoredLane, StoredBatch[]> = { safety: [], live: [] };
  readonly #points: string[] = [];
  readonly #positions: Record<StoredLane, number> = { safety: 0, live: 0 };
  readonly #cursors = new Map<string, { uplink: string; lane: StoredLane; position: number }>();
  #holes: StoredHole[] = [];

  load(): StoreContents {
    const all = [...this.#batches.safety, ...this.#batches.live];
    return {
      points: [...this.#points],
      positions: { ...this.#positions },
      bases: { safety: 0, live: 0 },
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
    const at = list.findIndex((held) => held.next > batch.next);
    if (at === -1) list.push(batch);
    else list.splice(at, 0, batch);
  }

  removeBatch(lane: StoredLane, next: number): void {
    this.#batches[lane] = this.#batches[lane].filter((batch) => batch.next !== next);
  }

  batchesAfter(lane: StoredLane, position: number, limit: number): StoredBatch[] {
    const list = this.#batches[lane];
    const at = list.findIndex((batch) => batch.next > position);
    return at === -1 ? [] : list.slice(at, at + limit);
  }

  oldest(lane: StoredLane, limit: number, options: { thinned: boolean }): StoredBatch[] {
    return this.#batches[lane].filter((batch) => options.thinned || batch.kept === null).slice(0, limit);
  }

  oldestEndMs(lane: StoredLane): number | undefined {
    return this.#batches[lane][0]?.toMs;
  }

  removeBefore(lane: StoredLane, position: number): number {
    const gone = this.#batches[lane].filter((batch) => batch.next <= position);
    if (gone.length > 0) this.#batches[lane] = this.#batches[lane].slice(gone.length);
    return gone.reduce((sum, batch) => sum + batchBytes(batch), 0);
  }

  savePosition(lane: StoredLane, position: number): void {
    this.#positions[lane] = position;
  }

  saveCursor(uplink: string, lane: StoredLane, position: number): void {
    this.#cursors.set(`${uplink} ${lane}`, { uplink, lane, position });
  }

  removeCursors(uplink: string): void {
    for (const [key, cursor] of this.#cursors) if (cursor.uplink === uplink) this.#cursors.delete(key);
  }

  saveHoles(holes: readonly StoredHole[]): void {
    this.#holes = [...holes];
  }

  close(): void {
    // Nothing is held open.
  }
}
