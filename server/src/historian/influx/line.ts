import { parsePointId, qualityMeasurement } from '@plantroom/contracts';
import type { HistorianSample, QualityChange } from '../historian.ts';

/** Measurement of points whose class nobody knows: those of foreign nodes. */
export const unknownMeasurement = 'unclassified';

/** One sample as line protocol, ms. Ids are slugs; a class of a foreign catalogue may be anything. */
export function sampleLine({ point, timeMs, value }: HistorianSample, measurement: string): string {
  const { site, equipment, point: field } = parsePointId(point);
  return `${escapeMeasurement(measurement)},site=${site},equipment=${equipment} ${field}=${value} ${timeMs}`;
}

/** Both fields always: a second line of the same time must replace the first whole. */
export function qualityLine({ point, timeMs, code, reason }: QualityChange): string {
  const address = parsePointId(point);
  const text = (reason ?? '').replace(/["\\]/g, (c) => `\\${c}`);
  const tags = `site=${address.site},equipment=${address.equipment},point=${address.point}`;
  return `${qualityMeasurement},${tags} code=${code},reason="${text}" ${timeMs}`;
}

function escapeMeasurement(text: string): string {
  return text.replace(/[, ]/g, (c) => `\\${c}`);
}
