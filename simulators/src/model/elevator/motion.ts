import { type Car, heightOf, shaft } from './car.ts';

/** One step towards the target landing on a trapezoidal speed profile; never past it. Arrived: at rest on it, target cleared. */
export function drive(car: Car, dtS: number): Car {
  const goalM = heightOf(car.targetFloor);
  const distanceM = goalM - car.positionM;
  const away = Math.abs(distanceM);
  const sign = Math.sign(distanceM);
  const speed = Math.min(
    Math.abs(car.velocityMs) + shaft.accelerationMs2 * dtS,
    shaft.ratedSpeedMs,
    Math.sqrt(2 * shaft.accelerationMs2 * away),
  );
  if (away <= speed * dtS || away < 0.005) {
    return { ...car, positionM: goalM, velocityMs: 0, phase: 'opening', phaseS: 0, targetFloor: 0 };
  }
  return { ...car, positionM: car.positionM + sign * speed * dtS, velocityMs: sign * speed };
}

/** Distance in which it can still stop in comfort. */
export function brakingM(car: Car): number {
  return (car.velocityMs * car.velocityMs) / (2 * shaft.accelerationMs2);
}

const standbyW = 350;
const doorMotorW = 220;
const movingMassKg = 3200;
const frictionN = 650;
/** The counterweight balances the car with 45 % of the rated load. */
const balance = 0.45;

/** Power, current, heat and counters of a step that took the car from `before` to `after`. Braking energy goes to the resistor. */
export function electrics(before: Car, after: Car, dtS: number): Car {
  const speed = Math.abs(after.velocityMs);
  const acceleration = (Math.abs(after.velocityMs) - Math.abs(before.velocityMs)) / dtS;
  const unbalanceKg = (after.riders.length / shaft.capacityPersons - balance) * shaft.ratedLoadKg;
  const mechanicalW =
    unbalanceKg * 9.81 * after.velocityMs + movingMassKg * Math.max(0, acceleration) * speed + frictionN * speed;
  const doorW = after.phase === 'opening' || after.phase === 'closing' ? doorMotorW : 0;
  const motorW = speed > 0 ? Math.max(0, mechanicalW) / 0.82 + 500 : 0;
  const powerW = standbyW + doorW + motorW;
  const warmGoal = 31 + motorW / 450;
  return {
    ...after,
    powerW,
    currentA: speed > 0 ? 4 + motorW / (Math.sqrt(3) * 400 * 0.82) : 0,
    energyKwh: after.energyKwh + (powerW * dtS) / 3_600_000,
    heatsinkC: warmGoal + (after.heatsinkC - warmGoal) * Math.exp(-dtS / 420),
    runS: after.runS + (speed > 0 ? dtS : 0),
  };
}
