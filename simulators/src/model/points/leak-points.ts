import type { LeakSensor } from '../leaks.ts';
import type { PointValues } from './point-values.ts';

export function leakPoints(sensor: LeakSensor): PointValues {
  return {
    'water-leak': sensor.wet,
    battery: sensor.batteryPct,
    'battery-low': sensor.batteryPct < 10,
    'battery-voltage': 2.6 + sensor.batteryPct * 0.0045,
    tamper: false,
    'link-quality': 134,
  };
}
