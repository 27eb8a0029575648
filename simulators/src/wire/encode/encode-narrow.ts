import { PlantroomError, type PointValue } from '@plantroom/contracts';
import type { ByteOrder, ModbusPoint } from '@plantroom/device-profiles';
import type { EncodedWords, EncodeOptions } from './encoded-words.ts';
import { rawMeaning } from './meaning.ts';

/** Smallest and largest integer by type. */
const limits = {
  bool: [0, 1],
  u16: [0, 0xffff],
  s16: [-0x8000, 0x7fff],
  u32: [0, 0xffff_ffff],
  s32: [-0x8000_0000, 0x7fff_ffff],
} as const;

export type NarrowType = keyof typeof limits | 'f32';

/** How the values of a point stand in the 16 or 32 bits of its type. */
export interface NarrowField {
  /** Throws ENCODE_NOT_FINITE. */
  bits(value: Exclude<PointValue, null>): number;
  /** Which bits are the point's; the rest is others'. */
  mask(value: Exclude<PointValue, null>): number;
}

const whole = -1;
const scratchFloat = new Float32Array(1);
const scratchBits = new Uint32Array(scratchFloat.buffer);

/** The type, if plain numbers hold the value: at most 32 bits, two's complement. Most registers are like that, and many are laid each second. */
export function narrowType({ type, encoding, radix }: ModbusPoint['at']): NarrowType | undefined {
  if (encoding !== undefined || radix !== undefined) return undefined;
  switch (type) {
    case 'string':
    case 'u64':
    case 's64':
    case 'f64':
      return undefined;
    default:
      return type;
  }
}

/** As `encodeModbus`, for a point of a narrow type and a value that is there. Throws ENCODE_NOT_FINITE. */
export function encodeNarrow(
  point: ModbusPoint,
  value: Exclude<PointValue, null>,
  { type, ...options }: EncodeOptions & { type: NarrowType },
): EncodedWords {
  const field = narrowField(point, { type, ...options });
  const order = point.at.order ?? options.order ?? 'ABCD';
  return {
    words: words(field.bits(value), { type, order }),
    mask: words(field.mask(value), { type, order }),
  };
}

/** The steps of `encodeNarrow` that do not hang on the value are done here. */
export function narrowField(
  point: ModbusPoint,
  { type, ...options }: EncodeOptions & { type: NarrowType },
): NarrowField {
  if (point.match !== undefined) return matchField(point.match);
  const meant = rawMeaning(point, options.classUnit);
  const { factor = 1 } = options;
  if (type === 'f32') {
    const bits = (value: Exclude<PointValue, null>): number => {
      scratchFloat[0] = Number(meant(value)) / factor;
      return scratchBits[0] ?? 0;
    };
    return { bits, mask: () => whole };
  }
  const integerOf = (value: Exclude<PointValue, null>): number => {
    const raw = Number(meant(value)) / factor;
    const integer = Math.round(raw);
    if (Number.isFinite(integer)) return integer;
    throw new PlantroomError('ENCODE_NOT_FINITE', `point ${point.point}: ${raw} cannot be laid into ${type}`);
  };
  if (point.bits === undefined) {
    const [low, high] = limits[type];
    return { bits: (value) => Math.min(high, Math.max(low, integerOf(value))), mask: () => whole };
  }
  const from = point.bits.from + (options.bitShift ?? 0);
  const ones = 2 ** point.bits.count - 1;
  const half = (ones + 1) / 2;
  const [low, high] = point.bits.signed === true ? [-half, half - 1] : [0, ones];
  const mask = ones << from;
  return {
    bits: (value) => (Math.min(high, Math.max(low, integerOf(value))) & ones) << from,
    mask: () => mask,
  };
}

/** True takes the first pattern; false leaves every pattern by clearing its bits, or by setting them where the pattern is all zeros. */
function matchField(patterns: NonNullable<ModbusPoint['match']>): NarrowField {
  let bits = 0;
  let mask = 0;
  for (const one of patterns) {
    mask |= one.mask;
    if (one.value === 0) bits |= one.mask;
  }
  const [first = { value: bits, mask }] = patterns;
  return {
    bits: (value) => (value === true ? first.value : bits),
    mask: (value) => (value === true ? first.mask : mask),
  };
}

/** The low 16 or 32 bits of a whole number. */
function words(bits: number, { type, order }: { type: NarrowType; order: ByteOrder }): number[] {
  const laid = swapsBytes(order) ? swappedBytes(bits) : bits;
  const low = laid & 0xffff;
  if (!isPair(type)) return [low];
  const high = laid >>> 16;
  return isLowFirst(order) ? [low, high] : [high, low];
}

/** Whether it fills two registers. */
export function isPair(type: NarrowType): boolean {
  return type.endsWith('32');
}

export function isLowFirst(order: ByteOrder): boolean {
  return order === 'CDAB' || order === 'DCBA';
}

export function swapsBytes(order: ByteOrder): boolean {
  return order === 'BADC' || order === 'DCBA';
}

/** Of each of both words. */
export function swappedBytes(bits: number): number {
  return ((bits & 0x00ff_00ff) << 8) | ((bits >>> 8) & 0x00ff_00ff);
}
