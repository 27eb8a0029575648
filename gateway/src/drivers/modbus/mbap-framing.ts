import { hex, joined, word } from './bytes.ts';
import type { Framing, Reply } from './framing.ts';
import { begins, startsWith } from './packet.ts';
import { echoOf, expectedBytes, functionCode, type ModbusRequest, requestBytes, writeRequest } from './request.ts';

const nothing = new Uint8Array(0);
/** Transaction id, protocol id, length; the unit id already counts as length. */
const headerBytes = 6;
/** Unit id and a PDU of 2 to 253 bytes (Modbus Messaging on TCP/IP 1.0b, §3.1.3). */
const shortest = 3;
const longest = 254;

/** Modbus TCP: frames say their own length and whose answer they are. */
export class MbapFraming implements Framing {
  /** Packets that stand between frames and are part of none (heartbeats of a DTU). */
  readonly #noise: readonly Uint8Array[];
  #rest: Uint8Array = nothing;
  /** The rest is from before this request: the end of its frame is late, or its header lied. */
  #isStale = false;
  #transactionId = 0;
  #request: ModbusRequest | undefined;
  #abandoned: ModbusRequest | undefined;
  #complaint: string | undefined;
  #stray = 0;

  constructor(noise: readonly Uint8Array[] = []) {
    this.#noise = noise;
  }

  begin(request: ModbusRequest): Uint8Array {
    this.#transactionId = (this.#transactionId % 0xffff) + 1;
    this.#request = request;
    this.#abandoned = undefined;
    this.#complaint = undefined;
    this.#isStale = this.#rest.length > 0;
    const length = requestBytes(request);
    const frame = new Uint8Array(headerBytes + length);
    frame[0] = this.#transactionId >>> 8;
    frame[1] = this.#transactionId & 0xff;
    frame[4] = length >>> 8;
    frame[5] = length & 0xff;
    writeRequest(frame, headerBytes, request);
    return frame;
  }

  receive(chunk: Uint8Array): Reply | undefined {
    if (this.#isStale && this.#isAnswer(chunk)) {
      this.#rest = nothing;
      this.#isStale = false;
      this.#stray += 1;
    }
    // A heartbeat is a segment of its own even where it falls into the middle of a split frame.
    const bytes = joined(this.#rest, this.#noise.length === 0 ? chunk : chunk.subarray(this.#noiseAt(chunk, 0)));
    let at = 0;
    let reply: Reply | undefined;
    for (;;) {
      if (this.#noise.length > 0) at += this.#noiseAt(bytes, at);
      if (this.#beginsNoise(bytes, at) || bytes.length - at < headerBytes) break;
      const protocolId = word(bytes, at + 2);
      const length = word(bytes, at + 4);
      if (protocolId !== 0 || length < shortest || length > longest) {
        this.#rest = nothing;
        return { kind: 'desync', message: `not a Modbus TCP header: ${hex(bytes.subarray(at))}` };
      }
      const end = at + headerBytes + length;
      if (end > bytes.length) break;
      reply = this.#judge(word(bytes, at), { bytes, from: at + headerBytes, end }) ?? reply;
      at = end;
    }
    this.#rest = at === bytes.length ? nothing : bytes.subarray(at);
    if (at > 0) this.#isStale = false;
    return reply;
  }

  abandon(): void {
    this.#abandoned = this.#request;
    this.#request = undefined;
  }

  reset(): void {
    this.#rest = nothing;
    this.#isStale = false;
    this.#request = undefined;
    this.#abandoned = undefined;
  }

  needsQuiet(request: ModbusRequest): boolean {
    return !request.strictTransactionId;
  }

  complaint(): string | undefined {
    return this.#complaint;
  }

  stray(): number {
    return this.#stray;
  }

  #beginsNoise(bytes: Uint8Array, at: number): boolean {
    return this.#noise.length > 0 && this.#noise.some((packet) => begins(bytes, packet, at));
  }

  /** Bytes of noise that stand here, whole packets. */
  #noiseAt(bytes: Uint8Array, at: number): number {
    let end = at;
    for (let packet: Uint8Array | undefined; ; end += packet.length) {
      packet = this.#noise.find((p) => startsWith(bytes, p, end));
      if (packet === undefined) return end - at;
    }
  }

  /**
   * The answer to the request: no end of an older frame looks like that. Its header with the right id is enough; where ids say nothing it
   * has to be the whole frame and nothing else.
   */
  #isAnswer(chunk: Uint8Array): boolean {
    const request = this.#request;
    if (request === undefined || chunk.length <= headerBytes || word(chunk, 2) !== 0) return false;
    const length = word(chunk, 4);
    if (request.strictTransactionId) {
      const isExpected = length === shortest || length === (expectedBytes(request) ?? 3) + 3;
      return isExpected && word(chunk, 0) === this.#transactionId && chunk[headerBytes] === request.unit;
    }
    const isWhole = length === chunk.length - headerBytes;
    return isWhole && checkPdu(request, { bytes: chunk, from: headerBytes, end: chunk.length }).kind !== 'malformed';
  }

  #judge(transactionId: number, unitAndPdu: Place): Reply | undefined {
    const request = this.#request ?? this.#abandoned;
    const mine = request !== undefined && (transactionId === this.#transactionId || !request.strictTransactionId);
    const reply = mine ? checkPdu(request, unitAndPdu) : undefined;
    if (request === undefined || reply === undefined || this.#request === undefined) {
      this.#stray += 1;
      if (this.#request !== undefined) this.#complaint = `frame with transaction id ${transactionId} dropped`;
      return reply !== undefined && reply.kind !== 'malformed' ? { kind: 'late' } : undefined;
    }
    if (reply.kind === 'malformed' && !request.strictTransactionId) {
      // Without ids it may as well be an older answer: wait for the right one.
      this.#stray += 1;
      this.#complaint = reply.message;
      return undefined;
    }
    this.#request = undefined;
    return reply;
  }
}

/** Unit id and PDU where they lie: a view of so few bytes takes longer to make than to read. */
interface Place {
  bytes: Uint8Array;
  from: number;
  end: number;
}

function checkPdu(request: ModbusRequest, at: Place): Reply {
  const { bytes, from, end } = at;
  const length = end - from;
  const unit = bytes[from];
  const code = bytes[from + 1];
  const third = length > 2 ? bytes[from + 2] : undefined;
  const asked = functionCode(request);
  if (unit !== request.unit) return malformed(`unit ${unit} answered for unit ${request.unit}`, at);
  if (code === (asked | 0x80)) {
    if (length === 3 && third !== undefined) return { kind: 'exception', code: third };
    return malformed('exception of a wrong length', at);
  }
  if (code !== asked) return malformed(`function ${code} answered to function ${asked}`, at);
  if (!('count' in request)) {
    const [start, second] = echoOf(request);
    if (length === 6 && word(bytes, from + 2) === start && word(bytes, from + 4) === second) {
      return { kind: 'data', bytes: nothing };
    }
    return malformed(`the answer does not repeat address ${start} and ${second}`, at);
  }
  const asks = expectedBytes(request) ?? 0;
  if (third !== asks || length !== asks + 3) {
    return malformed(`${third} data bytes in a frame of ${length}, ${asks} asked for`, at);
  }
  return { kind: 'data', bytes: bytes.subarray(from + 3, end) };
}

function malformed(what: string, { bytes, from, end }: Place): Reply {
  return { kind: 'malformed', message: `${what} (${hex(bytes.subarray(from, end))})` };
}
