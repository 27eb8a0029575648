import type { Tick } from './tick.ts';

export interface LeakSensor {
  id: string;
  wet: boolean;
  batteryPct: number;
}

export interface Leaks {
  sensors: LeakSensor[];
}

export function newLeaks(ids: readonly string[]): Leaks {
  return { sensors: ids.map((id, i) => ({ id, wet: false, batteryPct: 92 - 3 * i })) };
}

/** Water takes its time to reach the contacts: half of a full leak wets them. */
export function stepLeaks(leaks: Leaks, tick: Tick): Leaks {
  return { sensors: leaks.sensors.map((sensor) => ({ ...sensor, wet: tick.fault(sensor.id, 'water-leak') >= 0.5 })) };
}
