import type { LimitKind, Point } from '@plantroom/contracts';

/** Geometry of a moving analog indicator, as fractions 0…1 of its length. */
export interface Indicator {
  min: number;
  max: number;
  /** Between the inner limits; null when no limit says what is normal. */
  band: { from: number; to: number } | null;
  limits: { kind: LimitKind; at: number }[];
}

function span(values: readonly number[]): [number, number] {
  return [Math.min(...values), Math.max(...values)];
}

/** Scale chosen so that the limits take the middle of the bar; without limits the plausible range is the scale. */
export function indicatorOf(point: Pick<Point, 'kind' | 'unit' | 'range' | 'limits'>): Indicator | null {
  if (point.kind !== 'number') return null;
  const active = point.limits.filter((limit) => limit.enabled);
  const lows = active.filter((limit) => limit.kind === 'L' || limit.kind === 'LL').map((limit) => limit.limit);
  const highs = active.filter((limit) => limit.kind === 'H' || limit.kind === 'HH').map((limit) => limit.limit);
  let min: number;
  let max: number;
  if (lows.length > 0 && highs.length > 0) {
    const [low, high] = span([...lows, ...highs]);
    const margin = (high - low || Math.abs(high) || 1) * 0.25;
    min = low - margin;
    max = high + margin;
  } else if (highs.length > 0) {
    const top = Math.max(...highs);
    min = Math.min(point.range?.[0] ?? 0, top < 0 ? top * 2 : 0);
    max = top + (top - min || 1) * 0.25;
  } else if (lows.length > 0) {
    const bottom = Math.min(...lows);
    // Only a floor is set: several times that floor is the region of work, the plausible range its end.
    const top = Math.max(...lows);
    max = top + 7 * Math.max(Math.abs(top), 1);
    min = bottom - (max - bottom) * 0.25;
  } else {
    // Codes and counts have no scale, and a range as wide below zero as above is that of the data type.
    if (point.range === null || point.unit === 'none' || point.unit === 'count') return null;
    if (point.range[0] === -point.range[1]) return null;
    [min, max] = point.range;
  }
  if (point.range !== null) {
    min = Math.max(min, Math.min(point.range[0], ...lows));
    max = Math.min(max, Math.max(point.range[1], ...highs));
  }
  if (!(max > min)) return null;
  const at = (value: number) => (value - min) / (max - min);
  const band =
    active.length === 0
      ? null
      : {
          from: lows.length > 0 ? at(Math.max(...lows)) : 0,
          to: highs.length > 0 ? at(Math.min(...highs)) : 1,
        };
  return { min, max, band, limits: active.map((limit) => ({ kind: limit.kind, at: at(limit.limit) })) };
}

export function indicatorAt(indicator: Indicator, value: number): number {
  return Math.min(1, Math.max(0, (value - indicator.min) / (indicator.max - indicator.min)));
}
