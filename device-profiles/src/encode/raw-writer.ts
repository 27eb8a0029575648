import type { ByteOrder, RawEncoding, RawType } from '../address-schema.ts';
import { rawBits } from '../raw-types.ts';

/** Smallest and largest raw number of the type; integers beyond 2^53 are not exact in a double and are left to the type's limit. */
export function rawLimits(type: RawType, encoding?: RawEncoding): readonly [number, number] {
  const bits = rawBits[type];
  if (encoding === 'bcd') return [0, 10 ** (bits / 4) - 1];
  if (encoding === 'sign-magnitude') return [-(2 ** (bits - 1) - 1), 2 ** (bits - 1) - 1];
  switch (type) {
    case 'f32':
      return [-3.4028234663852886e38, 3.4028234663852886e38];
    case 'f64':
      return [-Number.MAX_VALUE, Number.MAX_VALUE];
    case 's16':
    case 's32':
    case 's64':
      return [-(2 ** (bits - 1)), 2 ** (bits - 1) - 1];
    default:
      return [0, 2 ** bits - 1];
  }
}

export const isFloatType = (type: RawType) => type === 'f32' || type === 'f64';

/** Raw number → registers in the order of the wire; integers are already whole and within the type's limits. */
export function rawWriter(
  type: RawType,
  order: ByteOrder,
  { encoding }: { encoding?: RawEncoding } = {},
): (raw: number) => number[] {
  const count = Math.max(1, rawBits[type] / 16);
  const view = new DataView(new ArrayBuffer(count * 2));
  const swapped = order === 'BADC' || order === 'DCBA';
  const reversed = order === 'CDAB' || order === 'DCBA';
  return (value) => {
    const raw = encoding === undefined ? value : encodedBits(value, { encoding, bits: count * 16 });
    if (type === 'f32') view.setFloat32(0, raw);
    else if (type === 'f64') view.setFloat64(0, raw);
    else if (count === 4) view.setBigUint64(0, BigInt.asUintN(64, BigInt(raw)));
    else if (count === 2) view.setUint32(0, Number(BigInt.asUintN(32, BigInt(raw))));
    else view.setUint16(0, Number(BigInt.asUintN(16, BigInt(raw))));
    const words = Array.from({ length: count }, (_, i) => view.getUint16(i * 2, swapped));
    return reversed ? words.reverse() : words;
  };
}

function encodedBits(raw: number, { encoding, bits }: { encoding: RawEncoding; bits: number }): number {
  if (encoding === 'sign-magnitude') return raw < 0 ? 2 ** (bits - 1) - raw : raw;
  return Number.parseInt(String(raw), 16);
}
