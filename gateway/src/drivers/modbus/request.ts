import { PlantroomError } from '@plantroom/contracts';
import type { ModbusFraming, ModbusTable } from '@plantroom/device-profiles';

interface RequestHead {
  unit: number;
  framing: ModbusFraming;
  /** False: any transaction id is taken for ours; safe because one request is in flight and time-outs are drained. */
  strictTransactionId: boolean;
  /** Left out: the client's. */
  timeoutMs?: number;
  /** What this device needs after an exchange before anything else is sent; left out: the client's. */
  minRequestGapMs?: number;
}

/** Functions 1 to 4. */
export interface ReadRequest extends RequestHead {
  table: ModbusTable;
  /** PDU address. */
  start: number;
  /** Registers, or bits. */
  count: number;
  /** What was answered last: an answer that says the same is this very array. Left out: each is an array of its own. */
  before?: Uint16Array;
}

/** Functions 5 and 6 (`single`), 15 and 16. */
export interface WriteRequest extends RequestHead {
  table: Extract<ModbusTable, 'coil' | 'holding'>;
  start: number;
  /** Registers, or 0/1 for coils. */
  words: readonly number[];
  single: boolean;
}

/** Function 23: writes first, then reads, both holding registers. */
export interface ReadWriteRequest extends RequestHead {
  start: number;
  count: number;
  writeStart: number;
  words: readonly number[];
}

export type ModbusRequest = ReadRequest | WriteRequest | ReadWriteRequest;

const readCodes: Record<ModbusTable, number> = { coil: 1, discrete: 2, holding: 3, input: 4 };

export function functionCode(request: ModbusRequest): number {
  if ('writeStart' in request) return 23;
  if ('count' in request) return readCodes[request.table];
  if (request.table === 'coil') return request.single ? 5 : 15;
  return request.single ? 6 : 16;
}

export function isBitTable(table: ModbusTable): boolean {
  return table === 'coil' || table === 'discrete';
}

/** Modbus Application Protocol 1.1b3, §6: what fits into a PDU of 253 bytes. */
const most: Readonly<Record<number, number>> = {
  1: 2000,
  2: 2000,
  3: 125,
  4: 125,
  5: 1,
  6: 1,
  15: 1968,
  16: 123,
  23: 125,
};
const mostWrittenWith23 = 121;

/** Throws MODBUS_REQUEST for what no device could be asked: a fault of the caller. */
export function assertRequest(request: ModbusRequest): void {
  const code = functionCode(request);
  const count = 'count' in request ? request.count : request.words.length;
  const limit = most[code] ?? 0;
  const fail = (what: string): never => {
    throw new PlantroomError('MODBUS_REQUEST', `function ${code}: ${what}`);
  };
  if (!whole(request.unit, 255)) fail(`unit ${request.unit}, allowed are 0 to 255`);
  if (!whole(count, limit) || count < 1) fail(`${count} values, allowed are 1 to ${limit}`);
  if (!whole(request.start, 65536 - count)) fail(`starts at ${request.start}, must end by 65535`);
  if (!('words' in request)) return;
  // Unit 0 is every device of a serial line at once; none answers, so nobody would know what was done.
  if (request.unit === 0) fail('unit 0 is a broadcast, writes go to one unit');
  if (request.framing !== 'standard') fail(`no writes in the dialect ${request.framing}`);
  if ('writeStart' in request) {
    const written = request.words.length;
    if (written < 1 || written > mostWrittenWith23)
      fail(`${written} values written, allowed are 1 to ${mostWrittenWith23}`);
    if (!whole(request.writeStart, 65536 - written)) fail(`writes from ${request.writeStart}, must end by 65535`);
  }
  const highest = code === 5 || code === 15 ? 1 : 0xffff;
  const wrong = request.words.find((value) => !whole(value, highest));
  if (wrong !== undefined) fail(`value ${wrong}, allowed are 0 to ${highest}`);
}

function whole(value: number, highest: number): boolean {
  return Number.isInteger(value) && value >= 0 && value <= highest;
}

/** Unit id and PDU at this place of the frame; answers where they end. */
export function writeRequest(frame: Uint8Array, at: number, request: ModbusRequest): number {
  const code = functionCode(request);
  frame[at] = request.unit;
  frame[at + 1] = code;
  putWord(frame, at + 2, request.start);
  if ('count' in request) {
    putWord(frame, at + 4, request.count);
    if (!('writeStart' in request)) return at + 6;
    putWord(frame, at + 6, request.writeStart);
    putWord(frame, at + 8, request.words.length);
    return putRegisters(frame, at + 10, request.words);
  }
  if (request.single) {
    // Function 5 says on with FF00 (§6.5).
    putWord(frame, at + 4, code === 5 ? singleCoil(request.words[0]) : (request.words[0] ?? 0));
    return at + 6;
  }
  putWord(frame, at + 4, request.words.length);
  return code === 15 ? putBits(frame, at + 6, request.words) : putRegisters(frame, at + 6, request.words);
}

/** Bytes of unit id and PDU. */
export function requestBytes(request: ModbusRequest): number {
  if ('writeStart' in request) return 11 + 2 * request.words.length;
  if ('count' in request || request.single) return 6;
  return 7 + (request.table === 'coil' ? Math.ceil(request.words.length / 8) : 2 * request.words.length);
}

/** Data bytes that a correct reply to a read carries; undefined for a plain write, whose reply is an echo. */
export function expectedBytes(request: ModbusRequest): number | undefined {
  if (!('count' in request)) return undefined;
  if ('table' in request && isBitTable(request.table)) return Math.ceil(request.count / 8);
  return request.count * 2;
}

/** What a correct reply to a plain write repeats after unit and function: address, then value or count. */
export function echoOf(request: WriteRequest): [number, number] {
  if (!request.single) return [request.start, request.words.length];
  return [request.start, request.table === 'coil' ? singleCoil(request.words[0]) : (request.words[0] ?? 0)];
}

/** Registers big-endian, bits lowest first; one value per register or bit. */
export function valuesOf(request: ModbusRequest, bytes: Uint8Array): Uint16Array {
  if (!('count' in request)) return new Uint16Array(0);
  const { count } = request;
  const valueAt = 'table' in request && isBitTable(request.table) ? bitAt : registerAt;
  const before = 'before' in request ? request.before : undefined;
  if (before?.length === count) {
    let i = 0;
    while (i < count && before[i] === valueAt(bytes, i)) i++;
    if (i === count) return before;
  }
  const values = new Uint16Array(count);
  for (let i = 0; i < count; i++) values[i] = valueAt(bytes, i);
  return values;
}

function bitAt(bytes: Uint8Array, i: number): number {
  return ((bytes[i >>> 3] ?? 0) >>> (i & 7)) & 1;
}

function registerAt(bytes: Uint8Array, i: number): number {
  return ((bytes[2 * i] ?? 0) << 8) | (bytes[2 * i + 1] ?? 0);
}

function singleCoil(value: number | undefined): number {
  return value === 1 ? 0xff00 : 0;
}

function putWord(frame: Uint8Array, at: number, value: number): void {
  frame[at] = value >>> 8;
  frame[at + 1] = value & 0xff;
}

function putRegisters(frame: Uint8Array, at: number, words: readonly number[]): number {
  frame[at] = 2 * words.length;
  for (const [i, value] of words.entries()) putWord(frame, at + 1 + 2 * i, value);
  return at + 1 + 2 * words.length;
}

function putBits(frame: Uint8Array, at: number, bits: readonly number[]): number {
  const bytes = Math.ceil(bits.length / 8);
  frame[at] = bytes;
  for (const [i, bit] of bits.entries())
    if (bit === 1) frame[at + 1 + (i >>> 3)] = (frame[at + 1 + (i >>> 3)] ?? 0) | (1 << (i & 7));
  return at + 1 + bytes;
}
