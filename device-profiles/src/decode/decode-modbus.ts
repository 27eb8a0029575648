import type { UnitName } from '@plantroom/contracts';
import type { ByteOrder } from '../address-schema.ts';
import type { Decoded, RawValue } from '../binding.ts';
import type { PointKind } from '../class-schema.ts';
import type { ModbusPoint } from '../profile-schema.ts';
import { wordsOf } from '../raw-types.ts';
import type { ScaleBy } from '../scale-schema.ts';
import { bad, booleanMeaning, good, numberMeaning } from './meaning.ts';
import { absentTest, type RawReader, rawReader, readText } from './raw-reader.ts';
import { factorReader, factorWords } from './scale-factor.ts';

export interface DecodeTarget {
  kind: PointKind;
  unit: UnitName;
  /** The profile's byte order where the point names none. */
  order: ByteOrder;
  /** What stands behind each address, for `first`; as many as addresses. */
  entries: readonly number[];
}

type Decode = (raw: RawValue) => Decoded;

/** Everything that does not depend on the words is settled here, once. */
export function decodeModbus(point: ModbusPoint, target: DecodeTarget): Decode {
  const order = point.at.order ?? target.order;
  const length = wordsOf(point);
  const words = guard(length * target.entries.length);
  if (target.kind === 'string') return words((w) => good(readText(w, length, order)));
  const absent = absentTest(point.at.type, order, point.absent);
  // Bit fields and masks look at the bits, so the sign must not smear into them.
  const bitwise = point.bits !== undefined || point.match !== undefined;
  const type = bitwise && point.at.type === 's16' ? 'u16' : bitwise && point.at.type === 's32' ? 'u32' : point.at.type;
  const { radix, encoding } = point.at;
  const read = rawReader(type, order, {
    ...(radix === undefined ? {} : { radix }),
    ...(encoding === undefined ? {} : { encoding }),
  });
  if (point.combine !== undefined) return words(asBefore(combined(point, target, length, read, absent)));
  if (target.kind === 'boolean') {
    const meaning = booleanMeaning(point);
    return words((w) => {
      if (absent?.(w, 0)) return bad();
      const value = meaning(read(w, 0));
      return value === undefined ? bad() : good(value);
    });
  }
  const meaning = numberMeaning(point, target.unit);
  if (point.scaleBy) return scaled(point.scaleBy, { read, absent, meaning, order: target.order, length });
  return words((w) => {
    if (absent?.(w, 0)) return bad();
    const value = meaning(read(w, 0));
    // NaN and the infinities are how float devices say "not available".
    return Number.isFinite(value) ? good(value) : bad();
  });
}

/** Fewer words than asked for, or none at all, is a device error, never a guess. */
function guard(need: number): (decode: (words: ArrayLike<number>) => Decoded) => Decode {
  // A payload has no length; to ask first whether it has one takes longer than to decode.
  return (decode) => (raw) => {
    const words = raw as ArrayLike<number>;
    return words.length >= need ? decode(words) : bad();
  };
}

/** The words of the factors follow those of the value. */
function scaled(
  scales: readonly ScaleBy[],
  of: {
    read: RawReader;
    absent: ((words: ArrayLike<number>, at: number) => boolean) | undefined;
    meaning: (raw: number) => number;
    order: ByteOrder;
    length: number;
  },
): Decode {
  const factor = factorReader(scales, of.order, of.length);
  const need = scales.reduce((total, scale) => total + factorWords(scale), of.length);
  return guard(need)((w) => {
    if (of.absent?.(w, 0)) return bad();
    const value = of.meaning(of.read(w, 0) * factor(w));
    return Number.isFinite(value) ? good(value) : bad();
  });
}

/** Hundreds of words that hardly ever change, read every few seconds: what came of the same words is kept. */
function asBefore(decode: (words: ArrayLike<number>) => Decoded): (words: ArrayLike<number>) => Decoded {
  let last: { words: Uint16Array; decoded: Decoded } | undefined;
  return (words) => {
    if (last !== undefined && isEqual(last.words, words)) return last.decoded;
    last = { words: Uint16Array.from(words), decoded: decode(words) };
    return last.decoded;
  };
}

function isEqual(a: Uint16Array, b: ArrayLike<number>): boolean {
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return true;
}

function combined(
  point: ModbusPoint,
  { entries }: DecodeTarget,
  length: number,
  read: (words: ArrayLike<number>, at: number) => number,
  absent: ((words: ArrayLike<number>, at: number) => boolean) | undefined,
): (words: ArrayLike<number>) => Decoded {
  const meaning = booleanMeaning(point);
  const count = entries.length;
  const how = point.combine;
  return (w) => {
    let known = 0;
    let yes = 0;
    let first = 0;
    for (let i = 0; i < count; i++) {
      if (absent?.(w, i * length)) continue;
      const value = meaning(read(w, i * length));
      if (value === undefined) continue;
      known++;
      if (!value) continue;
      if (yes++ === 0) first = entries[i] ?? 0;
    }
    if (known === 0) return bad();
    switch (how) {
      case 'count':
        return good(yes);
      case 'first':
        return good(first);
      case 'all':
        return good(yes === known);
      default:
        return good(yes > 0);
    }
  };
}
