import type { HistorySeries, Point } from '@plantroom/contracts';
import { displayUnit } from '../format/value.ts';
import { breaksLine, type Track } from './chart-data.ts';
import type { TrackLook } from './plot-options.ts';

interface Options {
  label: string;
  /** Of the buckets; null: the samples themselves, which hold until the next one. */
  resolutionMs: number | null;
  /** Draws the least and greatest values of the buckets around the line, where the series has them. */
  extremes: boolean;
  /** The line with what is known beyond the series; left out: the series. */
  line?: Pick<Track, 't' | 'v'>;
}

/** The line of a point in the unit of the screen, broken by its holes; looks and lines belong together by their place. */
export function pointTracks(
  point: Point,
  series: HistorySeries,
  { label, resolutionMs, extremes, line = series }: Options,
): { looks: TrackLook[]; lines: Track[] } {
  const unit = displayUnit(point);
  const shared = { holes: series.holes.filter(breaksLine), factor: unit.factor };
  const look: TrackLook = {
    id: point.id,
    label,
    symbol: unit.symbol,
    precision: unit.precision ?? point.precision,
    stepped: resolutionMs === null || point.kind !== 'number',
  };
  const known: Track = { t: line.t, v: line.v, ...shared };
  if (!extremes || series.min === undefined || series.max === undefined) return { looks: [look], lines: [known] };
  return {
    looks: [{ ...look, edge: 'min' }, { ...look, edge: 'max' }, look],
    lines: [{ t: series.t, v: series.min, ...shared }, { t: series.t, v: series.max, ...shared }, known],
  };
}
