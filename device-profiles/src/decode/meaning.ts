import { type PointValue, type UnitName, unit } from '@plantroom/contracts';
import type { Decoded } from '../binding.ts';
import type { ModbusPoint, MqttPoint } from '../profile-schema.ts';

export type Meaning = Pick<ModbusPoint | MqttPoint, 'bits' | 'match' | 'map' | 'scale' | 'offset' | 'unit'>;

export const good = (value: Exclude<PointValue, null>): Decoded => ({ value, quality: 'good' });
export const bad = (): Decoded => ({ value: null, quality: 'bad', reason: 'device-error' });

/** Raw integer (unsigned where bits or match want it) → true or false; undefined when a map does not know the code. */
export function booleanMeaning(meaning: Meaning): (raw: number) => boolean | undefined {
  const field = bitField(meaning);
  const { match, map } = meaning;
  if (match) {
    const tests = match.map(({ mask, value }) => ({ mask: mask >>> 0, value: value >>> 0 }));
    const [only] = tests;
    if (tests.length === 1 && only) return (raw) => (field(raw) & only.mask) >>> 0 === only.value;
    return (raw) => {
      const bits = field(raw);
      return tests.some((test) => (bits & test.mask) >>> 0 === test.value);
    };
  }
  if (map) {
    const codes = new Map(Object.entries(map).map(([raw, value]) => [Number(raw), value === true || value === 1]));
    return (raw) => codes.get(field(raw));
  }
  // A plain 0/1; anything else is not a truth value.
  return (raw) => {
    const value = field(raw);
    return value === 1 ? true : value === 0 ? false : undefined;
  };
}

/** Raw number → canonical number; NaN when it has no meaning. */
export function numberMeaning(meaning: Meaning, classUnit: UnitName): (raw: number) => number {
  const field = bitField(meaning);
  const { map } = meaning;
  if (map) {
    const codes = new Map(Object.entries(map).map(([raw, value]) => [Number(raw), Number(value)]));
    return (raw) => codes.get(field(raw)) ?? Number.NaN;
  }
  const linear = linearMeaning(meaning, classUnit);
  return meaning.bits ? (raw) => linear(field(raw)) : linear;
}

function bitField({ bits }: Meaning): (raw: number) => number {
  if (!bits) return (raw) => raw;
  const divisor = 2 ** bits.from;
  const modulus = 2 ** bits.count;
  if (bits.signed !== true) return (raw) => Math.floor(raw / divisor) % modulus;
  return (raw) => {
    const value = Math.floor(raw / divisor) % modulus;
    return value >= modulus / 2 ? value - modulus : value;
  };
}

/** Scale, offset and unit in one step. A decimal scale divides (235 / 10, not 235 × 0.1), so that 23.5 is 23.5. */
function linearMeaning(meaning: Meaning, classUnit: UnitName): (raw: number) => number {
  const { factor, offset } = unit(meaning.unit ?? classUnit);
  const a = (meaning.scale ?? 1) * factor;
  const b = (meaning.offset ?? 0) * factor + offset;
  const divisor = Math.round(1 / a);
  if (a === 1 && b === 0) return (raw) => raw;
  if (Math.abs(divisor) > 1 && Math.abs(a * divisor - 1) < 1e-12) {
    return b === 0 ? (raw) => raw / divisor : (raw) => raw / divisor + b;
  }
  const multiplier = Number.isInteger(a) || Math.abs(a - Math.round(a)) > 1e-9 ? a : Math.round(a);
  return b === 0 ? (raw) => raw * multiplier : (raw) => raw * multiplier + b;
}
