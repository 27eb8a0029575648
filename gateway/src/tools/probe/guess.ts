import { type ByteOrder, byteOrders } from '@plantroom/device-profiles';
import { asF32, asS16, asS32, asText, asU32 } from './interpret.ts';

export type GuessedType = 'u16' | 's16' | 'u32' | 's32' | 'f32' | 'string';

export interface Guess {
  address: number;
  /** Registers. */
  length: number;
  type: GuessedType;
  /** Undefined for 16-bit values and texts. */
  order: ByteOrder | undefined;
  /** As last read. */
  value: number | string;
  /** Per register; 1 is what anything is worth as u16. */
  score: number;
  reasons: string[];
}

export interface OrderVote {
  order: ByteOrder;
  /** Pairs of registers that make a plausible number in this order. */
  plausible: number;
}

export interface Guesses {
  guesses: Guess[];
  /** Best first; empty when nothing speaks for any. */
  orders: OrderVote[];
}

/** One address over time, oldest first. */
type Samples = readonly ReadonlyMap<number, number>[];
type Scored = Omit<Guess, 'address' | 'length' | 'order'>;

const sentinels = new Set([0x7fff, 0x8000, 0xffff]);

/**
 * What the registers of one table may hold, from how they look and move. First the word order that makes most pairs plausible as
 * floats, for a device keeps to one; then, along each stretch of registers, the cut into values that scores best as a whole.
 */
export function guessTypes(samples: Samples): Guesses {
  const latest = samples.at(-1) ?? new Map<number, number>();
  const addresses = [...latest.keys()].sort((a, b) => a - b);
  const votes = byteOrders.map((order): OrderVote => {
    const fitting = addresses.filter((a) => latest.has(a + 1) && scoreF32(samples, a, order).score > 1);
    // Values lie two registers apart. Across their borders, repeated values look sane in another order, mostly one pair fewer.
    const even = fitting.filter((address) => address % 2 === 0).length;
    const plausible = Math.max(even, fitting.length - even);
    return { order, plausible };
  });
  votes.sort((a, b) => b.plausible - a.plausible);
  const best = votes[0];
  const floats = best !== undefined && best.plausible >= 2 ? best.order : undefined;
  const guesses: Guess[] = [];
  for (let i = 0; i < addresses.length; ) {
    let end = i + 1;
    while (end < addresses.length && addresses[end] === (addresses[end - 1] ?? 0) + 1) end++;
    guesses.push(...cut(samples, addresses.slice(i, end), floats));
    i = end;
  }
  return { guesses, orders: votes.filter(({ plausible }) => plausible > 0) };
}

/** The best cut of one stretch: best[i] is that of everything from its i-th register on. */
function cut(samples: Samples, stretch: readonly number[], floats: ByteOrder | undefined): Guess[] {
  const best: { total: number; guess: Guess | undefined }[] = [];
  best[stretch.length] = { total: 0, guess: undefined };
  for (let i = stretch.length - 1; i >= 0; i--) {
    const address = stretch[i] ?? 0;
    for (const guess of candidates(samples, address, { left: stretch.length - i, floats })) {
      const total = guess.score * guess.length + (best[i + guess.length]?.total ?? 0);
      if (best[i] === undefined || total > (best[i]?.total ?? 0)) best[i] = { total, guess };
    }
  }
  const chosen: Guess[] = [];
  for (let i = 0; i < stretch.length; ) {
    const guess = best[i]?.guess;
    if (guess === undefined) break;
    chosen.push(guess);
    i += guess.length;
  }
  return chosen;
}

function candidates(
  samples: Samples,
  address: number,
  { left, floats }: { left: number; floats: ByteOrder | undefined },
): Guess[] {
  const found: Guess[] = [{ address, length: 1, order: undefined, ...scoreWord(samples, address) }];
  if (left >= 2) {
    if (floats !== undefined) found.push({ address, length: 2, order: floats, ...scoreF32(samples, address, floats) });
    for (const order of floats === undefined ? (['ABCD', 'CDAB'] as const) : [floats])
      found.push({ address, length: 2, order, ...scoreInteger(samples, address, order) });
  }
  const latest = samples.at(-1);
  let text = '';
  for (let i = 0; i < left; i++) {
    const pair = asText(latest?.get(address + i) ?? 0);
    if (pair === undefined) break;
    text += pair;
  }
  // Equal floats side by side are often printable too: no name repeats four characters at once.
  if (text.length >= 6 && /^[A-Za-z0-9 ._/-]*[A-Za-z]{2}[A-Za-z0-9 ._/-]*$/.test(text) && !/(.{4})\1/.test(text))
    found.push({
      address,
      length: text.length / 2,
      order: undefined,
      type: 'string',
      value: text.trim(),
      score: 2,
      reasons: ['printable characters'],
    });
  return found;
}

function series(samples: Samples, read: (sample: ReadonlyMap<number, number>) => number): number[] {
  return samples.map(read);
}

function scoreWord(samples: Samples, address: number): Scored {
  const values = series(samples, (sample) => sample.get(address) ?? 0);
  const word = values.at(-1) ?? 0;
  if (sentinels.has(word) && values.every((v) => v === word))
    return {
      type: 'u16',
      value: word,
      score: 1,
      reasons: [`0x${word.toString(16).toUpperCase()} throughout: often "not available"`],
    };
  if (values.some((v) => v >= 0xfc18) && values.every((v) => Math.abs(asS16(v)) <= 1000))
    return { type: 's16', value: asS16(word), score: 1.1, reasons: ['small, and negative as s16'] };
  const reasons = mainsReasons(word, [0.1, 0.01]);
  return { type: 'u16', value: word, score: reasons.length > 0 && word > 1000 ? 1.3 : 1, reasons };
}

function scoreF32(samples: Samples, address: number, order: ByteOrder): Scored {
  const values = series(samples, (sample) => asF32(sample.get(address) ?? 0, sample.get(address + 1) ?? 0, order));
  const value = values.at(-1) ?? 0;
  const scored = (score: number, ...reasons: string[]): Scored => ({ type: 'f32', value, score, reasons });
  if (Number.isNaN(value)) {
    const words = [samples.at(-1)?.get(address), samples.at(-1)?.get(address + 1)];
    return words.every((word) => word === 0xffff || word === 0x7fc0 || word === 0)
      ? scored(0.9, 'not a number: "not available"')
      : scored(0);
  }
  // Zeros are as good a float as anything; between floats they are most likely one of them.
  if (values.every((v) => v === 0)) return scored(1.05, 'zero');
  if (values.some((v) => v !== 0 && (Math.abs(v) < 1e-4 || Math.abs(v) >= 1e8))) return scored(0);
  const sizes = values.filter((v) => v !== 0).map((v) => Math.abs(v));
  if (Math.max(...sizes) > 100 * Math.min(...sizes)) return scored(0.3, 'jumps by more than a hundred times');
  const mains = mainsReasons(value, [1]);
  if (mains.length > 0) return scored(2, ...mains);
  return scored(1.5, 'of a sane size', ...(grows(values) ? ['only grows: a counter'] : []));
}

function scoreInteger(samples: Samples, address: number, order: ByteOrder): Scored {
  const pick = (read: typeof asU32): number[] =>
    series(samples, (sample) => read(sample.get(address) ?? 0, sample.get(address + 1) ?? 0, order));
  const signed = pick(asS32);
  if (signed.some((v) => v < 0) && signed.every((v) => Math.abs(v) <= 0x10000))
    return { type: 's32', value: signed.at(-1) ?? 0, score: 1.25, reasons: ['small, and negative as s32'] };
  const values = pick(asU32);
  const value = values.at(-1) ?? 0;
  if (value < 0x10000 || value > 100_000_000)
    return { type: 'u32', value, score: value === 0 || value > 100_000_000 ? 0.5 : 0.98, reasons: [] };
  if (grows(values)) return { type: 'u32', value, score: 1.4, reasons: ['only grows: a counter'] };
  return { type: 'u32', value, score: 1.02, reasons: ['the high word is small'] };
}

function grows(values: readonly number[]): boolean {
  return (
    values.length > 1 &&
    values.every((v, i) => i === 0 || v >= (values[i - 1] ?? 0)) &&
    (values.at(-1) ?? 0) > (values[0] ?? 0)
  );
}

function mainsReasons(raw: number, scales: readonly number[]): string[] {
  return scales.flatMap((scale) => {
    const value = raw * scale;
    const as = scale === 1 ? '' : ` with scale ${scale}`;
    if (value >= 49 && value <= 51) return [`like a frequency: ${value.toFixed(2)} Hz${as}`];
    if (value >= 200 && value <= 250) return [`like a voltage: ${value.toFixed(1)} V${as}`];
    if (value >= 380 && value <= 420) return [`like a line voltage: ${value.toFixed(1)} V${as}`];
    return [];
  });
}
