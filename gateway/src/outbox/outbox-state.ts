import {
  type Clock,
  errorMessage,
  type HoleReason,
  type Logger,
  type OutboxHole,
  type Reading,
} from '@plantroom/contracts';
import { decodeBatch, encodeBatch, spanOf } from './batch-codec.ts';
import { type BatchStore, batchBytes, type LaneState, type StoreContents, type StoredBatch } from './batch-store.ts';
import { Cursors } from './cursors.ts';
import { Dictionary } from './dictionary.ts';
import { withHole } from './holes.ts';
import { type StoredLane, storedLanes } from './outbox.ts';

/** What the store holds, as far as it is kept in memory. What changes it changes the store in the same transaction. */
export interface OutboxState {
  store: BatchStore;
  dictionary: Dictionary;
  cursors: Cursors;
  lanes: Record<StoredLane, LaneState>;
  /** Replaced, never changed: who kept the former list has what was there. */
  holes: readonly OutboxHole[];
  bytes: number;
}

export function loadState(store: BatchStore, uplinks: readonly string[]): OutboxState {
  const contents = store.load();
  for (const { uplink } of contents.cursors) if (!uplinks.includes(uplink)) store.removeCursors(uplink);
  return {
    store,
    dictionary: new Dictionary(contents.points),
    cursors: new Cursors(uplinks, contents),
    lanes: contents.lanes,
    holes: contents.holes,
    bytes: contents.bytes,
  };
}

/** What would be loaded from the store if it held everything. */
export function contentsOf({ dictionary, cursors, lanes, holes, bytes }: OutboxState): StoreContents {
  return { points: [...dictionary.all()], lanes: copyOf(lanes), cursors: cursors.all(), holes: [...holes], bytes };
}

export function copyOf(lanes: OutboxState['lanes']): OutboxState['lanes'] {
  return { safety: { ...lanes.safety }, live: { ...lanes.live } };
}

type Place = Pick<StoredBatch, 'lane' | 'first' | 'next' | 'kept'>;

export function addBatch(state: OutboxState, place: Place, readings: readonly Reading[]): void {
  const batch = { ...place, ...spanOf(readings), data: encodeBatch(readings, state.dictionary.idOf) };
  state.store.addBatch(batch);
  state.bytes += batchBytes(batch);
}

export function removeBatch(state: OutboxState, batch: StoredBatch): void {
  state.store.removeBatch(batch.lane, batch.next);
  state.bytes -= batchBytes(batch);
}

/** Removes the batch; what of it some uplink had not yet committed becomes a hole. */
export function dropBatch(state: OutboxState, batch: StoredBatch, why: { reason: HoleReason; nowMs: number }): void {
  removeBatch(state, batch);
  const done = state.cursors.done(batch.lane);
  const count =
    batch.kept === null
      ? batch.next - Math.max(batch.first, done)
      : batch.kept.filter((at) => batch.first + at >= done).length;
  recordHole(state, { ...batch, count }, why);
}

/** Nothing was lost when every uplink has it. `uplinks`, who misses it, left out: who has not committed everything before `next`. */
export function recordHole(
  state: OutboxState,
  { lane, first, next, fromMs, toMs, count }: Pick<OutboxHole, 'lane' | 'first' | 'next' | 'fromMs' | 'toMs' | 'count'>,
  {
    reason,
    nowMs,
    uplinks = state.cursors.behind(lane, next),
  }: { reason: HoleReason; nowMs: number; uplinks?: string[] },
): void {
  if (count !== null && count <= 0) return;
  state.holes = withHole(state.holes, { lane, first, next, fromMs, toMs, count, reason, uplinks, recordedMs: nowMs });
}

/** Within a transaction: undefined, and a hole, when the bytes are damaged. */
export function readBatch(
  state: OutboxState,
  batch: StoredBatch,
  { clock, logger }: { clock: Clock; logger: Logger },
): Reading[] | undefined {
  try {
    return decodeBatch(batch.data, state.dictionary.pointOf);
  } catch (error) {
    logger.error({ lane: batch.lane, first: batch.first, next: batch.next }, errorMessage(error));
    dropBatch(state, batch, { reason: 'damaged', nowMs: clock.nowMs() });
    return undefined;
  }
}

/** Writes the cursors that have moved and deletes what all of them have passed. */
export function saveCursors(state: OutboxState): void {
  const { store, cursors, lanes } = state;
  const moved = cursors.moved();
  for (const cursor of moved) store.saveCursor(cursor);
  if (moved.length > 0) {
    for (const lane of storedLanes) {
      const floor = Math.min(cursors.done(lane), lanes[lane].position);
      if (floor <= lanes[lane].floor) continue;
      state.bytes -= store.removeBefore(lane, floor);
      lanes[lane].floor = floor;
      store.saveLane(lane, lanes[lane]);
    }
  }
  cursors.saved();
}
