import { crcOf } from './crc.ts';

/** `lenient`: Modbus TCP whose gateway does not echo the transaction id. */
export type Wire = 'tcp' | 'lenient' | 'rtu';

export interface RigRequest {
  /** 0 on RTU. */
  transactionId: number;
  unit: number;
  code: number;
  start: number;
  count: number;
  bytes: Buffer;
}

/** A read request of the client, and what follows it. Undefined: more bytes are needed. Throws on what is no request. */
export function takeRequest(wire: Wire, bytes: Buffer): { request: RigRequest; rest: Buffer } | undefined {
  const length = wire === 'rtu' ? 8 : 12;
  if (bytes.length < length) return undefined;
  const frame = bytes.subarray(0, length);
  const at = wire === 'rtu' ? 0 : 6;
  if (wire === 'rtu') {
    if (!crcOf(frame.subarray(0, 6)).equals(frame.subarray(6))) throw new Error(`CRC of ${frame.toString('hex')}`);
  } else if (frame.readUInt16BE(2) !== 0 || frame.readUInt16BE(4) !== 6) {
    throw new Error(`no Modbus TCP request: ${frame.toString('hex')}`);
  }
  const request = {
    transactionId: wire === 'rtu' ? 0 : frame.readUInt16BE(0),
    unit: frame.readUInt8(at),
    code: frame.readUInt8(at + 1),
    start: frame.readUInt16BE(at + 2),
    count: frame.readUInt16BE(at + 4),
    bytes: Buffer.from(frame),
  };
  return { request, rest: bytes.subarray(length) };
}

/** What a frame says, apart from its payload; each can be made wrong. */
export interface FrameHead {
  transactionId: number;
  unit: number;
  code: number;
  /** Left out: 0, as the standard has it. */
  protocolId?: number;
  /** Added to the length of the MBAP header. Left out: 0. */
  lengthError?: number;
}

export function frameOf(wire: Wire, head: FrameHead, payload: Uint8Array): Buffer {
  const pdu = Buffer.concat([Buffer.from([head.unit, head.code]), payload]);
  if (wire === 'rtu') return Buffer.concat([pdu, crcOf(pdu)]);
  const header = Buffer.alloc(6);
  header.writeUInt16BE(head.transactionId, 0);
  header.writeUInt16BE(head.protocolId ?? 0, 2);
  header.writeUInt16BE(Math.max(0, pdu.length + (head.lengthError ?? 0)), 4);
  return Buffer.concat([header, pdu]);
}

/** Byte count and registers; `countError` is added to the byte count. */
export function registersPayload(words: Uint16Array, countError = 0): Buffer {
  const payload = Buffer.alloc(1 + words.length * 2);
  payload.writeUInt8((words.length * 2 + countError) & 0xff, 0);
  for (const [i, word] of words.entries()) payload.writeUInt16BE(word, 1 + 2 * i);
  return payload;
}
