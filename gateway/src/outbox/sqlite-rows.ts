import type { OutboxHole } from '@plantroom/contracts';
import { dataCheck } from './batch-codec.ts';
import { batchBytes, type LaneState, type StoredBatch, type StoredCursor } from './batch-store.ts';
import { rowCheck } from './row-check.ts';

/** Rows as their columns stand in the tables, with their check sums; the way back answers undefined when the check sum does not fit. */
type Column = string | number | null;
/** As read, from SQLite or from the bytes of a page. */
export type RawRow = readonly (Column | Uint8Array)[];

const checked = (...columns: Column[]): Column[] => [...columns, rowCheck(...columns)];

const isPlain = (column: Column | Uint8Array): column is Column => !(column instanceof Uint8Array);

/** The columns before the check sum, or undefined. */
function verified(row: RawRow): Column[] | undefined {
  const columns = row.slice(0, -1).filter(isPlain);
  return columns.length === row.length - 1 && rowCheck(...columns) === row.at(-1) ? columns : undefined;
}

export const pointRow = (id: number, point: string): Column[] => checked(id, point);

export function pointOf(row: RawRow): { id: number; point: string } | undefined {
  const columns = verified(row);
  return columns === undefined ? undefined : { id: Number(columns[0]), point: String(columns[1]) };
}

export const laneRow = (lane: string, { base, floor, position }: LaneState): Column[] =>
  checked(lane, base, floor, position);

export function laneOf(row: RawRow): (LaneState & { lane: StoredBatch['lane'] }) | undefined {
  const columns = verified(row);
  if (columns === undefined) return undefined;
  const [lane, base, floor, position] = columns;
  return {
    lane: lane as StoredBatch['lane'],
    base: Number(base),
    floor: Number(floor),
    position: Number(position),
  };
}

export const cursorRow = ({ uplink, lane, position }: StoredCursor): Column[] => checked(uplink, lane, position);

export function cursorOf(row: RawRow): StoredCursor | undefined {
  const columns = verified(row);
  if (columns === undefined) return undefined;
  const [uplink, lane, position] = columns;
  return { uplink: String(uplink), lane: lane as StoredBatch['lane'], position: Number(position) };
}

export const holeRow = (hole: OutboxHole): Column[] =>
  checked(
    hole.lane,
    hole.reason,
    hole.first,
    hole.next,
    hole.fromMs,
    hole.toMs,
    hole.count,
    JSON.stringify(hole.uplinks),
    hole.recordedMs,
  );

export function holeOf(row: RawRow): OutboxHole | undefined {
  const columns = verified(row);
  if (columns === undefined) return undefined;
  const [lane, reason, first, next, fromMs, toMs, count, uplinks, recordedMs] = columns;
  return {
    lane: lane as OutboxHole['lane'],
    reason: reason as OutboxHole['reason'],
    first: Number(first),
    next: Number(next),
    fromMs: Number(fromMs),
    toMs: Number(toMs),
    count: count === null || count === undefined ? null : Number(count),
    uplinks: JSON.parse(String(uplinks)) as string[],
    recordedMs: Number(recordedMs),
  };
}

export function batchRow(batch: StoredBatch): (Column | Uint8Array)[] {
  const { lane, first, next, fromMs, toMs, kept, data } = batch;
  const keptText = kept === null ? null : JSON.stringify(kept);
  return [...checked(lane, first, next, fromMs, toMs, batchBytes(batch), keptText, dataCheck(data)), data];
}

/** What a batch's row says without its data. */
export interface BatchHead extends Omit<StoredBatch, 'data'> {
  bytes: number;
  dataCrc: number;
}

/** `row` without the data. */
export function batchHeadOf(row: RawRow): BatchHead | undefined {
  const columns = verified(row);
  if (columns === undefined) return undefined;
  const [lane, first, next, fromMs, toMs, bytes, kept, dataCrc] = columns;
  return {
    lane: lane as StoredBatch['lane'],
    first: Number(first),
    next: Number(next),
    fromMs: Number(fromMs),
    toMs: Number(toMs),
    bytes: Number(bytes),
    kept: typeof kept === 'string' ? (JSON.parse(kept) as number[]) : null,
    dataCrc: Number(dataCrc),
  };
}

/** Data that is another's is left out, so that decoding says what is wrong. */
export function batchOf(row: RawRow): StoredBatch | undefined {
  const head = batchHeadOf(row.slice(0, -1));
  const data = row.at(-1);
  if (head === undefined) return undefined;
  const { bytes: _, dataCrc, ...batch } = head;
  return { ...batch, data: data instanceof Uint8Array && dataCheck(data) === dataCrc ? data : new Uint8Array() };
}
