import type { RawRow } from './sqlite-rows.ts';
import { pageBytes } from './sqlite-schema.ts';

/** B-tree pages (sqlite.org/fileformat2.html#b_tree_pages). */
const tableLeaf = 0x0d;
const indexLeaf = 0x0a;
const fileHeaderBytes = 100;
/** No batch comes near. */
const maxPayload = 64 * 1024 * 1024;
const maxTableLocal = pageBytes - 35;
const maxIndexLocal = Math.floor(((pageBytes - 12) * 64) / 255) - 23;
const minLocal = Math.floor(((pageBytes - 12) * 32) / 255) - 23;

export interface PageRow {
  kind: 'table' | 'index';
  /** Of a table. */
  rowid: number;
  columns: RawRow;
}

/** The rows of a leaf page; what cannot be one is left out. `pageOf` gives the pages that a long row goes on in. */
export function rowsOf(page: Buffer, number: number, pageOf: (page: number) => Buffer | undefined): PageRow[] {
  const head = number === 1 ? fileHeaderBytes : 0;
  const type = page[head];
  if (type !== tableLeaf && type !== indexLeaf) return [];
  const kind = type === tableLeaf ? 'table' : 'index';
  const cells = Math.min(page.readUInt16BE(head + 3), Math.floor(pageBytes / 4));
  const rows: PageRow[] = [];
  for (let i = 0; i < cells; i++) {
    try {
      rows.push(rowAt(page, page.readUInt16BE(head + 8 + i * 2), { kind, pageOf }));
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
    }
  }
  return rows;
}

/** Throws RangeError when there is none. */
function rowAt(
  page: Buffer,
  at: number,
  { kind, pageOf }: { kind: PageRow['kind']; pageOf: (page: number) => Buffer | undefined },
): PageRow {
  const size = varint(page, at);
  const row = kind === 'table' ? varint(page, size.end) : { value: 0, end: size.end };
  if (size.value < 1 || size.value > maxPayload) throw new RangeError('no payload is that long');
  const local = localBytes(size.value, kind === 'table' ? maxTableLocal : maxIndexLocal);
  if (row.end + local > page.length) throw new RangeError('the payload runs past the page');
  const parts = [page.subarray(row.end, row.end + local)];
  let left = size.value - local;
  let next = left > 0 ? page.readUInt32BE(row.end + local) : 0;
  while (left > 0) {
    const more = next === 0 ? undefined : pageOf(next);
    if (more === undefined) throw new RangeError('a page that the payload goes on in is missing');
    const part = more.subarray(4, 4 + Math.min(left, pageBytes - 4));
    parts.push(part);
    left -= part.length;
    next = more.readUInt32BE(0);
  }
  return { kind, rowid: row.value, columns: columnsOf(Buffer.concat(parts)) };
}

function localBytes(payload: number, most: number): number {
  if (payload <= most) return payload;
  const cut = minLocal + ((payload - minLocal) % (pageBytes - 4));
  return cut <= most ? cut : minLocal;
}

/** The record format: a header of serial types, then the values. */
function columnsOf(record: Buffer): RawRow {
  const header = varint(record, 0);
  let at = header.value;
  const columns: (string | number | null | Uint8Array)[] = [];
  for (let typeAt = header.end; typeAt < header.value; ) {
    const type = varint(record, typeAt);
    typeAt = type.end;
    const length = lengthOf(type.value);
    if (at + length > record.length || columns.length > 20) throw new RangeError('the record runs past its end');
    columns.push(valueAt(record, at, { type: type.value, length }));
    at += length;
  }
  return columns;
}

function lengthOf(type: number): number {
  if (type >= 12) return Math.floor((type - 12) / 2);
  return [0, 1, 2, 3, 4, 6, 8, 8, 0, 0][type] ?? 0;
}

function valueAt(record: Buffer, at: number, { type, length }: { type: number; length: number }) {
  if (type === 0) return null;
  if (type === 8 || type === 9) return type - 8;
  if (type === 7) return record.readDoubleBE(at);
  if (type === 6) return Number(record.readBigInt64BE(at));
  if (type < 6) return record.readIntBE(at, length);
  const bytes = record.subarray(at, at + length);
  return type % 2 === 0 ? Uint8Array.from(bytes) : bytes.toString('utf8');
}

/** Big-endian, seven bits a byte, the ninth byte whole. */
function varint(bytes: Buffer, at: number): { value: number; end: number } {
  let value = 0;
  for (let i = 0; i < 8; i++) {
    const byte = bytes.readUInt8(at + i);
    value = value * 128 + (byte & 0x7f);
    if (byte < 0x80) return { value, end: at + i + 1 };
  }
  return { value: value * 256 + bytes.readUInt8(at + 8), end: at + 9 };
}
