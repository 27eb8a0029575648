import type { OutboxHole } from '@plantroom/contracts';
import { decodeBatch } from './batch-codec.ts';
import { firstBehind } from './batch-order.ts';
import type { LaneState, StoredBatch, StoredCursor } from './batch-store.ts';
import type { StoredLane } from './outbox.ts';
import { PageImages } from './page-images.ts';
import { type PageRow, rowsOf } from './page-rows.ts';
import { batchOf, cursorOf, holeOf, laneOf, pointOf, type RawRow } from './sqlite-rows.ts';

/** Columns of the tables; a row of a page belongs to the one that it has the shape and the check sum of. */
const widths = { points: 3, lanes: 5, cursors: 4, holes: 10, batches: 10 } as const;

/** A batch that can be read, and where. */
export interface FoundBatch extends Pick<StoredBatch, 'lane' | 'first' | 'next' | 'fromMs' | 'toMs'> {
  images: PageImages;
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
 * Everything of a damaged file whose check sums fit, page by page and whatever the tree above it looks like: as SQLite would see it, and once
 * more with what the log holds behind its break. Pages that SQLite has freed hold what was there before: batches of theirs are taken only
 * where nothing newer lies. `known` points: those of the running outbox.
 */
export function salvage(file: string, known?: readonly (string | undefined)[]): Salvage {
  const views = [false, true].map((everything) => new PageImages(file, { everything }));
  const found: Salvage = {
    points: known === undefined ? [] : [...known],
    lanes: {},
    cursors: [],
    holes: [],
    batches: [],
    read: ({ images, page, lane, first, next }) =>
      rowsIn(images, page)
        .flatMap(({ columns }) => batchIn(columns) ?? [])
        .find((batch) => batch.lane === lane && batch.first === first && batch.next === next),
    close: () => {
      for (const images of views) images.close();
    },
  };
  for (const images of views)
    for (let page = 1; page <= images.count; page++)
      for (const row of rowsIn(images, page)) takeMeta(found, row, known === undefined);
  found.points = Array.from(found.points);
  const batches: FoundBatch[] = [];
  for (const images of views) {
    for (let page = 1; page <= images.count; page++) {
      for (const { kind, columns } of rowsIn(images, page)) {
        const batch = kind === 'table' ? batchIn(columns) : undefined;
        if (batch === undefined || !isReadable(batch, found.points)) continue;
        const { lane, first, next, fromMs, toMs } = batch;
        batches.push({ lane, first, next, fromMs, toMs, images, page });
      }
    }
  }
  found.batches = withoutOverlaps(batches);
  return found;
}

function rowsIn(images: PageImages, page: number): PageRow[] {
  const image = images.page(page);
  return image === undefined ? [] : rowsOf(image, page, (number) => images.page(number));
}

function takeMeta(found: Salvage, { kind, rowid, columns }: PageRow, takesPoints: boolean): void {
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
    if (cursor !== undefined) takeCursor(found.cursors, cursor);
  } else if (columns.length === widths.holes) {
    const hole = holeOf(columns);
    if (hole !== undefined) takeHole(found.holes, hole);
  }
}

/** The furthest: that of a page before it was written again is behind. */
function takeCursor(cursors: StoredCursor[], cursor: StoredCursor): void {
  const held = cursors.find(({ uplink, lane }) => uplink === cursor.uplink && lane === cursor.lane);
  if (held === undefined) cursors.push(cursor);
  else held.position = Math.max(held.position, cursor.position);
}

/** Holes grow, so the longest is the newest. */
function takeHole(holes: OutboxHole[], hole: OutboxHole): void {
  const isSame = (held: OutboxHole): boolean =>
    held.lane === hole.lane && held.reason === hole.reason && held.first === hole.first;
  const at = holes.findIndex(isSame);
  if (at === -1) holes.push(hole);
  else if ((holes[at]?.next ?? 0) <= hole.next) holes[at] = hole;
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
