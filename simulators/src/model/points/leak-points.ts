import type { LeakSensor } from '../drainage/leaks.ts';
import type { PointValues } from './point-values.ts';

/** Cell voltage and the sensor's own verdict follow what is left of the battery. */
export function leakPoints(sensor: LeakSensor): PointValues {
  return {
    'water-leak': sensor.wet,
    battery: sensor.leftPct,
    'battery-low': sensor.leftPct < 10,
    'battery-voltage': 2.6 + sensor.leftPct * 0.0045,
    tamper: false,
    'link-quality': 134,
  };
}
