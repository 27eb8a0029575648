import type { OutboxHole } from '@plantroom/contracts';
import { decodeBatch } from './batch-codec.ts';
import type { LaneState, StoredBatch, StoredCursor } from './batch-store.ts';
import type { StoredLane } from './outbox.ts';
import { PageImages } from './page-images.ts';
import { rowsOf } from './page-rows.ts';
import { batchOf, cursorOf, holeOf, laneOf, pointOf, type RawRow } from './sqlite-rows.ts';

/** Columns of the tables; a row of a page belongs to the one that it has the shape and the check sum of. */
const widths = { points: 3, lanes: 5, cursors: 4, holes: 10, batches: 10 } as const;

/** A batch that can be read, and where. */
export interface FoundBatch extends Pick<StoredBatch, 'lane' | 'first' | 'next' | 'fromMs' | 'toMs'> {
  page: number;
}

export interface Salvage {
  points: (string | undefined)[];
  lanes: Partial<Record<StoredLane, LaneState>>;
  cursors: StoredCursor[];
  holes: OutboxHole[];
  /** In the order of positions, none over another. */
  batches: FoundBatch[];
  /** Its batch anew: they may be more than memory holds. */
  read(found: FoundBatch): StoredBatch | undefined;
  close(): void;
}

/**
 * Everything of a damaged file whose check sums fit, page by page and whatever the tree above it looks like. Pages that SQLite has freed hold
 * what was there before: batches of theirs are taken only where nothing newer lies. `known` points: those of the running outbox.
 */
export function salvage(file: string, known?: readonly (string | undefined)[]): Salvage {
  const images = new PageImages(file);
  const pageOf = (page: number) => images.page(page);
  const rows = function* (): Generator<{ page: number; kind: 'table' | 'index'; rowid: number; columns: RawRow }> {
    for (let page = 1; page <= images.count; page++) {
      const image = images.page(page);
      if (image !== undefined) for (const row of rowsOf(image, page, pageOf)) yield { page, ...row };
    }
  };
  const found: Salvage = {
    points: known === undefined ? [] : [...known],
    lanes: {},
    cursors: [],
    holes: [],
    batches: [],
    read: ({ page, lane, first, next }) => {
      const image = images.page(page);
      const batches =
        image === undefined ? [] : rowsOf(image, page, pageOf).flatMap(({ columns }) => batchIn(columns) ?? []);
      return batches.find((batch) => batch.lane === lane && batch.first === first && batch.next === next);
    },
    close: () => images.close(),
  };
  for (const { kind, rowid, columns } of rows()) takeMeta(found, { kind, rowid, columns }, known === undefined);
  found.points = Array.from(found.points);
  const batches: FoundBatch[] = [];
  for (const { page, kind, columns } of rows()) {
    const batch = kind === 'table' ? batchIn(columns) : undefined;
    if (batch === undefined || !isReadable(batch, found.points)) continue;
    const { lane, first, next, fromMs, toMs } = batch;
    batches.push({ lane, first, next, fromMs, toMs, page });
  }
  found.batches = withoutOverlaps(batches);
  return found;
}

function takeMeta(
  found: Salvage,
  { kind, rowid, columns }: { kind: 'table' | 'index'; rowid: number; columns: RawRow },
  takesPoints: boolean,
): void {
  if (kind === 'index') {
    // The copy of a point in its index: point, check sum, row id.
    const [name, crc, id] = columns;
    const point = columns.length === widths.points ? pointOf([id ?? null, name ?? null, crc ?? null]) : undefined;
    if (point !== undefined && takesPoints) found.points[point.id] = point.point;
    return;
  }
  if (columns.length === widths.points && takesPoints) {
    const point = pointOf([rowid, ...columns.slice(1)]);
    if (point !== undefined) found.points[point.id] = point.point;
  } else if (columns.length === widths.lanes) {
    const state = laneOf(columns);
    if (state === undefined) return;
    const { lane, base, floor, position } = state;
    if ((found.lanes[lane]?.position ?? -1) <= position) found.lanes[lane] = { base, floor, position };
  } else if (columns.length === widths.cursors) {
    const cursor = cursorOf(columns);
    if (cursor !== undefined) found.cursors.push(cursor);
  } else if (columns.length === widths.holes) {
    const hole = holeOf(columns);
    if (hole !== undefined) found.holes.push(hole);
  }
}

/** Holes have as many columns, the last of which is no data. */
function batchIn(columns: RawRow): StoredBatch | undefined {
  return columns.length === widths.batches && columns.at(-1) instanceof Uint8Array ? batchOf(columns) : undefined;
}

function isReadable(batch: StoredBatch, points: readonly (string | undefined)[]): boolean {
  try {
    const readings = decodeBatch(batch.data, (id) => points[id]);
    return readings.length === (batch.kept?.length ?? batch.next - batch.first);
  } catch {
    return false;
  }
}

/** Of two over one another the longer: thinning joins batches, so it is the newer. */
function withoutOverlaps(batches: readonly FoundBatch[]): FoundBatch[] {
  const taken: FoundBatch[] = [];
  const byLength = batches.toSorted((a, b) => b.next - b.first - (a.next - a.first));
  const ends: Record<StoredLane, FoundBatch[]> = { safety: [], live: [] };
  for (const batch of byLength) {
    const list = ends[batch.lane];
    const at = firstBehind(list, batch.first);
    const behind = list[at];
    if (behind !== undefined && behind.first < batch.next) continue;
    list.splice(at, 0, batch);
    taken.push(batch);
  }
  return taken.sort((a, b) => a.first - b.first);
}

/** Index of the first that ends behind this position; they are in order and not over one another. */
function firstBehind(list: readonly FoundBatch[], position: number): number {
  let low = 0;
  let high = list.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((list[middle]?.next ?? 0) > position) high = middle;
    else low = middle + 1;
  }
  return low;
}
