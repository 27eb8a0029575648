import { isSlug, PlantroomError, pointId, qualityMeasurement } from '@plantroom/contracts';
import { slugOf, withHash } from '../../ingest/slug.ts';
import type { ParsedSeries } from './line-protocol-parser.ts';

/** What the lines of one series are about. */
export type LineTarget = { kind: 'telemetry'; pointOf: (field: string) => string } | { kind: 'quality'; point: string };

/** Site of lines that name none. */
export const foreignSite = 'external';
/** Tags that other writers name their source with, best first: Telegraf, Home Assistant, common collectors. */
const sourceTags = ['equipment', 'host', 'entity_id', 'device', 'device_id', 'name'];

/**
 * Our form (tags site and equipment) gives `<site>/<equipment>/<field>`. Lines of other writers are kept as well: the source tag is the
 * equipment, and measurement, other tags and field together are the point, e.g. `external/web-1/cpu.cpu0.usage_idle`.
 */
export function lineTarget({ measurement, tags }: ParsedSeries): LineTarget {
  const site = tags.get('site');
  const equipment = tags.get('equipment');
  if (measurement === qualityMeasurement) return qualityTarget(site, equipment, tags.get('point'));
  if (site !== undefined && equipment !== undefined) {
    const prefix = `${slugOf(site)}/${slugOf(equipment)}/`;
    const more = valuesWithout(tags, ['site', 'equipment']);
    return { kind: 'telemetry', pointOf: (field) => prefix + pointSlug([...more, field]) };
  }
  const source = sourceTags.find((tag) => tags.has(tag));
  const owner = source === undefined ? measurement : (tags.get(source) ?? measurement);
  const prefix = `${slugOf(site ?? foreignSite)}/${slugOf(owner)}/`;
  const head = [measurement, ...valuesWithout(tags, ['site', ...(source === undefined ? [] : [source])])];
  return { kind: 'telemetry', pointOf: (field) => prefix + pointSlug([...head, field]) };
}

function qualityTarget(site: string | undefined, equipment: string | undefined, point: string | undefined): LineTarget {
  for (const [tag, value] of Object.entries({ site, equipment, point })) {
    if (value === undefined || !isSlug(value)) {
      throw new PlantroomError(
        'LINE_INVALID',
        `${qualityMeasurement} needs tag "${tag}" with an id, found ${value === undefined ? 'none' : `"${value}"`}`,
      );
    }
  }
  return { kind: 'quality', point: pointId(site ?? '', equipment ?? '', point ?? '') };
}

/** Tag order means nothing in line protocol, so it means nothing here. */
function valuesWithout(tags: ReadonlyMap<string, string>, without: readonly string[]): string[] {
  return [...tags]
    .filter(([key]) => !without.includes(key))
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([, value]) => value);
}

function pointSlug(parts: readonly string[]): string {
  const [only] = parts;
  if (parts.length === 1 && only !== undefined) return slugOf(only);
  const slug = parts.map(slugOf).join('.');
  return isSlug(slug) ? slug : withHash(slug, parts.join('\u0000'));
}
