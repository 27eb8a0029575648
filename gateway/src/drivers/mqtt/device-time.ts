import type { Zone } from './zone.ts';

const iso = /^(\d{4}-\d{2}-\d{2})[T ](\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?)(Z|[+-]\d{2}:?\d{2})?$/i;
/** Seconds and milliseconds since the epoch lie this far apart: 1973 in ms is the year 5138 in s. */
const firstMs = 1e11;

/**
 * UTC ms of a device's own time stamp: ISO 8601, or seconds or milliseconds since the epoch. A text without a zone could mean any of
 * 26 hours: without the zone of the device it is undefined like everything else that is no time.
 */
export function parseDeviceTime(value: unknown, zone?: Zone): number | undefined {
  if (typeof value === 'number' && Number.isFinite(value) && value > 0) {
    return Math.round(value < firstMs ? value * 1000 : value);
  }
  if (typeof value !== 'string') return undefined;
  const [, date, time, offset] = iso.exec(value) ?? [];
  if (date === undefined || (offset === undefined && zone === undefined)) return undefined;
  const atMs = Date.parse(`${date}T${time}${offset === undefined ? 'Z' : withColon(offset)}`);
  if (Number.isNaN(atMs)) return undefined;
  return offset === undefined ? zone?.(atMs) : atMs;
}

const withColon = (offset: string): string => offset.toUpperCase().replace(/^([+-]\d{2})(\d{2})$/, '$1:$2');
