import {
  expectedBytes,
  type Framing,
  functionCode,
  hex,
  joined,
  type ReadRequest,
  type Reply,
  writeRead,
} from './framing.ts';

const nothing = new Uint8Array(0);
/** Transaction id, protocol id, length; the unit id already counts as length. */
const headerBytes = 6;
/** Unit id and a PDU of 2 to 253 bytes (Modbus Messaging on TCP/IP 1.0b, §3.1.3). */
const shortest = 3;
const longest = 254;

/** Modbus TCP: frames say their own length and whose answer they are. */
export class MbapFraming implements Framing {
  #rest: Uint8Array = nothing;
  #transactionId = 0;
  #request: ReadRequest | undefined;
  #abandoned: ReadRequest | undefined;
  #complaint: string | undefined;
  #stray = 0;

  begin(request: ReadRequest): Uint8Array {
    this.#transactionId = (this.#transactionId % 0xffff) + 1;
    this.#request = request;
    this.#abandoned = undefined;
    this.#complaint = undefined;
    const frame = new Uint8Array(12);
    frame[0] = this.#transactionId >>> 8;
    frame[1] = this.#transactionId & 0xff;
    frame[5] = 6;
    writeRead(frame, 6, request);
    return frame;
  }

  receive(chunk: Uint8Array): Reply | undefined {
    const bytes = joined(this.#rest, chunk);
    let at = 0;
    let reply: Reply | undefined;
    while (bytes.length - at >= headerBytes) {
      const protocolId = word(bytes, at + 2);
      const length = word(bytes, at + 4);
      if (protocolId !== 0 || length < shortest || length > longest) {
        this.#rest = nothing;
        return { kind: 'desync', message: `not a Modbus TCP header: ${hex(bytes.subarray(at))}` };
      }
      const end = at + headerBytes + length;
      if (end > bytes.length) break;
      reply = this.#judge(word(bytes, at), bytes.subarray(at + headerBytes, end)) ?? reply;
      at = end;
    }
    this.#rest = at === bytes.length ? nothing : bytes.subarray(at);
    return reply;
  }

  abandon(): void {
    this.#abandoned = this.#request;
    this.#request = undefined;
  }

  reset(): void {
    this.#rest = nothing;
    this.#request = undefined;
    this.#abandoned = undefined;
  }

  needsQuiet(request: ReadRequest): boolean {
    return !request.strictTransactionId;
  }

  complaint(): string | undefined {
    return this.#complaint;
  }

  stray(): number {
    return this.#stray;
  }

  #judge(transactionId: number, unitAndPdu: Uint8Array): Reply | undefined {
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

function word(bytes: Uint8Array, at: number): number {
  return ((bytes[at] ?? 0) << 8) | (bytes[at + 1] ?? 0);
}

function checkPdu(request: ReadRequest, unitAndPdu: Uint8Array): Reply {
  const [unit, code, third] = unitAndPdu;
  const asked = functionCode(request.table);
  if (unit !== request.unit) return malformed(`unit ${unit} answered for unit ${request.unit}`, unitAndPdu);
  if (code === (asked | 0x80)) {
    if (unitAndPdu.length === 3 && third !== undefined) return { kind: 'exception', code: third };
    return malformed('exception of a wrong length', unitAndPdu);
  }
  if (code !== asked) return malformed(`function ${code} answered to function ${asked}`, unitAndPdu);
  const bytes = expectedBytes(request);
  if (third !== bytes || unitAndPdu.length !== bytes + 3) {
    return malformed(`${third} data bytes in a frame of ${unitAndPdu.length}, ${bytes} asked for`, unitAndPdu);
  }
  return { kind: 'data', bytes: unitAndPdu.subarray(3) };
}

function malformed(what: string, frame: Uint8Array): Reply {
  return { kind: 'malformed', message: `${what} (${hex(frame)})` };
}
