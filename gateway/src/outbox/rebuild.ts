import { closeSync, fsyncSync, openSync, renameSync, rmSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { OutboxHole } from '@plantroom/contracts';
import { batchBytes, type LaneState, type Mark, type StoreContents, type StoredCursor } from './batch-store.ts';
import { untold, withHole } from './holes.ts';
import { type StoredLane, storedLanes } from './outbox.ts';
import type { FoundBatch, Salvage } from './salvage.ts';
import { createTables } from './sqlite-schema.ts';
import { SqliteStore } from './sqlite-store.ts';

/** Rows that one transaction of the new file takes. */
const rowsAtOnce = 1000;

/** Writes a file beside, then puts it in its place: whatever happens meanwhile, there is one that is whole. */
export function createFile(file: string, fill: (store: SqliteStore) => void): void {
  const fresh = `${file}.new`;
  for (const suffix of ['', '-journal', '-wal', '-shm']) rmSync(fresh + suffix, { force: true });
  const db = new DatabaseSync(fresh);
  try {
    createTables(db);
    fill(new SqliteStore(db));
  } finally {
    db.close();
  }
  renameSync(fresh, file);
  syncFolder(file);
}

/** A new name is on the disk when its folder is (open(2), fsync(2)); where folders cannot be opened the system does without. */
export function syncFolder(file: string): void {
  try {
    const handle = openSync(dirname(file), 'r');
    fsyncSync(handle);
    closeSync(handle);
  } catch {
    // Windows.
  }
}

export interface RebuildOptions {
  found: Salvage;
  /** Of the running outbox; left out: what was found. */
  known?: StoreContents | undefined;
  mark: Mark | undefined;
  uplinks: readonly string[];
  nowMs: number;
}

/** What is written into the new file, beside the batches. */
export interface Rebuilt {
  lanes: Record<StoredLane, LaneState>;
  cursors: StoredCursor[];
  holes: OutboxHole[];
  batches: FoundBatch[];
  /** Readings found missing, as far as they can be counted. */
  missing: number;
}

/** Pure: positions, cursors and holes of the new file. */
export function plan(options: RebuildOptions): Rebuilt {
  const { found, known, mark, nowMs } = options;
  const rebuilt: Rebuilt = {
    lanes: { safety: { base: 0, floor: 0, position: 0 }, live: { base: 0, floor: 0, position: 0 } },
    cursors: known?.cursors ?? found.cursors,
    holes: known?.holes ?? found.holes,
    batches: [],
    missing: 0,
  };
  for (const lane of storedLanes) {
    const batches = found.batches.filter((batch) => batch.lane === lane);
    const state = stateOf(lane, { ...options, first: batches[0]?.first, end: batches.at(-1)?.next ?? 0 });
    rebuilt.lanes[lane] = state.lane;
    const kept = batches.filter((batch) => batch.next > state.lane.floor && batch.next <= state.lane.position);
    rebuilt.batches.push(...kept);
    const addHole = (
      first: number,
      next: number,
      span: { fromMs: number; toMs: number; count: number | null },
    ): void => {
      const uplinks = behind(rebuilt.cursors, { lane, uplinks: options.uplinks, next });
      const hole = { lane, reason: 'damaged', first, next, ...span, uplinks, recordedMs: nowMs } as const;
      rebuilt.holes = withHole(rebuilt.holes, hole);
      rebuilt.missing += span.count ?? 0;
    };
    const sinceMs = mark?.lanes[lane].sinceMs;
    let at = state.lane.floor;
    let beforeMs = sinceMs;
    const fill = (next: number, untilMs: number): void => {
      for (const gap of untold(rebuilt.holes, { lane, from: at, next })) {
        const fromMs = Math.min(beforeMs ?? untilMs, untilMs);
        addHole(gap.from, gap.next, { fromMs, toMs: untilMs, count: gap.next - gap.from });
      }
    };
    for (const batch of kept) {
      fill(batch.first, batch.fromMs);
      at = Math.max(at, batch.next);
      beforeMs = Math.max(beforeMs ?? 0, batch.toMs);
    }
    fill(state.counted, mark?.atMs ?? nowMs);
    if (state.counted < state.lane.position)
      addHole(Math.max(state.counted, state.lane.floor), state.lane.position, {
        fromMs: beforeMs ?? mark?.atMs ?? nowMs,
        toMs: nowMs,
        count: null,
      });
  }
  return rebuilt;
}

/**
 * Positions of a lane. When nothing says for certain how far it had come, counting goes on at the present time in microseconds, which is
 * above every position that can have been given out (no gateway averages a million readings a second since 1970), so that neither host nor
 * cursor can mistake a new reading for an old one. `counted`: up to where positions are known to have been given out.
 */
function stateOf(
  lane: StoredLane,
  { found, known, mark, nowMs, first, end }: RebuildOptions & { first: number | undefined; end: number },
): { lane: LaneState; counted: number } {
  if (known !== undefined) return { lane: known.lanes[lane], counted: known.lanes[lane].position };
  const stored = found.lanes[lane];
  const marked = mark?.lanes[lane];
  const counted = Math.max(stored?.position ?? 0, marked?.position ?? 0, end);
  const position = marked === undefined ? Math.max(nowMs * 1000, counted) : counted;
  const begin = first ?? position;
  const base = stored?.base ?? marked?.base ?? begin;
  const floor = stored === undefined && marked === undefined ? begin : Math.max(stored?.floor ?? 0, marked?.floor ?? 0);
  return { lane: { base, floor: Math.min(floor, position), position }, counted };
}

function behind(
  cursors: readonly StoredCursor[],
  { lane, uplinks, next }: { lane: StoredLane; uplinks: readonly string[]; next: number },
): string[] {
  const isBehind = (uplink: string): boolean =>
    !cursors.some((cursor) => cursor.uplink === uplink && cursor.lane === lane && cursor.position >= next);
  return uplinks.filter(isBehind).sort();
}

/** Into an empty file. */
export function writeRebuilt(store: SqliteStore, { found, rebuilt }: { found: Salvage; rebuilt: Rebuilt }): void {
  store.transaction(
    () => {
      found.points.forEach((point, id) => {
        if (point !== undefined) store.addPoint(id, point);
      });
      for (const lane of storedLanes) store.saveLane(lane, rebuilt.lanes[lane]);
      for (const cursor of rebuilt.cursors) store.saveCursor(cursor);
      store.saveHoles(rebuilt.holes);
    },
    { durable: true },
  );
  for (let at = 0; at < rebuilt.batches.length; at += rowsAtOnce) {
    store.transaction(
      () => {
        for (const place of rebuilt.batches.slice(at, at + rowsAtOnce)) {
          const batch = found.read(place);
          if (batch !== undefined && batchBytes(batch) > 0) store.addBatch(batch);
        }
      },
      { durable: true },
    );
  }
}
