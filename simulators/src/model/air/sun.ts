import type { Calendar } from '../tick.ts';

/** Latitude of Shanghai. */
const latitude = (31.2 * Math.PI) / 180;
/** Outward directions of the façades north, east, south, west: azimuth from south, west positive, rad. */
const facades = [Math.PI, -Math.PI / 2, 0, Math.PI / 2] as const;

/** Sunshine on a vertical window of each façade (north, east, south, west), W/m², under a sky covered by `cloud` (0 to 1). */
export function facadeSunW({ hour, dayOfYear }: Calendar, cloud: number): number[] {
  const declination = 0.4093 * Math.sin(((dayOfYear - 81) / 365) * 2 * Math.PI);
  const hourAngle = ((hour - 12) / 24) * 2 * Math.PI;
  const sinAltitude =
    Math.sin(latitude) * Math.sin(declination) + Math.cos(latitude) * Math.cos(declination) * Math.cos(hourAngle);
  if (sinAltitude <= 0.01) return [0, 0, 0, 0];
  const cosAltitude = Math.sqrt(1 - sinAltitude * sinAltitude);
  const azimuth = Math.atan2(
    Math.cos(declination) * Math.sin(hourAngle),
    Math.sin(latitude) * Math.cos(declination) * Math.cos(hourAngle) - Math.cos(latitude) * Math.sin(declination),
  );
  const beamW = 1000 * Math.exp(-0.2 / sinAltitude) * (1 - 0.9 * cloud);
  // Half of the sky and of what the ground throws back is seen by a vertical window.
  const diffuseW = (80 + 180 * cloud * (1 - 0.6 * cloud)) * Math.sqrt(sinAltitude);
  return facades.map((facing) => diffuseW + beamW * cosAltitude * Math.max(0, Math.cos(azimuth - facing)));
}
