import { type UnitName, unit } from '@plantroom/contracts';
import type { Meaning } from '../decode/meaning.ts';

/** Class code → raw code; of several raw codes with one meaning the lowest is written. */
export function rawCodes(map: Readonly<Record<string, number | boolean>>): ReadonlyMap<number | boolean, number> {
  const codes = new Map<number | boolean, number>();
  for (const [text, code] of Object.entries(map)) {
    const raw = Number(text);
    const known = codes.get(code);
    if (known === undefined || raw < known) codes.set(code, raw);
  }
  return codes;
}

/** Number in the class unit → raw number, not yet whole: unit, offset and scale taken back. */
export function inverseLinear(
  { scale, offset, unit: own }: Pick<Meaning, 'scale' | 'offset' | 'unit'>,
  classUnit: UnitName,
): (value: number) => number {
  const { factor, offset: zero } = unit(own ?? classUnit);
  const a = (scale ?? 1) * factor;
  const b = (offset ?? 0) * factor + zero;
  // As in decode: a decimal scale multiplies by its whole inverse, so that 24.5 at 0.1 is 245 and not 244.99999999999997.
  const inverse = Math.round(1 / a);
  const decimal = Math.abs(inverse) > 1 && Math.abs(a * inverse - 1) < 1e-12;
  return decimal ? (value) => (value - b) * inverse : (value) => (value - b) / a;
}
