import { PlantroomError } from '@plantroom/contracts';

/** ms of one unit of each; `n`, `m` and `h` are spellings of InfluxDB 1.x. */
const unitMs = { ns: 1e-6, n: 1e-6, us: 1e-3, u: 1e-3, µ: 1e-3, ms: 1, s: 1000, m: 60_000, h: 3_600_000 } as const;
export type Precision = keyof typeof unitMs;

/** What each version takes. Leaving it out means ns. `u` and `n` are taken everywhere: writers carry them over from 1.x. */
export const precisionsOf = {
  v1: ['ns', 'n', 'us', 'u', 'µ', 'ms', 's', 'm', 'h'],
  v2: ['ns', 'n', 'us', 'u', 'ms', 's'],
} as const satisfies Record<string, readonly Precision[]>;

/** The last that InfluxDB can hold (2262-04-11): its nanoseconds are an int64. */
const maxTimeMs = 9_223_372_036_854;

/** Whole ms since the epoch; finer digits are cut off. Throws LINE_INVALID. */
export function timeOf(digits: string, precision: Precision): number {
  const unit = unitMs[precision];
  const cut = unit < 1 ? -Math.round(Math.log10(unit)) : 0;
  const timeMs = cut === 0 ? Number(digits) * unit : Number(digits.slice(0, -cut) || '0');
  if (digits.startsWith('-') || timeMs > maxTimeMs) {
    throw new PlantroomError('LINE_INVALID', `time outside range 0 - ${maxTimeMs} ms (precision ${precision})`);
  }
  return timeMs;
}
