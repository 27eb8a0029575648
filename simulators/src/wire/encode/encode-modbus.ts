import type { PointValue } from '@plantroom/contracts';
import type { ModbusPoint } from '@plantroom/device-profiles';
import { encodeNarrow, narrowType } from './encode-narrow.ts';
import type { EncodedWords, EncodeOptions } from './encoded-words.ts';
import { rawMeaning } from './meaning.ts';
import { isFloat, limitsOf, type Raw, toWords } from './words.ts';

/**
 * Canonical value → registers at one address, or undefined where the profile has no way to say it
 * (null without a sentinel). Integers saturate at the type's limits, as registers do.
 */
export function encodeModbus(point: ModbusPoint, value: PointValue, options: EncodeOptions): EncodedWords | undefined {
  const { type } = point.at;
  const narrow = narrowType(point.at);
  if (value !== null && narrow !== undefined) return encodeNarrow(point, value, { ...options, type: narrow });
  const lay = (raw: Raw): number[] => {
    const order = point.at.order ?? options.order;
    return toWords(raw, type, {
      ...(order === undefined ? {} : { order }),
      ...(point.at.length === undefined ? {} : { length: point.at.length }),
      ...(point.at.encoding === undefined ? {} : { encoding: point.at.encoding }),
      ...(point.at.radix === undefined ? {} : { radix: point.at.radix }),
    });
  };
  const whole = (raw: Raw): EncodedWords => {
    const words = lay(raw);
    return { words, mask: words.map(() => 0xffff) };
  };

  if (value === null) {
    const absent = point.absent?.[0];
    if (absent !== undefined) return isFloat(type) ? whole(Number(absent)) : whole(BigInt(absent));
    return isFloat(type) ? whole(Number.NaN) : undefined;
  }
  if (point.match !== undefined) return encodeMatch(point, value === true, lay);
  const meant = rawMeaning(point, options.classUnit)(value);
  if (typeof meant === 'string') return whole(meant);
  const raw = typeof meant === 'number' ? meant / (options.factor ?? 1) : meant;
  if (isFloat(type)) return whole(Number(raw));
  const integer = BigInt(Math.round(Number(raw)));
  if (point.bits !== undefined) {
    const from = BigInt(point.bits.from + (options.bitShift ?? 0));
    const ones = (1n << BigInt(point.bits.count)) - 1n;
    const half = (ones + 1n) / 2n;
    const field = point.bits.signed === true ? clamp(integer, -half, half - 1n) & ones : clamp(integer, 0n, ones);
    return { words: lay(field << from), mask: lay(ones << from) };
  }
  const [low, high] = limitsOf(type, point.at.encoding);
  return whole(clamp(integer, low, high));
}

/** True takes the first pattern; false leaves every pattern by clearing its bits, or by setting them where the pattern is all zeros. */
function encodeMatch(point: ModbusPoint, value: boolean, lay: (raw: Raw) => number[]): EncodedWords {
  const patterns = point.match ?? [];
  const first = patterns[0];
  if (value && first !== undefined) return { words: lay(BigInt(first.value)), mask: lay(BigInt(first.mask)) };
  let words = 0n;
  let mask = 0n;
  for (const pattern of patterns) {
    mask |= BigInt(pattern.mask);
    if (pattern.value === 0) words |= BigInt(pattern.mask);
  }
  return { words: lay(words), mask: lay(mask) };
}

function clamp(value: bigint, low: bigint, high: bigint): bigint {
  if (value < low) return low;
  return value > high ? high : value;
}
