import { MemoryStore } from '../../../gateway/src/outbox/memory-store.ts';

/** What a disk without room says, as SQLite tells it. */
class DiskFull extends Error {
  readonly code = 'ERR_SQLITE_ERROR';
  /** SQLITE_FULL */
  readonly errcode = 13;

  constructor() {
    super('database or disk is full');
  }
}

/** The store of an outbox on a disk that can be full: what it holds can be read, and nothing is added. */
export class FillableStore extends MemoryStore {
  #isFull = false;

  fill(isFull: boolean): void {
    this.#isFull = isFull;
  }

  override transaction(work: () => void): void {
    if (this.#isFull) throw new DiskFull();
    super.transaction(work);
  }
}
