import type { TlvCodec, TlvSkip, TlvType, TlvValue } from '../mqtt-schema.ts';
import { payloadPath } from './payload-path.ts';

/** A payload with the decoded object in it, and what could not be understood about its bytes. */
export interface Opened {
  payload: unknown;
  fault?: string;
}

const readers = new WeakMap<TlvCodec, (payload: unknown) => Opened>();

/** One reader per codec; it opens each payload once, however many points ask. */
export function tlvReader(codec: TlvCodec): (payload: unknown) => Opened {
  let reader = readers.get(codec);
  if (reader === undefined) {
    reader = remembering(compile(codec));
    readers.set(codec, reader);
  }
  return reader;
}

function remembering(open: (payload: object) => Opened): (payload: unknown) => Opened {
  const opened = new WeakMap<object, Opened>();
  return (payload) => {
    if (typeof payload !== 'object' || payload === null) return { payload };
    let known = opened.get(payload);
    if (known === undefined) {
      known = open(payload);
      opened.set(payload, known);
    }
    return known;
  };
}

const sizes: Readonly<Record<TlvType, number>> = { u8: 1, s8: 1, u16: 2, s16: 2, u32: 4, s32: 4 };

function compile(codec: TlvCodec): (payload: object) => Opened {
  const data = payloadPath(codec.data);
  const port = codec.port && payloadPath(codec.port.path);
  const channels = new Map(codec.channels.map((entry) => [entry.channel * 256 + entry.type, entry]));
  return (payload) => {
    if ((payload as Record<string, unknown>)[codec.into] !== undefined) return { payload };
    // Another port carries no telemetry (0: MAC commands only).
    if (port && port(payload) !== codec.port?.value) return { payload };
    const text = data(payload);
    if (text === undefined || text === null || text === '') return { payload };
    if (typeof text !== 'string') return { payload, fault: `"${codec.data}" is no text` };
    const bytes = Buffer.from(text, 'base64');
    // Node skips what is not base64; a text that does not come back was none.
    if (bytes.toString('base64').replace(/=+$/, '') !== text.replace(/=+$/, '')) {
      return { payload, fault: `"${codec.data}" is not base64` };
    }
    const { values, fault } = decode(bytes, channels);
    return { payload: { ...payload, [codec.into]: values }, ...(fault === undefined ? {} : { fault }) };
  };
}

/** What stands before something unknown is kept: without its length nothing behind it can be found. */
function decode(
  bytes: Buffer,
  channels: ReadonlyMap<number, TlvValue | TlvSkip>,
): { values: Record<string, unknown>; fault?: string } {
  const values: Record<string, unknown> = {};
  for (let at = 0; at < bytes.length; ) {
    const key = bytes.length - at < 2 ? -1 : bytes.readUInt16BE(at);
    const entry = channels.get(key);
    const size = entry === undefined ? 0 : 'skip' in entry ? entry.skip : sizes[entry.read];
    if (entry === undefined || at + 2 + size > bytes.length) {
      const what = entry === undefined ? 'an unknown channel' : 'too few bytes';
      return { values, fault: `${what} at byte ${at} of ${bytes.toString('hex')}` };
    }
    if (!('skip' in entry)) values[entry.name] = valueIn(entry, bytes, at + 2);
    at += 2 + size;
  }
  return { values };
}

function valueIn({ read, scale = 1, absent, map }: TlvValue, bytes: Buffer, at: number): unknown {
  const size = sizes[read];
  const unsigned = bytes.readUIntLE(at, size);
  if (absent?.includes(unsigned) === true) return null;
  if (map !== undefined) return map[String(unsigned)] ?? null;
  const raw = read.startsWith('s') ? bytes.readIntLE(at, size) : unsigned;
  // 272 / 10 is 27.2, 272 × 0.1 is not.
  const divisor = Math.round(1 / scale);
  return Math.abs(scale * divisor - 1) < 1e-12 ? raw / divisor : raw * scale;
}
