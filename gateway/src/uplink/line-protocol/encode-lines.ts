import { parsePointId, type Quality, qualityMeasurement, type Reading, sparkplugQuality } from '@plantroom/contracts';
import type { PointTable } from '../../pipeline/point-table.ts';

/** What has been written of a point's quality; a change is written as a line of its own. */
export type WrittenQuality = Map<string, string>;

/** What a line says of a point, escaped and joined once at start. */
export interface LineTarget {
  /** `<class>,site=…,equipment=…` */
  series: string;
  /** `<point>=` */
  field: string;
  /** `point_quality,site=…,equipment=…,point=…` */
  qualitySeries: string;
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
  return new Map(
    table.points.map(({ id, binding }) => {
      const { site, equipment, point } = parsePointId(id);
      const tags = `site=${escapeTag(site)},equipment=${escapeTag(equipment)}`;
      return [
        id,
        {
          series: `${escapeMeasurement(binding.class)},${tags}`,
          field: `${escapeTag(point)}=`,
          qualitySeries: `${qualityMeasurement},${tags},point=${escapeTag(point)}`,
          telemetry: binding.kind !== 'string',
        },
      ];
    }),
  );
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
  const fields = new Map<string, string>();
  const qualityLines: string[] = [];
  const qualities: WrittenQuality = new Map();
  for (const reading of readings) {
    const target = targets.get(reading.point);
    if (target === undefined || !target.telemetry) continue;
    const number = numberOf(reading);
    if (number !== undefined) {
      const key = `${target.series} ${reading.wireTimeMs}`;
      const held = fields.get(key);
      const field = target.field + number;
      fields.set(key, held === undefined ? field : `${held},${field}`);
    }
    const state = qualityState(reading);
    if ((qualities.get(reading.point) ?? written.get(reading.point)) === state) continue;
    qualities.set(reading.point, state);
    qualityLines.push(`${target.qualitySeries} ${state} ${reading.wireTimeMs}`);
  }
  const lines: string[] = [];
  for (const [key, value] of fields) {
    const at = key.lastIndexOf(' ');
    lines.push(`${key.slice(0, at)} ${value}${key.slice(at)}`);
  }
  return { lines: lines.concat(qualityLines), qualities };
}

function numberOf({ value, quality, reason }: Reading): string | undefined {
  // A stale value was not measured at this time: only its quality changed then.
  if (quality === 'bad' || reason === 'stale') return undefined;
  if (typeof value === 'boolean') return value ? '1' : '0';
  // Infinity and NaN are no line-protocol numbers; decode has made them bad already.
  return typeof value === 'number' && Number.isFinite(value) ? String(value) : undefined;
}

function qualityState({ quality, reason }: { quality: Quality; reason?: string }): string {
  return `code=${sparkplugQuality[quality]}${reason === undefined ? '' : `,reason="${reason}"`}`;
}
