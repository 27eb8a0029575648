import type { ByteOrder } from '../address-schema.ts';
import { rawBits } from '../raw-types.ts';
import type { ScaleBy } from '../scale-schema.ts';
import { rawReader } from './raw-reader.ts';

/** Registers of one factor. */
export const factorWords = ({ type }: ScaleBy) => rawBits[type] / 16;

/** Product of all factors, read one after the other from word `start`; NaN where one has no meaning. */
export function factorReader(
  scales: readonly ScaleBy[],
  order: ByteOrder,
  start: number,
): (words: ArrayLike<number>) => number {
  let at = start;
  const readers = scales.map((scale) => {
    const from = at;
    at += factorWords(scale);
    const read = rawReader(scale.type, scale.order ?? order);
    const meaning = factorOf(scale);
    return (words: ArrayLike<number>) => meaning(read(words, from));
  });
  return (words) => readers.reduce((product, reader) => product * reader(words), 1);
}

/** A factor of 0 is a ratio that nobody has set: it would turn every value into 0. */
function factorOf({ scale = 1, power, map }: ScaleBy): (raw: number) => number {
  if (map) {
    const factors = new Map(Object.entries(map).map(([raw, factor]) => [Number(raw), factor]));
    return (raw) => factors.get(raw) ?? Number.NaN;
  }
  if (power !== undefined) return (raw) => power ** raw;
  const divisor = Math.round(1 / scale);
  const decimal = Math.abs(divisor) > 1 && Math.abs(scale * divisor - 1) < 1e-12;
  return (raw) => (raw === 0 ? Number.NaN : decimal ? raw / divisor : raw * scale);
}
