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
import type { MappedPoint, MetricMap } from './metric-map.ts';
import { slugOf, withHash } from './slug.ts';
import { isScalarType, metricAlias, propertyOf, type WireMetric } from './sparkplug-codec.ts';

export interface BornMetric {
  name: string;
  alias: number | undefined;
  dataType: number;
  metric: WireMetric;
  born: BornPoint;
  /** What the mapping says of it. Left out: it is taken as it comes. */
  mapped?: MappedPoint;
}

/** Whose metrics they are. */
export interface MetricOwner {
  site: string;
  group: string;
  node: string;
  /** Null: the node itself. */
  device: string | null;
  /** In ids; no other owner of the node has it. */
  slug: string;
  /** Names are ours: `<equipment>/<point>`. */
  isOurs: boolean;
  /** Left out: no metric is mapped. */
  map?: MetricMap | undefined;
  /** Whether this owner may have the point: what is mapped to it twice would mix two sources. */
  claim(point: string): boolean;
}

/** Metrics that steer the node or device and are no points. */
const controlPrefixes = ['Node Control/', 'Device Control/', 'Plantroom/'];

export function isControlMetric(name: string): boolean {
  return name === nodeMetrics.bdSeq || controlPrefixes.some((prefix) => name.startsWith(prefix));
}

/** Gateways of ours say of what class and profile a point is. */
export function speaksOurNames(metrics: readonly WireMetric[]): boolean {
  const names: readonly string[] = [metricProperties.class, metricProperties.profile];
  return metrics.some(({ properties }) => properties?.keys?.some((key) => names.includes(key)) === true);
}

/** The device in ids. Device ids are unique within an edge node only, so a foreign one carries its node's (duplicate-device-id-across-edge-node). */
export function ownerSlug({ node, device, isOurs }: { node: string; device: string | null; isOurs: boolean }): string {
  if (device === null) return node;
  return isOurs ? slugOf(device) : slugOf(`${node}/${device}`);
}

/**
 * The points that a birth announces: those of our gateways by their names, those of foreign nodes where the mapping puts them, the rest as
 * points of an equipment of their owner's name. Metrics that are no scalars are left out.
 */
export function bornMetrics(owner: MetricOwner, metrics: readonly WireMetric[]): BornMetric[] {
  const taken = new Set<string>();
  const free = (point: string): boolean => !taken.has(point);
  return metrics.flatMap((metric): BornMetric[] => {
    const name = metric.name ?? '';
    const dataType = metric.datatype ?? 0;
    if (name === '' || isControlMetric(name) || !isScalarType(dataType)) return [];
    const common = { name, alias: metricAlias(metric), dataType, metric };
    const { group, node, device, isOurs, map } = owner;
    const mapped = isOurs ? undefined : map?.find({ group, node, device, metric: name });
    if (mapped !== undefined && free(mapped.point) && owner.claim(mapped.point)) {
      taken.add(mapped.point);
      return [{ ...common, mapped, born: mappedPoint(mapped) }];
    }
    const point = freePoint(owner, name, free);
    taken.add(point);
    return [{ ...common, born: bornPoint(point, metric) }];
  });
}

function freePoint(owner: MetricOwner, name: string, free: (point: string) => boolean): string {
  const [equipment, point, ...rest] = name.split('/');
  if (owner.isOurs && equipment !== undefined && point !== undefined && rest.length === 0) {
    if (isSlug(equipment) && isSlug(point)) return pointId(owner.site, equipment, point);
  }
  const slug = slugOf(name);
  const plain = pointId(owner.site, owner.slug, slug);
  return free(plain) ? plain : pointId(owner.site, owner.slug, withHash(slug, name));
}

/** Without a profile: what no profile of ours was born with is foreign, and the server writes its history. */
function mappedPoint({ point, class: ofClass, unit, lane, timeoutMs }: MappedPoint): BornPoint {
  return { point, class: ofClass, profile: null, unit, lane, silenceMs: timeoutMs };
}

function bornPoint(point: string, metric: WireMetric): BornPoint {
  const unit = textOf(metric, metricProperties.unit);
  const silenceMs = propertyOf(metric, metricProperties.silenceMs);
  const write = writeRange(metric);
  const connection = textOf(metric, metricProperties.connection);
  return {
    point,
    class: textOf(metric, metricProperties.class),
    profile: textOf(metric, metricProperties.profile),
    unit: isUnitName(unit) ? unit : null,
    lane: propertyOf(metric, metricProperties.lane) === 'safety' ? 'safety' : 'live',
    silenceMs: typeof silenceMs === 'number' ? silenceMs : null,
    ...(connection === null ? {} : { connection }),
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
