import {
  isSlug,
  metricProperties,
  nodeMetrics,
  type PointWriteRange,
  pointId,
  type UnitName,
  unitNames,
} from '@plantroom/contracts';
import type { BornPoint } from './ingest.ts';
import { slugOf, withHash } from './slug.ts';
import { isScalarType, metricAlias, propertyOf, type WireMetric } from './sparkplug-codec.ts';

export interface BornMetric {
  name: string;
  alias: number | undefined;
  dataType: number;
  metric: WireMetric;
  born: BornPoint;
}

/** Metrics that steer the node or device and are no points. */
const controlPrefixes = ['Node Control/', 'Device Control/', 'Plantroom/'];

export function isControlMetric(name: string): boolean {
  return name === nodeMetrics.bdSeq || controlPrefixes.some((prefix) => name.startsWith(prefix));
}

/**
 * The points that a birth announces. `owner` is the device (the node itself for metrics of the node): names without our
 * `<equipment>/<point>` form become points of an equipment of the owner's name. Metrics that are no scalars are left out.
 */
export function bornMetrics(site: string, owner: string, metrics: readonly WireMetric[]): BornMetric[] {
  const taken = new Set<string>();
  return metrics.flatMap((metric) => {
    const name = metric.name ?? '';
    const dataType = metric.datatype ?? 0;
    if (name === '' || isControlMetric(name) || !isScalarType(dataType)) return [];
    const point = freePoint({ site, owner, name, taken });
    taken.add(point);
    return [{ name, alias: metricAlias(metric), dataType, metric, born: bornPoint(point, metric) }];
  });
}

function freePoint(of: { site: string; owner: string; name: string; taken: ReadonlySet<string> }): string {
  const { site, owner, name, taken } = of;
  const [equipment, point, ...rest] = name.split('/');
  if (equipment !== undefined && point !== undefined && rest.length === 0 && isSlug(equipment) && isSlug(point)) {
    return pointId(site, equipment, point);
  }
  const slug = slugOf(name);
  const plain = pointId(site, slugOf(owner), slug);
  return taken.has(plain) ? pointId(site, slugOf(owner), withHash(slug, name)) : plain;
}

function bornPoint(point: string, metric: WireMetric): BornPoint {
  const unit = textOf(metric, metricProperties.unit);
  const silenceMs = propertyOf(metric, metricProperties.silenceMs);
  const write = writeRange(metric);
  return {
    point,
    class: textOf(metric, metricProperties.class),
    profile: textOf(metric, metricProperties.profile),
    unit: isUnitName(unit) ? unit : null,
    lane: propertyOf(metric, metricProperties.lane) === 'safety' ? 'safety' : 'live',
    silenceMs: typeof silenceMs === 'number' ? silenceMs : null,
    ...(propertyOf(metric, metricProperties.derived) === true ? { derived: true } : {}),
    ...(write === undefined ? {} : { write }),
  };
}

/** Undefined: the birth does not say that it may be written. */
function writeRange(metric: WireMetric): PointWriteRange | undefined {
  if (propertyOf(metric, metricProperties.writable) !== true) return undefined;
  const number = (name: string): number | null => {
    const value = propertyOf(metric, name);
    return typeof value === 'number' ? value : null;
  };
  return {
    min: number(metricProperties.writeMin),
    max: number(metricProperties.writeMax),
    values: numbersOf(textOf(metric, metricProperties.writeValues)),
  };
}

function numbersOf(text: string | null): number[] | null {
  try {
    const list: unknown = JSON.parse(text ?? 'null');
    return Array.isArray(list) && list.every((item) => typeof item === 'number') ? list : null;
  } catch {
    return null;
  }
}

function textOf(metric: WireMetric, property: string): string | null {
  const value = propertyOf(metric, property);
  return typeof value === 'string' && value !== '' ? value : null;
}

function isUnitName(text: string | null): text is UnitName {
  return (unitNames as readonly (string | null)[]).includes(text);
}
