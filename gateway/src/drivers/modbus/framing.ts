import type { ModbusFraming, ModbusTable } from '@plantroom/device-profiles';

/**
 * Why not a library: neither jsmodbus nor modbus-serial matches a reply by transaction id, unit, function and length together, comes
 * back into step after a time-out (a late reply becomes the answer to the next request), or can carry the 16-bit byte count of the
 * NICE3000+. Those are the faults that show wrong values as good ones, so the frames are ours.
 */
export interface ReadRequest {
  unit: number;
  table: ModbusTable;
  /** PDU address. */
  start: number;
  /** Registers, or bits. */
  count: number;
  framing: ModbusFraming;
  /** False: any transaction id is taken for ours; safe because one request is in flight and time-outs are drained. */
  strictTransactionId: boolean;
}

export type Reply =
  | { kind: 'data'; bytes: Uint8Array }
  | { kind: 'exception'; code: number }
  /** An answer to this request that cannot be right. */
  | { kind: 'malformed'; message: string }
  /** The answer to the request that was given up: the line is in step again. */
  | { kind: 'late' }
  /** The byte stream cannot be brought back into step: the connection must go. */
  | { kind: 'desync'; message: string };

/** Joins the client to the bytes: one exchange at a time, fed with whatever the socket delivers (whole, split, several at once, damaged). */
export interface Framing {
  /** The frame to send. Forgets what came before. */
  begin(request: ReadRequest): Uint8Array;
  receive(chunk: Uint8Array): Reply | undefined;
  /** No reply is waited for any longer; one that still comes is `late`. */
  abandon(): void;
  /** A new connection. */
  reset(): void;
  /** Whether a late reply could pass for the answer to the next request, so that the line must fall silent first. */
  needsQuiet(request: ReadRequest): boolean;
  /** What came in this exchange and was no answer to it; undefined when nothing came. */
  complaint(): string | undefined;
  /** Frames and bytes that belonged to no request in flight. */
  stray(): number;
}

const functionCodes: Record<ModbusTable, number> = { coil: 1, discrete: 2, holding: 3, input: 4 };

export function functionCode(table: ModbusTable): number {
  return functionCodes[table];
}

export function isBitTable(table: ModbusTable): boolean {
  return table === 'coil' || table === 'discrete';
}

/** Data bytes that a correct reply carries. */
export function expectedBytes(request: ReadRequest): number {
  return isBitTable(request.table) ? Math.ceil(request.count / 8) : request.count * 2;
}

/** Unit, function, start, count: the same six bytes in every dialect. */
export function writeRead(frame: Uint8Array, at: number, request: ReadRequest): void {
  frame[at] = request.unit;
  frame[at + 1] = functionCode(request.table);
  frame[at + 2] = request.start >>> 8;
  frame[at + 3] = request.start & 0xff;
  frame[at + 4] = request.count >>> 8;
  frame[at + 5] = request.count & 0xff;
}

/** Registers big-endian, bits lowest first; one value per register or bit. */
export function valuesOf(request: ReadRequest, bytes: Uint8Array): Uint16Array {
  const values = new Uint16Array(request.count);
  if (isBitTable(request.table)) {
    for (let i = 0; i < request.count; i++) values[i] = ((bytes[i >>> 3] ?? 0) >>> (i & 7)) & 1;
  } else {
    for (let i = 0; i < request.count; i++) values[i] = ((bytes[2 * i] ?? 0) << 8) | (bytes[2 * i + 1] ?? 0);
  }
  return values;
}

export function hex(bytes: Uint8Array, most = 16): string {
  const text = Buffer.from(bytes.subarray(0, most))
    .toString('hex')
    .replace(/(..)(?=.)/g, '$1 ');
  return bytes.length > most ? `${text} …` : text;
}

export function joined(head: Uint8Array, tail: Uint8Array): Uint8Array {
  if (head.length === 0) return tail;
  const both = new Uint8Array(head.length + tail.length);
  both.set(head);
  both.set(tail, head.length);
  return both;
}
