import type { Machine } from './machine.ts';

/** Where a run is: metres from its start, speed and acceleration along it. */
export interface Course {
  wayM: number;
  speedMs: number;
  accelerationMs2: number;
}

export type Limits = Pick<Machine, 'accelerationMs2' | 'jerkMs3'>;

/** Seconds that it takes from rest to a speed; as long again to rest. */
function rampS(speedMs: number, { accelerationMs2: a, jerkMs3: j }: Limits): number {
  return speedMs >= (a * a) / j ? speedMs / a + a / j : 2 * Math.sqrt(speedMs / j);
}

/** Metres in which a car of this speed comes to rest in comfort. */
export function brakingM(speedMs: number, limits: Limits): number {
  return (speedMs * rampS(speedMs, limits)) / 2;
}

/** Highest speed of a run from rest to rest. */
function peakSpeed(distanceM: number, ratedMs: number, limits: Limits): number {
  const { accelerationMs2: a, jerkMs3: j } = limits;
  if (2 * brakingM(ratedMs, limits) <= distanceM) return ratedMs;
  const corner = (a * a) / j;
  const withPlateau = (-corner + Math.sqrt(corner * corner + 4 * a * distanceM)) / 2;
  return withPlateau >= corner ? withPlateau : Math.cbrt((distanceM * distanceM * j) / 4);
}

export function runS(distanceM: number, ratedMs: number, limits: Limits): number {
  if (distanceM <= 0) return 0;
  const peak = peakSpeed(distanceM, ratedMs, limits);
  const ramp = rampS(peak, limits);
  return 2 * ramp + (distanceM - peak * ramp) / peak;
}

/** Seconds after which the run begins to slow down. */
export function cruiseEndS(distanceM: number, ratedMs: number, limits: Limits): number {
  const peak = peakSpeed(distanceM, ratedMs, limits);
  const ramp = rampS(peak, limits);
  return ramp + (distanceM - peak * ramp) / peak;
}

/** A run from rest to rest with limited jerk, `atS` after its start. Pure; beyond its end it rests there. */
export function courseAt(distanceM: number, atS: number, run: { ratedMs: number; limits: Limits }): Course {
  const { limits } = run;
  const peak = peakSpeed(distanceM, run.ratedMs, limits);
  const ramp = rampS(peak, limits);
  const totalS = 2 * ramp + (distanceM - peak * ramp) / peak;
  if (distanceM <= 0 || atS >= totalS) return { wayM: Math.max(0, distanceM), speedMs: 0, accelerationMs2: 0 };
  if (atS < ramp) return rising(peak, atS, limits);
  if (atS <= totalS - ramp) return { wayM: (peak * ramp) / 2 + peak * (atS - ramp), speedMs: peak, accelerationMs2: 0 };
  const back = rising(peak, totalS - atS, limits);
  return { wayM: distanceM - back.wayM, speedMs: back.speedMs, accelerationMs2: -back.accelerationMs2 };
}

/** From rest to the peak speed: jerk, plateau, jerk back. */
function rising(peakMs: number, t: number, limits: Limits): Course {
  const { jerkMs3: j } = limits;
  const ramp = rampS(peakMs, limits);
  const jerkS = Math.min(limits.accelerationMs2 / j, ramp / 2);
  const a = j * jerkS;
  if (t <= jerkS) return { wayM: (j * t ** 3) / 6, speedMs: (j * t * t) / 2, accelerationMs2: j * t };
  const speed1 = (a * jerkS) / 2;
  const way1 = (j * jerkS ** 3) / 6;
  if (t <= ramp - jerkS) {
    const s = t - jerkS;
    return { wayM: way1 + speed1 * s + (a * s * s) / 2, speedMs: speed1 + a * s, accelerationMs2: a };
  }
  const left = ramp - t;
  return {
    wayM: (peakMs * ramp) / 2 - peakMs * left + (j * left ** 3) / 6,
    speedMs: peakMs - (j * left * left) / 2,
    accelerationMs2: j * left,
  };
}
