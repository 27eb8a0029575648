import { crc16, sealed, withCrc } from './crc16.ts';

export interface RequestFrame {
  unitId: number;
  /** Function code and data. */
  pdu: Uint8Array;
  /** MBAP only. */
  transactionId: number;
}

/** What stands at the head of the received bytes. `need-more`: wait; `skip`: that many bytes mean nothing. */
export type Parsed =
  | { kind: 'frame'; frame: RequestFrame; length: number }
  | { kind: 'need-more' }
  | { kind: 'skip'; length: number };

/** Joins bytes on a socket to request and reply PDUs. */
export interface Framing {
  parse(buffer: Uint8Array): Parsed;
  reply(request: RequestFrame, pdu: Uint8Array): Uint8Array;
  /** A TCP gateway says 0x0B for a unit that it does not have; a serial line stays silent. */
  answersForUnknownUnits: boolean;
  /** Whether its frames carry a transaction id. */
  hasTransactions: boolean;
}

const mbapHeader = 7;

/** Modbus Messaging on TCP/IP 1.0b, §3.1.3: transaction, protocol 0, length, unit. */
export const tcpFraming: Framing = {
  answersForUnknownUnits: true,
  hasTransactions: true,
  parse(buffer) {
    if (buffer.length < mbapHeader + 1) return { kind: 'need-more' };
    const length = wordAt(buffer, 4);
    if (wordAt(buffer, 2) !== 0 || length < 2 || length > 254) return { kind: 'skip', length: buffer.length };
    const total = 6 + length;
    if (buffer.length < total) return { kind: 'need-more' };
    return {
      kind: 'frame',
      length: total,
      frame: { transactionId: wordAt(buffer, 0), unitId: buffer[6] ?? 0, pdu: buffer.slice(mbapHeader, total) },
    };
  },
  reply({ transactionId, unitId }, pdu) {
    const bytes = new Uint8Array(mbapHeader + pdu.length);
    bytes[0] = transactionId >> 8;
    bytes[1] = transactionId & 0xff;
    bytes[4] = (pdu.length + 1) >> 8;
    bytes[5] = (pdu.length + 1) & 0xff;
    bytes[6] = unitId;
    bytes.set(pdu, mbapHeader);
    return bytes;
  },
};

function wordAt(bytes: Uint8Array, at: number): number {
  return ((bytes[at] ?? 0) << 8) | (bytes[at + 1] ?? 0);
}

/** Request length by function code; the converter passes no silences on, so the length is all there is. */
function rtuRequestLength(buffer: Uint8Array): number | undefined {
  const functionCode = buffer[1] ?? 0;
  if (functionCode >= 1 && functionCode <= 6) return 8;
  if (functionCode !== 15 && functionCode !== 16) return 4;
  const byteCount = buffer[6];
  return byteCount === undefined ? undefined : 9 + byteCount;
}

function parseRtu(buffer: Uint8Array): Parsed {
  if (buffer.length < 4) return { kind: 'need-more' };
  const length = rtuRequestLength(buffer);
  if (length === undefined || buffer.length < length) return { kind: 'need-more' };
  const received = (buffer[length - 2] ?? 0) | ((buffer[length - 1] ?? 0) << 8);
  // A slave throws everything away until the line is quiet again.
  if (crc16(buffer, length - 2) !== received) return { kind: 'skip', length: buffer.length };
  return {
    kind: 'frame',
    length,
    frame: { transactionId: 0, unitId: buffer[0] ?? 0, pdu: buffer.slice(1, length - 2) },
  };
}

export const rtuFraming: Framing = {
  answersForUnknownUnits: false,
  hasTransactions: false,
  parse: parseRtu,
  reply({ unitId }, pdu) {
    const frame = new Uint8Array(1 + pdu.length + 2);
    frame[0] = unitId;
    frame.set(pdu, 1);
    return sealed(frame);
  },
};

/** Modbus exception → the controller's own error number: 2 bad command, 4 invalid address, 5 invalid parameter. */
const inovanceError: Partial<Record<number, number>> = { 1: 2, 2: 4, 3: 5 };

/**
 * NICE3000+ (M-Tools service app): standard requests; a reply carries a 16-bit byte count, `addr 03 00 02 dH dL CRC`,
 * and an error stands as `80 01 00 0x` where count and data would.
 */
export const inovanceFraming: Framing = {
  answersForUnknownUnits: false,
  hasTransactions: false,
  parse: parseRtu,
  reply(request, pdu) {
    const functionCode = (pdu[0] ?? 0) & 0x7f;
    const isException = ((pdu[0] ?? 0) & 0x80) !== 0;
    if (isException)
      return withCrc(Uint8Array.of(request.unitId, functionCode, 0x80, 0x01, 0x00, inovanceError[pdu[1] ?? 0] ?? 7));
    const frame = new Uint8Array(2 + pdu.length + 2);
    frame[0] = request.unitId;
    // Function code and the low byte of the count; the high one stands between them.
    frame.set(pdu, 2);
    frame[1] = functionCode;
    frame[2] = 0;
    return sealed(frame);
  },
};
