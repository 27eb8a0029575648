import type { ByteOrder, RawType } from '@plantroom/device-profiles';

/** A raw value at its type's width: floats as number, integers as bigint (64 bits must not round), strings as text. */
export type Raw = number | bigint | string;

const bytesOfType = {
  bool: 2,
  u16: 2,
  s16: 2,
  u32: 4,
  s32: 4,
  f32: 4,
  u64: 8,
  s64: 8,
  f64: 8,
} as const satisfies Record<Exclude<RawType, 'string'>, number>;

/** Registers that one value of this type fills; `length` is for strings, left out: 1. */
export function registersOf(type: RawType, length = 1): number {
  return type === 'string' ? length : bytesOfType[type] / 2;
}

export function isFloat(type: RawType): boolean {
  return type === 'f32' || type === 'f64';
}

/** Smallest and largest integer of the type; a register saturates rather than wraps. */
export function limitsOf(type: RawType, encoding?: WordOptions['encoding']): readonly [bigint, bigint] {
  if (encoding !== undefined) {
    const width = registersOf(type) * 16;
    if (encoding === 'bcd') return [0n, 10n ** BigInt(width / 4) - 1n];
    const largest = (1n << BigInt(width - 1)) - 1n;
    return [-largest, largest];
  }
  if (type === 'string' || type === 'f32' || type === 'f64') return [0n, 0n];
  if (type === 'bool') return [0n, 1n];
  const bits = BigInt(bytesOfType[type] * 8);
  return type.startsWith('s') ? [-(1n << (bits - 1n)), (1n << (bits - 1n)) - 1n] : [0n, (1n << bits) - 1n];
}

export interface WordOptions {
  order?: ByteOrder;
  length?: number;
  /** Top bit as sign, or a decimal digit in four bits; left out: two's complement. */
  encoding?: 'sign-magnitude' | 'bcd';
  /** Words are digits in this base, highest first; left out: 65536, as the type has it. */
  radix?: number;
}

function digits(raw: bigint, { radix, count }: { radix: bigint; count: number }): number[] {
  const words: number[] = [];
  for (let rest = raw, i = 0; i < count; i++, rest /= radix) words.unshift(Number(rest % radix));
  return words;
}

/** The registers of one raw value as they stand on the wire. */
export function toWords(raw: Raw, type: RawType, options: WordOptions = {}): number[] {
  if (options.radix !== undefined)
    return digits(BigInt(raw), { radix: BigInt(options.radix), count: registersOf(type) });
  const bytes = new Uint8Array(registersOf(type, options.length) * 2);
  const bits = options.encoding === undefined ? raw : encodedAs(options.encoding, BigInt(raw), bytes.length * 8);
  fill(new DataView(bytes.buffer), bits, type);
  const order = type === 'string' ? 'ABCD' : (options.order ?? 'ABCD');
  const words: number[] = [];
  for (let i = 0; i < bytes.length; i += 2) {
    const high = bytes[i] ?? 0;
    const low = bytes[i + 1] ?? 0;
    const swapBytes = order === 'BADC' || order === 'DCBA';
    words.push(swapBytes ? (low << 8) | high : (high << 8) | low);
  }
  return order === 'CDAB' || order === 'DCBA' ? words.reverse() : words;
}

/** The number that was written as these registers; not for strings and other bases, which nothing is written as. */
export function fromWords(words: readonly number[], type: RawType, options: WordOptions = {}): number {
  const { order = 'ABCD', encoding } = options;
  const bytes = words.flatMap((word) => [word >> 8, word & 0xff]);
  if (order === 'BADC' || order === 'DCBA')
    for (let i = 0; i < bytes.length; i += 2) bytes.splice(i, 2, bytes[i + 1] ?? 0, bytes[i] ?? 0);
  const ordered: number[] = [];
  for (let i = 0; i < bytes.length; i += 2) {
    const pair = bytes.slice(i, i + 2);
    if (order === 'CDAB' || order === 'DCBA') ordered.unshift(...pair);
    else ordered.push(...pair);
  }
  const view = new DataView(Uint8Array.from(ordered).buffer);
  if (type === 'f32') return view.getFloat32(0);
  if (type === 'f64') return view.getFloat64(0);
  const width = ordered.length * 8;
  const bits = ordered.reduce((sum, byte) => (sum << 8n) | BigInt(byte), 0n);
  // Digits beyond nine are no number.
  if (encoding === 'bcd') return /[a-f]/.test(bits.toString(16)) ? Number.NaN : Number(bits.toString(16));
  const top = 1n << BigInt(width - 1);
  if (encoding === 'sign-magnitude') return Number((bits & top) === 0n ? bits : -(bits & ~top));
  return Number(type.startsWith('s') ? BigInt.asIntN(width, bits) : bits);
}

function encodedAs(encoding: 'sign-magnitude' | 'bcd', raw: bigint, width: number): bigint {
  if (encoding === 'bcd') return BigInt(`0x${raw}`);
  return raw < 0n ? (1n << BigInt(width - 1)) | -raw : raw;
}

function fill(view: DataView, raw: Raw, type: RawType): void {
  switch (type) {
    case 'string': {
      const text = new TextEncoder().encode(String(raw));
      new Uint8Array(view.buffer).set(text.subarray(0, view.byteLength));
      return;
    }
    case 'f32':
      view.setFloat32(0, Number(raw));
      return;
    case 'f64':
      view.setFloat64(0, Number(raw));
      return;
    case 'bool':
    case 'u16':
    case 's16':
      view.setUint16(0, Number(BigInt.asUintN(16, BigInt(raw))));
      return;
    case 'u32':
    case 's32':
      view.setUint32(0, Number(BigInt.asUintN(32, BigInt(raw))));
      return;
    case 'u64':
    case 's64':
      view.setBigUint64(0, BigInt.asUintN(64, BigInt(raw)));
      return;
  }
}
