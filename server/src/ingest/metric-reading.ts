import {
  isQualityReason,
  metricProperties,
  type PointValue,
  type Quality,
  qualityFromSparkplug,
  type Reading,
} from '@plantroom/contracts';
import type { PointEntry } from './node-points.ts';
import { propertyOf, scalarValue, type WireMetric } from './sparkplug-codec.ts';

/** What a metric means, given its birth. Hot path: called for every value that comes in. */
export function metricReading(
  metric: WireMetric,
  entry: Pick<PointEntry, 'point' | 'dataType' | 'mapped'>,
  times: { wireTimeMs: number; ingestTimeMs: number },
): Reading {
  const reading = asBorn(metric, entry, times);
  return entry.mapped === undefined ? reading : entry.mapped.convert(reading);
}

function asBorn(
  metric: WireMetric,
  { point, dataType }: Pick<PointEntry, 'point' | 'dataType'>,
  { wireTimeMs, ingestTimeMs }: { wireTimeMs: number; ingestTimeMs: number },
): Reading {
  const value = scalarValue(metric, dataType) ?? null;
  if (metric.properties === undefined || metric.properties === null) {
    return { point, value, quality: value === null ? 'bad' : 'good', wireTimeMs, ingestTimeMs };
  }
  const reading: Reading = { point, value, quality: qualityOf(metric, value), wireTimeMs, ingestTimeMs };
  if (reading.quality !== 'good') {
    const reason = propertyOf(metric, metricProperties.reason);
    if (typeof reason === 'string' && isQualityReason(reason)) reading.reason = reason;
  }
  const deviceTimeMs = propertyOf(metric, metricProperties.deviceTimeMs);
  if (typeof deviceTimeMs === 'number') reading.deviceTimeMs = deviceTimeMs;
  return reading;
}

/** Without the property a value is good; null is never good. */
function qualityOf(metric: WireMetric, value: PointValue): Quality {
  const code = propertyOf(metric, metricProperties.quality);
  if (value === null) return 'bad';
  return typeof code === 'number' ? qualityFromSparkplug(code) : 'good';
}
