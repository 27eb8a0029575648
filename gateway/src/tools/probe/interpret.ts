import type { ByteOrder } from '@plantroom/device-profiles';

/** Four bytes as they came, A first, put in the order that the name states. */
export function bytesOf(high: number, low: number, order: ByteOrder): DataView {
  const wire = [high >>> 8, high & 0xff, low >>> 8, low & 0xff];
  const view = new DataView(new ArrayBuffer(4));
  // The name says where the bytes of the big-endian value ABCD stand on the wire.
  for (const [at, letter] of [...order].entries()) view.setUint8('ABCD'.indexOf(letter), wire[at] ?? 0);
  return view;
}

export const asU32 = (high: number, low: number, order: ByteOrder): number => bytesOf(high, low, order).getUint32(0);
export const asS32 = (high: number, low: number, order: ByteOrder): number => bytesOf(high, low, order).getInt32(0);
export const asF32 = (high: number, low: number, order: ByteOrder): number => bytesOf(high, low, order).getFloat32(0);
export const asS16 = (word: number): number => (word << 16) >> 16;

/** The character pair of a word, or undefined when it is no text. */
export function asText(word: number): string | undefined {
  const pair = [word >>> 8, word & 0xff];
  return pair.every((code) => code >= 0x20 && code < 0x7f) ? String.fromCharCode(...pair) : undefined;
}
