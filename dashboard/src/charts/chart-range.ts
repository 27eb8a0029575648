const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;

/** Spans a person asks for. */
export const rangePresets = [
  { key: '15min', ms: 15 * minute },
  { key: '1h', ms: hour },
  { key: '6h', ms: 6 * hour },
  { key: '24h', ms: day },
  { key: '7d', ms: 7 * day },
  { key: '30d', ms: 30 * day },
] as const;

export type RangeKey = (typeof rangePresets)[number]['key'];

const steps = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 10_800, 21_600, 43_200, 86_400];

/** Bucket width, ms, that gives about one bucket for two pixels; null: raw values, so short is the span. */
export function resolutionFor(spanMs: number, widthPx: number): number | null {
  if (spanMs <= hour) return null;
  const wanted = spanMs / Math.max(100, widthPx / 2) / 1000;
  return (steps.find((step) => step >= wanted) ?? 86_400) * 1000;
}
