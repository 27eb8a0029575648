import { once } from 'node:events';
import { type AddressInfo, createServer, type Server } from 'node:net';
import { FarDevice } from './far-device.ts';

export interface SeenRequest {
  unit: number;
  code: number;
  address: number;
  /** Of a write: the words, bits as 0/1. */
  words: number[];
}

/** What becomes of a write: `obey` it, `pretend` to (acknowledged, not done), `hide` it (done, not acknowledged), `silence`, or an exception code. */
export type Obedience = 'obey' | 'pretend' | 'hide' | 'silence' | number;

/** A Modbus TCP device on a real socket that notes every request and holds what was written, in all units alike. Reads of what was never set give 0. */
export class WritableDevice {
  readonly seen: SeenRequest[] = [];
  /** By `<table letter><address>`: h holding, c coil. */
  readonly held = new Map<string, number>();
  obedience: Obedience = 'obey';
  /** Nothing at all is answered. */
  dead = false;
  port = 0;
  readonly #far = new FarDevice('tcp');
  #server: Server | undefined;

  constructor() {
    this.#far.answer = (request) => this.#answer(request);
  }

  /** On the port it had before, if any. */
  async start(): Promise<void> {
    this.#server = createServer((socket) => this.#far.take(socket)).listen(this.port, '127.0.0.1');
    await once(this.#server, 'listening');
    this.port = (this.#server.address() as AddressInfo).port;
  }

  async stop(): Promise<void> {
    this.#far.hangUp();
    this.#server?.close();
    if (this.#server !== undefined) await once(this.#server, 'close');
    this.#server = undefined;
  }

  /** Function codes that this unit has seen, each once, in order. */
  codesOf(unit: number): number[] {
    return [...new Set(this.seen.filter((request) => request.unit === unit).map(({ code }) => code))].sort(
      (a, b) => a - b,
    );
  }

  writes(): SeenRequest[] {
    return this.seen.filter(({ code }) => code > 4);
  }

  #answer(request: Buffer): Buffer[] {
    const pdu = this.#far.pduOf(request);
    const [code = 0, address] = [pdu[0], pdu.readUInt16BE(1)];
    const words = writtenBy(pdu);
    this.seen.push({ unit: request[6] ?? 0, code, address, words });
    if (this.dead) return [];
    if (code <= 4) return [this.#far.frame(request, this.#read(code, address, pdu.readUInt16BE(3)))];
    const { obedience } = this;
    if (typeof obedience === 'number') return [this.#far.frame(request, hex([code | 0x80, obedience]))];
    if (obedience === 'obey' || obedience === 'hide')
      for (const [i, word] of words.entries()) this.held.set(`${letterOf(code)}${address + i}`, word);
    return obedience === 'hide' || obedience === 'silence'
      ? []
      : [this.#far.frame(request, pdu.subarray(0, 5).toString('hex'))];
  }

  #read(code: number, start: number, count: number): string {
    const values = Array.from({ length: count }, (_, i) => this.held.get(`${letterOf(code)}${start + i}`) ?? 0);
    if (code > 2) return hex([code, 2 * count, ...values.flatMap((word) => [word >> 8, word & 0xff])]);
    const bits = Array.from({ length: Math.ceil(count / 8) }, (_, byte) =>
      values.slice(byte * 8, byte * 8 + 8).reduce((sum, bit, i) => sum | (bit << i), 0),
    );
    return hex([code, bits.length, ...bits]);
  }
}

const letterOf = (code: number): string => ({ 1: 'c', 2: 'd', 3: 'h', 4: 'i', 5: 'c', 15: 'c' })[code] ?? 'h';
const hex = (values: number[]): string => Buffer.from(values).toString('hex');

function writtenBy(pdu: Buffer): number[] {
  const code = pdu[0] ?? 0;
  const count = pdu.readUInt16BE(3);
  if (code === 5) return [count === 0xff00 ? 1 : 0];
  if (code === 6) return [count];
  if (code === 15) return Array.from({ length: count }, (_, i) => ((pdu[6 + (i >> 3)] ?? 0) >> (i & 7)) & 1);
  return code === 16 ? Array.from({ length: count }, (_, i) => pdu.readUInt16BE(6 + 2 * i)) : [];
}
