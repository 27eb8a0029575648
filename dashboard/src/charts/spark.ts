import type { HistorySeries } from '@plantroom/contracts';
import { breaksLine } from './chart-data.ts';

interface Box {
  fromMs: number;
  toMs: number;
  width: number;
  height: number;
}

/** SVG path of a series: a new stroke after every null and after every hole. */
export function sparkPaths(series: Pick<HistorySeries, 't' | 'v' | 'holes'>, box: Box): string {
  const known = series.v.filter((v): v is number => v !== null);
  if (known.length === 0) return '';
  let min = known[0] ?? 0;
  let max = min;
  for (const v of known) {
    if (v < min) min = v;
    if (v > max) max = v;
  }
  const range = max - min;
  const y = (v: number) => (range === 0 ? box.height / 2 : box.height - 1 - ((v - min) / range) * (box.height - 2));
  const x = (t: number) => ((t - box.fromMs) / (box.toMs - box.fromMs)) * box.width;
  let path = '';
  let pen = false;
  let lastT = Number.NEGATIVE_INFINITY;
  series.t.forEach((t, i) => {
    const v = series.v[i] ?? null;
    if (v === null) {
      pen = false;
      return;
    }
    const across = series.holes.some((hole) => breaksLine(hole) && hole.fromMs < t && hole.toMs > lastT);
    path += `${pen && !across ? 'L' : 'M'}${x(t).toFixed(1)} ${y(v).toFixed(1)}`;
    pen = true;
    lastT = t;
  });
  return path;
}
