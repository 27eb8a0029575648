import { isUtf8 } from 'node:buffer';

/** No reading needs more; what is larger is not looked at (a list of all devices of a bridge is megabytes). */
export const maxPayloadBytes = 262_144;
/** How much of a faulty payload is shown. */
const shownCharacters = 120;

export type Payload =
  | { kind: 'json'; value: unknown }
  | { kind: 'text'; value: string }
  | { kind: 'unusable'; why: string };

/** JSON where it is JSON, else the text. `limit`, bytes. */
export function readPayload(bytes: Buffer, limit = maxPayloadBytes): Payload {
  if (bytes.length > limit) {
    return { kind: 'unusable', why: `is ${bytes.length} bytes, at most ${limit} are read` };
  }
  if (!isUtf8(bytes)) return { kind: 'unusable', why: `is no UTF-8 text: 0x${bytes.subarray(0, 40).toString('hex')}` };
  const text = bytes.toString();
  if (!mayBeJson(bytes)) return { kind: 'text', value: text };
  try {
    return { kind: 'json', value: JSON.parse(text) };
  } catch {
    return { kind: 'text', value: text };
  }
}

export function shown(value: unknown): string {
  const text = typeof value === 'string' ? value : (JSON.stringify(value) ?? String(value));
  return JSON.stringify(text.length > shownCharacters ? `${text.slice(0, shownCharacters)}…` : text);
}

/** By the first byte: a thrown error costs more than everything else about a message ("Online", "ON"). */
function mayBeJson(bytes: Buffer): boolean {
  const first = bytes[0] ?? 0;
  // { [ " - digits, white space, and t f n of true, false and null.
  return (
    first === 0x7b ||
    first === 0x5b ||
    first === 0x22 ||
    first === 0x2d ||
    (first >= 0x30 && first <= 0x39) ||
    (first > 0 && first <= 0x20) ||
    first === 0x74 ||
    first === 0x66 ||
    first === 0x6e
  );
}
