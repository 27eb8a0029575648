import type { Socket } from 'node:net';
import { bytes } from './scripted-server.ts';
import { withCrc } from './with-crc.ts';

export type Frames = 'tcp' | 'rtu';

/** What answers at the other end of a line, whoever has made the connection: it takes requests whole and says what the test says. */
export class FarDevice {
  readonly frames: Frames;
  /** Whole request frames in the order in which they came. */
  readonly requests: Buffer[] = [];
  /** What is said to a request, segment by segment; left alone: nothing. */
  answer: (request: Buffer) => readonly Buffer[] = () => [];
  readonly #sockets = new Set<Socket>();
  #newest: Socket | undefined;

  constructor(frames: Frames) {
    this.frames = frames;
  }

  /** From now on it hears this connection too, answers on it what came on it, and says there what nobody asked. */
  take(socket: Socket): void {
    this.#newest = socket;
    this.#sockets.add(socket);
    socket.on('close', () => this.#sockets.delete(socket));
    socket.setNoDelay(true);
    socket.on('error', () => undefined);
    let held = Buffer.alloc(0);
    socket.on('data', (chunk: Buffer) => {
      held = Buffer.concat([held, chunk]);
      for (let length = this.#lengthOf(held); held.length >= length; length = this.#lengthOf(held)) {
        const request = held.subarray(0, length);
        held = held.subarray(length);
        this.requests.push(request);
        for (const segment of this.answer(request)) socket.write(segment);
      }
    });
  }

  say(segment: Uint8Array): void {
    this.#newest?.write(segment);
  }

  /** Ends every connection without a word. */
  hangUp(): void {
    for (const socket of this.#sockets) socket.destroy();
    this.#newest = undefined;
  }

  /** Function code and data of a request. */
  pduOf(request: Buffer): Buffer {
    return this.frames === 'rtu' ? request.subarray(1, -2) : request.subarray(7);
  }

  /** The frame that answers `request` with this PDU; `unit` left out: the one that was asked. */
  frame(request: Buffer, pdu: string, unit = request[this.frames === 'rtu' ? 0 : 6] ?? 0): Buffer {
    const body = Buffer.concat([Buffer.from([unit]), bytes(pdu)]);
    if (this.frames === 'rtu') return withCrc(body.toString('hex'));
    return Buffer.concat([request.subarray(0, 2), Buffer.from([0, 0, 0, body.length]), body]);
  }

  /** Infinity until it can be told. */
  #lengthOf(held: Buffer): number {
    if (this.frames === 'tcp') return held.length < 6 ? Number.POSITIVE_INFINITY : 6 + held.readUInt16BE(4);
    const byteCountAt = { 15: 6, 16: 6, 23: 10 }[held[1] ?? 0];
    if (held.length < 2) return Number.POSITIVE_INFINITY;
    if (byteCountAt === undefined) return 8;
    const byteCount = held[byteCountAt];
    return byteCount === undefined ? Number.POSITIVE_INFINITY : byteCountAt + 1 + byteCount + 2;
  }
}
