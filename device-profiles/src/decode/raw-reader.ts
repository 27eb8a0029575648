import type { ByteOrder, RawEncoding, RawType } from '../address-schema.ts';

/** Reads the number at a word index; NaN when the words are not such a number. */
export type RawReader = (words: ArrayLike<number>, at: number) => number;

const scratch = new DataView(new ArrayBuffer(8));
const two32 = 0x1_0000_0000;

interface WordReaders {
  u16: RawReader;
  /** Unsigned 32 bits, from the first two words. */
  high32: RawReader;
  /** Unsigned 32 bits: the low half of 64. */
  low32: RawReader;
}

/** `bytes` swaps the bytes of each word, `words` counts the words of the value when their order is reversed, 0 when not. */
function wordReaders(order: ByteOrder, words: number): WordReaders {
  const swapped = order === 'BADC' || order === 'DCBA';
  const reversed = order === 'CDAB' || order === 'DCBA';
  const u16: RawReader = swapped
    ? (w, at) => {
        const word = w[at] ?? Number.NaN;
        return ((word & 0xff) << 8) | (word >>> 8);
      }
    : (w, at) => w[at] ?? Number.NaN;
  const last = words - 1;
  const pair = (i: number): RawReader => {
    const a = reversed ? last - i : i;
    const b = reversed ? last - i - 1 : i + 1;
    return (w, at) => u16(w, at + a) * 0x1_0000 + u16(w, at + b);
  };
  return { u16, high32: pair(0), low32: pair(2) };
}

/** The raw bits at the type's width, unsigned, as [high 32, low 32]; for types up to 32 bits high is 0. */
export function bitReaders(type: RawType, order: ByteOrder): { high: RawReader; low: RawReader } {
  const zero: RawReader = () => 0;
  switch (type) {
    case 'u32':
    case 's32':
    case 'f32':
      return { high: zero, low: wordReaders(order, 2).high32 };
    case 'u64':
    case 's64':
    case 'f64': {
      const { high32, low32 } = wordReaders(order, 4);
      return { high: high32, low: low32 };
    }
    default:
      return { high: zero, low: wordReaders(order, 1).u16 };
  }
}

/** One closure per type and order. 64-bit integers beyond 2^53 come as the nearest double (relative error below 1.2e-16). */
export function rawReader(
  type: RawType,
  order: ByteOrder,
  { radix = 0x1_0000, encoding }: { radix?: number; encoding?: RawEncoding } = {},
): RawReader {
  const { high, low } = bitReaders(type, order);
  if (radix !== 0x1_0000) return radixReader(type, order, radix);
  if (encoding === 'bcd') return bcdReader(low);
  if (encoding === 'sign-magnitude') {
    const sign = type.endsWith('32') ? 2 ** 31 : 2 ** 15;
    return (w, at) => (low(w, at) >= sign ? sign - low(w, at) : low(w, at));
  }
  switch (type) {
    case 's16':
      return (w, at) => (low(w, at) << 16) >> 16;
    case 's32':
      return (w, at) => low(w, at) | 0;
    case 'f32':
      return (w, at) => {
        scratch.setUint32(0, low(w, at));
        return scratch.getFloat32(0);
      };
    case 'u64':
      return (w, at) => high(w, at) * two32 + low(w, at);
    case 's64':
      return (w, at) => (high(w, at) | 0) * two32 + low(w, at);
    case 'f64':
      return (w, at) => {
        scratch.setUint32(0, high(w, at));
        scratch.setUint32(4, low(w, at));
        return scratch.getFloat64(0);
      };
    default:
      return low;
  }
}

/** Four bits a decimal digit; a digit above 9 is no number. */
function bcdReader(low: RawReader): RawReader {
  return (w, at) => {
    let value = 0;
    for (let rest = low(w, at), place = 1; rest > 0; rest = Math.floor(rest / 16), place *= 10) {
      const digit = rest % 16;
      if (digit > 9) return Number.NaN;
      value += digit * place;
    }
    return value;
  };
}

function radixReader(type: RawType, order: ByteOrder, radix: number): RawReader {
  const count = type === 'u64' ? 4 : 2;
  const { u16 } = wordReaders(order, count);
  const reversed = order === 'CDAB' || order === 'DCBA';
  return (w, at) => {
    let value = 0;
    for (let i = 0; i < count; i++) {
      const digit = u16(w, at + (reversed ? count - 1 - i : i));
      // A digit beyond the base is no number in it: rather bad than wrong.
      if (!(digit < radix)) return Number.NaN;
      value = value * radix + digit;
    }
    return value;
  };
}

/** Characters in register order, two a register; the word order never applies to text. Ends at the first NUL, trailing blanks go. */
export function readText(words: ArrayLike<number>, length: number, order: ByteOrder): string {
  const { u16 } = wordReaders(order, 1);
  let text = '';
  for (let i = 0; i < length; i++) {
    const word = u16(words, i);
    text += String.fromCharCode(word >>> 8, word & 0xff);
  }
  const end = text.indexOf('\0');
  return (end < 0 ? text : text.slice(0, end)).trimEnd();
}

/** "Not available" tested on the raw bits, at the type's width; entries may be written signed. */
export function absentTest(
  type: RawType,
  order: ByteOrder,
  absent: readonly (number | string)[] | undefined,
): ((words: ArrayLike<number>, at: number) => boolean) | undefined {
  if (absent === undefined || absent.length === 0) return undefined;
  const { high, low } = bitReaders(type, order);
  const width = type === 'u16' || type === 's16' ? 16 : type.endsWith('64') ? 64 : 32;
  const halves = absent.map((value) => {
    const bits = BigInt.asUintN(width, BigInt(value));
    return [Number(bits >> 32n), Number(bits & 0xffff_ffffn)] as const;
  });
  const [only] = halves;
  if (halves.length === 1 && only) return (w, at) => low(w, at) === only[1] && high(w, at) === only[0];
  return (w, at) => {
    const [h, l] = [high(w, at), low(w, at)];
    return halves.some((half) => half[0] === h && half[1] === l);
  };
}
