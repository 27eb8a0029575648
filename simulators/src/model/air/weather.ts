import type { Calendar } from '../tick.ts';

/** Shanghai: mean of the coldest and the hottest month, and the swing of a day. */
const yearMeanC = 17;
const yearSwingC = 12;
const daySwingC = 3.5;

/** Outdoor air by season and hour, °C. */
export function outdoorC({ dayOfYear, hour }: Calendar): number {
  const season = Math.cos(((dayOfYear - 208) / 365) * 2 * Math.PI);
  const day = Math.cos(((hour - 15) / 24) * 2 * Math.PI);
  return yearMeanC + yearSwingC * season + daySwingC * day;
}

/** Outdoor relative humidity, %. */
export function outdoorRh(calendar: Calendar): number {
  return 72 - 12 * Math.cos(((calendar.hour - 15) / 24) * 2 * Math.PI);
}

/** Sun on the façade, 0..1. */
export function sun({ hour, dayOfYear }: Calendar): number {
  const season = 0.75 + 0.25 * Math.cos(((dayOfYear - 172) / 365) * 2 * Math.PI);
  return Math.max(0, Math.cos(((hour - 12.5) / 13) * Math.PI)) * season;
}
