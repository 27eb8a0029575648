import { hex, joined } from './bytes.ts';
import { crc16 } from './crc16.ts';
import { exceptionFromInovance } from './exceptions.ts';
import type { Framing, Reply } from './framing.ts';
import { without } from './packet.ts';
import { echoOf, expectedBytes, functionCode, type ModbusRequest, requestBytes, writeRequest } from './request.ts';

const nothing = new Uint8Array(0);
/** The longest RTU frame has 256 bytes; twice that holds any reply behind any noise. */
const mostKept = 512;

/** A frame that may answer the request: its first bytes, its whole length with CRC, what it means. */
interface Shape {
  head: readonly number[];
  length: number;
  reply(frame: Uint8Array): Reply;
}

/** RTU frames over a stream. They carry neither id nor length: an answer is known by unit, function, byte count and CRC together. */
export class RtuFraming implements Framing {
  /** Packets that may stand anywhere and are part of no frame (heartbeats of a DTU). */
  readonly #noise: readonly Uint8Array[];
  #kept: Uint8Array = nothing;
  #shapes: readonly Shape[] = [];
  /** Polls ask the same again and again. */
  readonly #known = new WeakMap<ModbusRequest, readonly Shape[]>();
  #waiting = false;
  #received: Uint8Array = nothing;
  #stray = 0;

  constructor(noise: readonly Uint8Array[] = []) {
    this.#noise = noise;
  }

  begin(request: ModbusRequest): Uint8Array {
    this.#kept = nothing;
    this.#received = nothing;
    this.#shapes = this.#shapesOf(request);
    this.#waiting = true;
    const frame = new Uint8Array(requestBytes(request) + 2);
    const end = writeRequest(frame, 0, request);
    const crc = crc16(frame, 0, end);
    frame[end] = crc & 0xff;
    frame[end + 1] = crc >>> 8;
    return frame;
  }

  receive(chunk: Uint8Array): Reply | undefined {
    if (this.#shapes.length === 0) {
      this.#stray += 1;
      return undefined;
    }
    if (this.#received.length < mostKept) this.#received = joined(this.#received, chunk);
    const raw = joined(this.#kept, chunk);
    let bytes = raw;
    let { at, shape } = find(bytes, this.#shapes);
    if (shape === undefined && this.#noise.length > 0) {
      // Only now, and proven by the CRC: data may hold the bytes of a packet by chance.
      bytes = without(raw, this.#noise);
      ({ at, shape } = find(bytes, this.#shapes));
      if (shape === undefined) {
        bytes = raw;
        at = 0;
      }
    }
    if (shape === undefined) {
      this.#kept = bytes.subarray(Math.max(at, bytes.length - mostKept));
      return undefined;
    }
    const reply = this.#waiting ? shape.reply(bytes.subarray(at, at + shape.length)) : ({ kind: 'late' } as const);
    if (!this.#waiting) this.#stray += 1;
    this.reset();
    return reply;
  }

  abandon(): void {
    this.#waiting = false;
  }

  reset(): void {
    this.#kept = nothing;
    this.#shapes = [];
    this.#waiting = false;
  }

  needsQuiet(): boolean {
    return true;
  }

  complaint(): string | undefined {
    const received = without(this.#received, this.#noise);
    return received.length === 0
      ? undefined
      : `${received.length} bytes came that hold no valid answer: ${hex(received)}`;
  }

  stray(): number {
    return this.#stray;
  }

  #shapesOf(request: ModbusRequest): readonly Shape[] {
    const known = this.#known.get(request);
    if (known !== undefined) return known;
    const shapes = shapesOf(request);
    this.#known.set(request, shapes);
    return shapes;
  }
}

/**
 * The first place where a whole frame with a right CRC stands. It stops at a place where one may have begun but is not complete:
 * data behind its head could look like a frame of its own.
 */
function find(bytes: Uint8Array, shapes: readonly Shape[]): { at: number; shape?: Shape } {
  for (let at = 0; at < bytes.length; at++) {
    let begun = false;
    for (const shape of shapes) {
      if (!headFits(bytes, at, shape.head)) continue;
      if (bytes.length - at < shape.length) begun = true;
      else if (crcFits(bytes, at, shape.length)) return { at, shape };
    }
    if (begun) return { at };
  }
  return { at: bytes.length };
}

function headFits(bytes: Uint8Array, at: number, head: readonly number[]): boolean {
  for (let i = 0; i < head.length && at + i < bytes.length; i++) if (bytes[at + i] !== head[i]) return false;
  return true;
}

function crcFits(bytes: Uint8Array, at: number, length: number): boolean {
  const crc = crc16(bytes, at, at + length - 2);
  return bytes[at + length - 2] === (crc & 0xff) && bytes[at + length - 1] === crc >>> 8;
}

function shapesOf(request: ModbusRequest): Shape[] {
  const code = functionCode(request);
  const exception: Shape = {
    head: [request.unit, code | 0x80],
    length: 5,
    reply: (frame) => ({ kind: 'exception', code: frame[2] ?? 0 }),
  };
  if (!('count' in request)) {
    const [start, second] = echoOf(request);
    const head = [request.unit, code, start >>> 8, start & 0xff, second >>> 8, second & 0xff];
    return [{ head, length: 8, reply: () => ({ kind: 'data', bytes: nothing }) }, exception];
  }
  const bytes = expectedBytes(request) ?? 0;
  if (request.framing === 'standard') return [data([request.unit, code, bytes]), exception];
  // The vendor's tool gives the error as `.. 80 01 00 0x` without saying whether the function stands before it: both are taken.
  return [
    data([request.unit, code, bytes >>> 8, bytes & 0xff]),
    inovanceError([request.unit, code, 0x80, 0x01, 0x00]),
    inovanceError([request.unit, 0x80, 0x01, 0x00]),
    exception,
  ];

  function data(head: readonly number[]): Shape {
    const length = head.length + bytes + 2;
    return { head, length, reply: (frame) => ({ kind: 'data', bytes: frame.subarray(head.length, length - 2) }) };
  }

  function inovanceError(head: readonly number[]): Shape {
    const reply = (frame: Uint8Array): Reply => ({
      kind: 'exception',
      code: exceptionFromInovance(frame[head.length] ?? 0),
    });
    return { head, length: head.length + 3, reply };
  }
}
