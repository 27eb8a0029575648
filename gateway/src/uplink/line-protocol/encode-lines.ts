import { type Quality, qualityMeasurement, type Reading, sparkplugQuality } from '@plantroom/contracts';
import type { PointTable } from '../../pipeline/point-table.ts';

/** What has been written of a point's quality; a change is written as a line of its own. */
export type WrittenQuality = Map<string, string>;

/** What a line says of a point, escaped and joined once at start. */
export interface LineTarget {
  /** One object for all points of an equipment. `text`: `<class>,site=…,equipment=…` and a space. `tags`: `site=…,equipment=…` */
  series: { text: string; tags: string };
  /** The point, escaped. */
  field: string;
  /** False for texts: they are no telemetry. */
  telemetry: boolean;
}

export interface EncodedLines {
  lines: string[];
  /** To be merged into the state once the lines have been stored, so that a second attempt says the same. */
  qualities: WrittenQuality;
}

/** Measurement and tags: comma, space (and in tags the equals sign) are escaped; ours are slugs, but a foreign catalogue's class may be anything. */
export function escapeTag(text: string): string {
  return text.replace(/[,= ]/g, (c) => `\\${c}`);
}

export function escapeMeasurement(text: string): string {
  return text.replace(/[, ]/g, (c) => `\\${c}`);
}

export function lineTargets(table: PointTable): Map<string, LineTarget> {
  const allSeries = new Map<string, LineTarget['series']>();
  return new Map(
    table.points.map(({ id, binding }) => {
      const { equipment, point } = binding;
      const tags = `site=${escapeTag(table.site)},equipment=${escapeTag(equipment)}`;
      const text = `${escapeMeasurement(binding.class)},${tags} `;
      const series = allSeries.get(text) ?? { text, tags };
      allSeries.set(text, series);
      return [
        id,
        {
          series,
          field: escapeTag(point),
          telemetry: binding.kind !== 'string',
        },
      ];
    }),
  );
}

/** A line that still takes fields. */
interface OpenLine {
  series: LineTarget['series'];
  timeMs: number;
  text: string;
}

/**
 * Readings as lines, ms. Points of one equipment with the same time share a line. Numbers and booleans become floats, because
 * InfluxDB refuses a field that changes its type; bad values are not written, only the change of quality is.
 * Readings of points that are no longer configured are left out: their class is not known any more.
 */
export function encodeLines(
  readings: readonly Reading[],
  { targets, written }: { targets: ReadonlyMap<string, LineTarget>; written: WrittenQuality },
): EncodedLines {
  const open: OpenLine[] = [];
  // Only the newest line of a series takes fields: an older time that comes again begins another, which says the same.
  const newest = new Map<LineTarget['series'], OpenLine>();
  const qualityLines: string[] = [];
  const qualities: WrittenQuality = new Map();
  let line: OpenLine | undefined;
  for (const reading of readings) {
    const target = targets.get(reading.point);
    if (target === undefined || !target.telemetry) continue;
    const number = numberOf(reading);
    if (number !== undefined) {
      const { series } = target;
      const { wireTimeMs } = reading;
      // A poll's values come together, so it is nearly always the line before.
      if (line?.series !== series) line = newest.get(series);
      if (line?.timeMs === wireTimeMs) line.text += `,${target.field}=${number}`;
      else {
        line = { series, timeMs: wireTimeMs, text: `${series.text}${target.field}=${number}` };
        open.push(line);
        newest.set(series, line);
      }
    }
    const state = qualityState(reading);
    const held = qualities.size === 0 ? undefined : qualities.get(reading.point);
    if ((held ?? written.get(reading.point)) === state) continue;
    qualities.set(reading.point, state);
    const series = `${qualityMeasurement},${target.series.tags},point=${target.field}`;
    qualityLines.push(`${series} ${state} ${reading.wireTimeMs}`);
  }
  return { lines: open.map(({ text, timeMs }) => `${text} ${timeMs}`).concat(qualityLines), qualities };
}

function numberOf({ value, quality, reason }: Reading): string | undefined {
  // A stale value was not measured at this time: only its quality changed then.
  if (quality === 'bad' || reason === 'stale') return undefined;
  if (typeof value === 'boolean') return value ? '1' : '0';
  // Infinity and NaN are no line-protocol numbers; decode has made them bad already.
  return typeof value === 'number' && Number.isFinite(value) ? String(value) : undefined;
}

const goodState = `code=${sparkplugQuality.good}`;

function qualityState({ quality, reason }: { quality: Quality; reason?: string }): string {
  if (reason === undefined) return quality === 'good' ? goodState : `code=${sparkplugQuality[quality]}`;
  return `code=${sparkplugQuality[quality]},reason="${reason}"`;
}
