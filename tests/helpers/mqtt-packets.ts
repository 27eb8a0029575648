/** MQTT 3.1.1 as a client writes it (of other versions only what is acknowledged), read by the letter of the standard and with nothing of the libraries that wrote it. */
export type ClientPacket =
  | { type: 'connect'; clean: boolean; version: number; clientId: string; will: Will | undefined }
  | { type: 'subscribe'; topics: { topic: string; qos: number }[] }
  | ({ type: 'publish' } & Message)
  | { type: 'disconnect' }
  | { type: 'puback' }
  | { type: 'other'; code: number };

export interface Message {
  topic: string;
  payload: Buffer;
  qos: number;
  retain: boolean;
}

type Will = Message;

/** Feeds on chunks as they come, calls with each whole packet. */
export function clientPackets(call: (packet: ClientPacket) => void): (chunk: Buffer) => void {
  let bytes = Buffer.alloc(0);
  let isReadable = true;
  return (chunk) => {
    bytes = Buffer.concat([bytes, chunk]);
    for (;;) {
      // Fixed header: type and flags, then the remaining length, seven bits a byte.
      let [at, length, factor] = [1, 0, 1];
      while (at < bytes.length && at <= 4) {
        const byte = bytes[at++] ?? 0;
        length += (byte & 127) * factor;
        factor *= 128;
        if (byte < 128) break;
      }
      if (at < 2 || (bytes[at - 1] ?? 128) > 127 || bytes.length < at + length) return;
      const first = bytes[0] ?? 0;
      // Behind the protocol name in CONNECT: its level, 4 in 3.1.1.
      if (first >> 4 === 1) isReadable = bytes[at + 6] === 4;
      if (isReadable) call(packet(first, new Fields(bytes.subarray(at, at + length))));
      else call(first >> 4 === 4 ? { type: 'puback' } : { type: 'other', code: first >> 4 });
      bytes = bytes.subarray(at + length);
    }
  };
}

/** Table 2-1: control packet types. */
function packet(first: number, fields: Fields): ClientPacket {
  const code = first >> 4;
  if (code === 1) return connectPacket(fields);
  if (code === 3) {
    const qos = (first >> 1) & 3;
    const topic = fields.text();
    if (qos > 0) fields.uint16();
    return { type: 'publish', topic, qos, retain: (first & 1) === 1, payload: fields.rest() };
  }
  if (code === 4) return { type: 'puback' };
  if (code === 8) {
    fields.uint16();
    const topics: { topic: string; qos: number }[] = [];
    while (!fields.atEnd) topics.push({ topic: fields.text(), qos: fields.byte() });
    return { type: 'subscribe', topics };
  }
  return code === 14 ? { type: 'disconnect' } : { type: 'other', code };
}

/** §3.1: protocol name and level, flags, keep alive, then client id, Will topic, Will message. */
function connectPacket(fields: Fields): ClientPacket {
  fields.text();
  const version = fields.byte();
  const flags = fields.byte();
  fields.uint16();
  const clientId = fields.text();
  const clean = (flags & 2) !== 0;
  if ((flags & 4) === 0) return { type: 'connect', clean, version, clientId, will: undefined };
  const will = { topic: fields.text(), payload: fields.block(), qos: (flags >> 3) & 3, retain: (flags & 32) !== 0 };
  return { type: 'connect', clean, version, clientId, will };
}

class Fields {
  readonly #bytes: Buffer;
  #at = 0;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  get atEnd(): boolean {
    return this.#at >= this.#bytes.length;
  }

  byte(): number {
    return this.#bytes.readUInt8(this.#at++);
  }

  uint16(): number {
    this.#at += 2;
    return this.#bytes.readUInt16BE(this.#at - 2);
  }

  block(): Buffer {
    const length = this.uint16();
    this.#at += length;
    return Buffer.from(this.#bytes.subarray(this.#at - length, this.#at));
  }

  text(): string {
    return this.block().toString('utf8');
  }

  rest(): Buffer {
    return Buffer.from(this.#bytes.subarray(this.#at));
  }
}
