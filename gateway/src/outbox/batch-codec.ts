import { crc32 } from 'node:zlib';
import { errorMessage, PlantroomError, type Quality, qualityReasons, type Reading } from '@plantroom/contracts';
import { ByteReader } from './byte-reader.ts';
import { ByteWriter } from './byte-writer.ts';

/**
 * Readings as columns, so that neighbours that look alike take a byte each:
 *
 *   version 1 | count | id differences | wire time differences | flags | reasons | device times | values | CRC-32
 *
 * count, differences and integers are LEB128 varints (signed ones zigzag), floats and the CRC little-endian. Each flag byte is
 * kind (bits 0-2) + quality << 3 + "has device time" << 5. The reason column has one byte for each reading that is not good:
 * 0 none, else 1 + index in `qualityReasons`. A device time is stored as its difference to the wire time.
 * Ids are those of the outbox's point dictionary.
 */
const version = 1;
const kinds = { null: 0, float64: 1, float32: 2, integer: 3, false: 4, true: 5, string: 6 } as const;
const qualityCodes = ['good', 'uncertain', 'bad'] as const satisfies readonly Quality[];
const kindMask = 7;
const deviceTimeFlag = 0x20;
const integerLimit = 2 ** 40;

/** Used again for every batch: ten times a second some hundred kilobytes would be thrown away otherwise. */
const writer = new ByteWriter();

let flagBytes = new Uint8Array(1024);

/** As the writer, used again. */
function flagsRoom(count: number): Uint8Array {
  if (count > flagBytes.length) flagBytes = new Uint8Array(count * 2);
  return flagBytes.subarray(0, count);
}

/** The first and the last wire time. */
export function spanOf(readings: readonly Reading[]): { fromMs: number; toMs: number } {
  let fromMs = Number.POSITIVE_INFINITY;
  let toMs = 0;
  for (const { wireTimeMs } of readings) {
    if (wireTimeMs < fromMs) fromMs = wireTimeMs;
    if (wireTimeMs > toMs) toMs = wireTimeMs;
  }
  return { fromMs, toMs };
}

export function encodeBatch(readings: readonly Reading[], idOf: (point: string) => number): Uint8Array {
  writer.clear();
  writer.byte(version);
  writer.varint(readings.length);
  let id = 0;
  for (const { point } of readings) {
    const next = idOf(point);
    writer.signed(next - id);
    id = next;
  }
  let timeMs = 0;
  for (const { wireTimeMs } of readings) {
    writer.signed(wireTimeMs - timeMs);
    timeMs = wireTimeMs;
  }
  const flags = flagsRoom(readings.length);
  for (let i = 0; i < flags.length; i++) flags[i] = flagsOf(readings[i] as Reading);
  writer.bytes(flags);
  for (const { quality, reason } of readings) {
    if (quality !== 'good') writer.byte(reason === undefined ? 0 : 1 + qualityReasons.indexOf(reason));
  }
  for (const { deviceTimeMs, wireTimeMs } of readings) {
    if (deviceTimeMs !== undefined) writer.signed(deviceTimeMs - wireTimeMs);
  }
  for (let i = 0; i < flags.length; i++) writeValue(writer, readings[i]?.value ?? null, (flags[i] ?? 0) & kindMask);
  writer.uint32(crc32(writer.written()));
  return writer.written().slice();
}

/** Throws PlantroomError OUTBOX_BATCH_DAMAGED when the bytes are not what `encodeBatch` wrote. */
export function decodeBatch(data: Uint8Array, pointOf: (id: number) => string | undefined): Reading[] {
  const body = data.subarray(0, data.length - 4);
  if (data.length < 6 || new DataView(data.buffer, data.byteOffset).getUint32(body.length, true) !== crc32(body))
    throw damaged('its check sum does not fit');
  try {
    return decodeBody(new ByteReader(body), pointOf);
  } catch (error) {
    if (error instanceof PlantroomError) throw error;
    throw damaged(errorMessage(error));
  }
}

/** The check sum that the bytes end with, right or wrong. */
export function dataCheck(data: Uint8Array): number {
  return data.length < 4 ? 0 : new DataView(data.buffer, data.byteOffset, data.length).getUint32(data.length - 4, true);
}

function decodeBody(reader: ByteReader, pointOf: (id: number) => string | undefined): Reading[] {
  const found = reader.byte();
  if (found !== version) throw damaged(`its version is ${found}, known is ${version}`);
  const readings: Reading[] = new Array(reader.varint());
  let id = 0;
  for (let i = 0; i < readings.length; i++) {
    id += reader.signed();
    const point = pointOf(id);
    if (point === undefined) throw damaged(`point number ${id} is not in the dictionary`);
    readings[i] = { point, value: null, quality: 'good', wireTimeMs: 0 };
  }
  let timeMs = 0;
  for (const reading of readings) {
    timeMs += reader.signed();
    reading.wireTimeMs = timeMs;
  }
  const flags = new Uint8Array(readings.length);
  for (let i = 0; i < flags.length; i++) flags[i] = reader.byte();
  readings.forEach((reading, i) => {
    reading.quality = qualityCodes[((flags[i] ?? 0) >> 3) & 3] ?? 'bad';
    if (reading.quality === 'good') return;
    const reason = qualityReasons[reader.byte() - 1];
    if (reason !== undefined) reading.reason = reason;
  });
  readings.forEach((reading, i) => {
    if (((flags[i] ?? 0) & deviceTimeFlag) !== 0) reading.deviceTimeMs = reading.wireTimeMs + reader.signed();
  });
  readings.forEach((reading, i) => {
    reading.value = readValue(reader, (flags[i] ?? 0) & kindMask);
  });
  if (!reader.atEnd) throw damaged('bytes are left over');
  return readings;
}

function flagsOf({ value, quality, deviceTimeMs }: Reading): number {
  const code = quality === 'good' ? 0 : qualityCodes.indexOf(quality) << 3;
  return kindOf(value) | code | (deviceTimeMs === undefined ? 0 : deviceTimeFlag);
}

function kindOf(value: Reading['value']): number {
  if (value === null) return kinds.null;
  if (typeof value === 'boolean') return value ? kinds.true : kinds.false;
  if (typeof value === 'string') return kinds.string;
  if (Number.isInteger(value) && Math.abs(value) < integerLimit && !Object.is(value, -0)) return kinds.integer;
  return Object.is(Math.fround(value), value) ? kinds.float32 : kinds.float64;
}

/** `kind` is that of the value: null and the booleans are said by it alone. */
function writeValue(to: ByteWriter, value: Reading['value'], kind: number): void {
  if (kind === kinds.float32) to.float32(Number(value));
  else if (kind === kinds.integer) to.signed(Number(value));
  else if (kind === kinds.float64) to.float64(Number(value));
  else if (kind === kinds.string) to.text(String(value));
}

function readValue(reader: ByteReader, kind: number): Reading['value'] {
  switch (kind) {
    case kinds.null:
      return null;
    case kinds.float64:
      return reader.float64();
    case kinds.float32:
      return reader.float32();
    case kinds.integer:
      return reader.signed();
    case kinds.false:
      return false;
    case kinds.true:
      return true;
    case kinds.string:
      return reader.text();
    default:
      throw damaged(`value kind ${kind} is unknown`);
  }
}

function damaged(why: string): PlantroomError {
  return new PlantroomError('OUTBOX_BATCH_DAMAGED', `a stored batch cannot be read: ${why}`);
}
