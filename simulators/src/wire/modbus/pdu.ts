import type { ModbusTable } from '@plantroom/device-profiles';
import type { Stretch } from './register-bank.ts';

export const exceptionCodes = { illegalFunction: 1, illegalAddress: 2, illegalValue: 3, gatewayTarget: 0x0b } as const;

/** What a device allows in one read. */
export interface ReadLimits {
  /** Left out: 125. Bits: 16 times as many. */
  maxRegisters?: number;
  /** Start and count must be multiples of it; left out: 1. */
  align?: number;
}

/** One device on the wire. */
export interface ModbusUnit {
  limits: ReadLimits;
  /** What the request asks for, as it stands now; called once a request, so that one answer is one instant. */
  registers(table: ModbusTable, start: number, count: number): Stretch;
  /** Whether it answers a read of these addresses as if it did not have them. Left out: only what it does not have. */
  refuses?(table: ModbusTable, start: number, count: number): boolean;
  /** Told after a read that was answered with data; left out: nobody cares. */
  onRead?(table: ModbusTable, start: number, count: number): void;
  /** Takes what is written, words or bits as 0/1, or answers the exception code. Left out: nothing can be written. */
  write?(table: 'coil' | 'holding', start: number, words: readonly number[]): number | undefined;
}

const tableOfFunction: Partial<Record<number, ModbusTable>> = { 1: 'coil', 2: 'discrete', 3: 'holding', 4: 'input' };

export function exceptionPdu(functionCode: number, code: number): Uint8Array {
  return Uint8Array.of(functionCode | 0x80, code);
}

/**
 * Answers a request PDU (function code and data) as the device does; pure but for `onRead` and `write`. The answer is not to be written into: it is
 * given again as long as no word has changed.
 */
export function answerPdu(unit: ModbusUnit, request: Uint8Array): Uint8Array {
  const functionCode = request[0] ?? 0;
  const table = tableOfFunction[functionCode];
  if (table === undefined && unit.write !== undefined && writes.has(functionCode))
    return answerWrite(unit.write, request);
  // Most of what is simulated cannot be written: writing functions are as unknown to it as any other.
  if (table === undefined) return exceptionPdu(functionCode, exceptionCodes.illegalFunction);
  if (request.length !== 5) return exceptionPdu(functionCode, exceptionCodes.illegalValue);
  const start = ((request[1] ?? 0) << 8) | (request[2] ?? 0);
  const count = ((request[3] ?? 0) << 8) | (request[4] ?? 0);
  const ofBits = table === 'coil' || table === 'discrete';
  const maxRegisters = unit.limits.maxRegisters ?? 125;
  const most = ofBits ? Math.min(2000, maxRegisters * 16) : maxRegisters;
  if (count < 1 || count > most) return exceptionPdu(functionCode, exceptionCodes.illegalValue);
  const align = ofBits ? 1 : (unit.limits.align ?? 1);
  const stretch = unit.registers(table, start, count);
  const isThere = stretch.isThere && unit.refuses?.(table, start, count) !== true;
  if (start % align !== 0 || count % align !== 0 || !isThere)
    return exceptionPdu(functionCode, exceptionCodes.illegalAddress);
  unit.onRead?.(table, start, count);
  const { revision } = stretch.bank;
  if (stretch.answer?.revision === revision) return stretch.answer.pdu;
  const pdu = ofBits ? bitsPdu(functionCode, stretch) : registersPdu(functionCode, stretch);
  stretch.answer = { pdu, revision };
  return pdu;
}

const writes: ReadonlySet<number> = new Set([5, 6, 15, 16]);

/** Functions 5, 6, 15 and 16 (Modbus Application Protocol V1.1b3, 6.5, 6.6, 6.11, 6.12). */
function answerWrite(write: NonNullable<ModbusUnit['write']>, request: Uint8Array): Uint8Array {
  const functionCode = request[0] ?? 0;
  const word = (at: number): number => ((request[at] ?? 0) << 8) | (request[at + 1] ?? 0);
  const ofBits = functionCode === 5 || functionCode === 15;
  let words: number[];
  if (functionCode === 5 || functionCode === 6) {
    const value = word(3);
    const legal = request.length === 5 && (functionCode === 6 || value === 0 || value === 0xff00);
    if (!legal) return exceptionPdu(functionCode, exceptionCodes.illegalValue);
    words = [ofBits ? Number(value !== 0) : value];
  } else {
    const count = word(3);
    const bytes = ofBits ? Math.ceil(count / 8) : count * 2;
    const most = ofBits ? 1968 : 123;
    if (count < 1 || count > most || request[5] !== bytes || request.length !== 6 + bytes)
      return exceptionPdu(functionCode, exceptionCodes.illegalValue);
    words = Array.from({ length: count }, (_, i) =>
      ofBits ? ((request[6 + (i >> 3)] ?? 0) >> (i & 7)) & 1 : word(6 + i * 2),
    );
  }
  const refused = write(ofBits ? 'coil' : 'holding', word(1), words);
  return refused === undefined ? request.slice(0, 5) : exceptionPdu(functionCode, refused);
}

function registersPdu(functionCode: number, { words, start, count }: Stretch): Uint8Array {
  const pdu = new Uint8Array(2 + count * 2);
  pdu[0] = functionCode;
  pdu[1] = count * 2;
  for (let i = 0; i < count; i++) {
    const word = words[start + i] ?? 0;
    pdu[2 + i * 2] = word >> 8;
    pdu[3 + i * 2] = word & 0xff;
  }
  return pdu;
}

function bitsPdu(functionCode: number, { words, start, count }: Stretch): Uint8Array {
  const pdu = new Uint8Array(2 + Math.ceil(count / 8));
  pdu[0] = functionCode;
  pdu[1] = pdu.length - 2;
  for (let i = 0; i < count; i++) {
    const at = 2 + (i >> 3);
    if (words[start + i] !== 0) pdu[at] = (pdu[at] ?? 0) | (1 << (i & 7));
  }
  return pdu;
}
