import type { Tick } from '../tick.ts';

/** A leak sensor and the floor right around it. */
export interface LeakSensor {
  id: string;
  wet: boolean;
  /** Of a fresh battery, %. */
  batteryPct: number;
  /** What is left to be read, %. */
  leftPct: number;
  /** Around the sensor, litres on one square metre. */
  puddleL: number;
}

export interface Leaks {
  sensors: LeakSensor[];
}

/** Feet of the sensor stand in water from one millimetre on, and are dry when only a film is left. */
const wetMm = 1;
const dryMm = 0.4;
/** A leak at full severity, L/s. */
const leakLPerS = 0.2;
/** The puddle runs off to lower places. */
const runOffS = 120;
const dryingLPerS = 0.4 / 3600;
/** A coin cell lasts about two years. */
const batteryPctPerS = 100 / (2 * 365 * 86_400);

export function newLeaks(ids: readonly string[]): Leaks {
  return {
    sensors: ids.map((id, i) => ({ id, wet: false, batteryPct: 92 - 3 * i, leftPct: 92 - 3 * i, puddleL: 0 })),
  };
}

/** `floor`: the sensor on a floor that the model knows, and how deep the water stands there. */
export function stepLeaks(leaks: Leaks, tick: Tick, floor: { sensor: string; depthM: number }): Leaks {
  return {
    sensors: leaks.sensors.map((sensor) => stepSensor(sensor, tick, sensor.id === floor.sensor ? floor.depthM : 0)),
  };
}

function stepSensor(sensor: LeakSensor, tick: Tick, depthM: number): LeakSensor {
  const { dtS } = tick;
  const leaking = leakLPerS * tick.fault(sensor.id, 'water-leak');
  const puddleL = Math.max(0, (sensor.puddleL + leaking * dtS) * Math.exp(-dtS / runOffS) - dryingLPerS * dtS);
  const mm = puddleL + depthM * 1000;
  const batteryPct = Math.max(0, sensor.batteryPct - batteryPctPerS * dtS);
  return {
    ...sensor,
    puddleL,
    wet: sensor.wet ? mm > dryMm : mm >= wetMm,
    batteryPct,
    leftPct: batteryPct * (1 - 0.95 * tick.fault(sensor.id, 'battery-drained')),
  };
}
