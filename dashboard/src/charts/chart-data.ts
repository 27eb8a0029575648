import type { HistorySeries } from '@plantroom/contracts';

export type ChartValue = number | null | undefined;

/** One x axis for all; `undefined` where a series has no sample (the line goes on), `null` where it must break. */
export interface ChartData {
  x: number[];
  ys: ChartValue[][];
}

export interface Track {
  t: readonly number[];
  v: readonly (number | null)[];
  holes: readonly { fromMs: number; toMs: number }[];
  /** shown = stored × factor */
  factor: number;
}

/** A thinned span still has its minute values: the line goes on over the hatch. */
export const breaksLine = (hole: { reason: string }): boolean => hole.reason !== 'thinned';

/** Samples of a track with a break (null) put into each hole, strictly rising in time. */
export function withBreaks(track: Track): Map<number, number | null> {
  const samples = new Map<number, number | null>();
  track.t.forEach((t, i) => {
    const v = track.v[i] ?? null;
    samples.set(t, v === null ? null : v * track.factor);
  });
  for (const hole of track.holes) {
    // A sample inside the span is not good data: it must not carry the line across.
    for (const t of track.t) if (t > hole.fromMs && t < hole.toMs) samples.set(t, null);
    const middle = Math.floor((hole.fromMs + hole.toMs) / 2);
    if (hole.toMs > hole.fromMs) samples.set(middle, null);
  }
  return samples;
}

export function alignTracks(tracks: readonly Track[]): ChartData {
  const columns = tracks.map(withBreaks);
  const times = new Set<number>();
  for (const column of columns) for (const t of column.keys()) times.add(t);
  const x = [...times].sort((a, b) => a - b);
  const ys = columns.map((column) => x.map((t) => (column.has(t) ? (column.get(t) ?? null) : undefined)));
  return { x, ys };
}

/** History with what came live since; a tie in time is told by the live value. */
export function withTail(
  series: Pick<HistorySeries, 't' | 'v'>,
  tail: readonly (readonly [t: number, v: number | null])[],
): { t: number[]; v: (number | null)[] } {
  const first = tail[0];
  if (first === undefined) return { t: series.t, v: series.v };
  let end = series.t.length;
  while (end > 0 && (series.t[end - 1] ?? 0) >= first[0]) end -= 1;
  return {
    t: [...series.t.slice(0, end), ...tail.map(([t]) => t)],
    v: [...series.v.slice(0, end), ...tail.map(([, v]) => v)],
  };
}

/** A value that still holds reaches to `nowMs`: an unchanged value is reported seldom, and its line must not end before. */
export function heldUntil(
  series: { t: readonly number[]; v: readonly (number | null)[] },
  held: number | null,
  nowMs: number,
): { t: readonly number[]; v: readonly (number | null)[] } {
  const last = series.t.at(-1);
  if (held === null || last === undefined || last >= nowMs) return series;
  return { t: [...series.t, nowMs], v: [...series.v, held] };
}

export interface Hole {
  fromMs: number;
  toMs: number;
  reason: string;
  /** Samples missing; left out: nobody counted. */
  count?: number | undefined;
}

/** Holes of several points drawn as one hatch where they meet and have the same reason. The same hole told for each of them counts once. */
export function mergeHoles(holes: readonly Hole[]): Hole[] {
  const keyOf = ({ fromMs, toMs, reason, count }: Hole) => `${fromMs} ${toMs} ${reason} ${count}`;
  const told = [...new Map(holes.map((hole) => [keyOf(hole), hole])).values()];
  const merged: Hole[] = [];
  for (const hole of told.sort((a, b) => a.fromMs - b.fromMs || a.toMs - b.toMs)) {
    const last = merged.find((each) => each.reason === hole.reason && hole.fromMs <= each.toMs);
    if (last === undefined) {
      merged.push({ ...hole });
      continue;
    }
    last.toMs = Math.max(last.toMs, hole.toMs);
    if (hole.count !== undefined) last.count = (last.count ?? 0) + hole.count;
  }
  return merged;
}
