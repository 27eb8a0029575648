import type { Random } from '../random.ts';
import { type Car, machineOf } from './car.ts';
import { balance, gravityMs2, heightOf, topM } from './machine.ts';
import { brakingM, courseAt, cruiseEndS } from './profile.ts';

/** Deceleration of a stop by the brake with a balanced car. */
const brakeMs2 = 2;
/** Safety gear grips harder than any brake. */
const gearMs2 = 6;
export const creepMs = 0.3;

/** Sets the car in motion; the landing is 0 when it goes somewhere else. */
export function startTrip(car: Car, goal: { toM: number; floor: number; speedMs: number }): void {
  car.fromM = car.positionM;
  car.toM = Math.max(0, Math.min(topM, goal.toM));
  car.targetFloor = goal.floor;
  car.tripS = 0;
  car.tripSpeedMs = goal.speedMs;
  car.phase = 'moving';
  car.phaseS = 0;
  car.resting = false;
  car.starts++;
}

/** Goes on with the run; true: it has come to rest at its end. */
export function advanceTrip(car: Car, dtS: number): boolean {
  const way = Math.abs(car.toM - car.fromM);
  const sign = Math.sign(car.toM - car.fromM);
  car.tripS += dtS;
  const course = courseAt(way, car.tripS, { ratedMs: car.tripSpeedMs, limits: machineOf(car) });
  car.positionM = car.fromM + sign * course.wayM;
  car.velocityMs = signed(sign, course.speedMs);
  car.accelerationMs2 = signed(sign, course.accelerationMs2);
  return course.speedMs === 0;
}

/** Never -0, which a saved state would not keep. */
function signed(sign: number, value: number): number {
  return value === 0 ? 0 : sign * value;
}

/** Stops at a nearer landing instead, if the run has not begun to slow down for it; false: too late. */
export function retarget(car: Car, floor: number): boolean {
  const machine = machineOf(car);
  const wayM = (heightOf(floor) - car.fromM) * Math.sign(car.toM - car.fromM);
  // Up to where it slows down a run is the same for every distance that reaches its speed.
  if (wayM < 2 * brakingM(car.tripSpeedMs, machine)) return false;
  if (car.tripS >= cruiseEndS(wayM, car.tripSpeedMs, machine)) return false;
  car.toM = heightOf(floor);
  car.targetFloor = floor;
  return true;
}

/** Where the run ends in truth: the encoder does not see the rope creep over the sheave, nor a vane out of place. */
export function settle(car: Car, random: Random): void {
  const { tractionWear, levellingDrift } = car.condition;
  const wayM = Math.abs(car.toM - car.fromM);
  const isCreep = car.tripSpeedMs <= creepMs;
  let errorM = 0.003 * random.normal();
  if (levellingDrift > 0) errorM += levellingDrift * 0.06 * (1 + 0.1 * random.normal());
  // Worn grooves: up to 1 % of the way, more with an unbalanced car.
  if (tractionWear > 0 && !isCreep) errorM += tractionWear * 0.01 * wayM * (0.5 + unbalanceShare(car));
  car.positionErrorM = errorM;
  car.positionM = Math.max(0, Math.min(topM, car.positionM - errorM));
  car.velocityMs = 0;
  car.accelerationMs2 = 0;
}

/** Load against counterweight, 0 balanced to 1 as with the rated load. */
function unbalanceShare(car: Car): number {
  return Math.abs(car.loadKg / machineOf(car).ratedLoadKg - balance) / (1 - balance);
}

/** Without drive: the brake, or the safety gear, takes the speed. */
export function brake(car: Car, dtS: number): void {
  if (car.velocityMs === 0) return;
  const { chainOpen, governorWear, brakeWear } = car.condition;
  const machine = machineOf(car);
  const isGear = governorWear > 0 && chainOpen === 0 && car.velocityMs < 0;
  const pull = ((car.loadKg - balance * machine.ratedLoadKg) * gravityMs2) / machine.movingMassKg;
  const hold = isGear ? gearMs2 : brakeMs2 * (1 - 0.8 * brakeWear);
  const speed = Math.abs(car.velocityMs);
  const sign = Math.sign(car.velocityMs);
  const slow = Math.max(0.3, hold + pull * sign);
  const after = Math.max(0, speed - slow * dtS);
  const position = car.positionM + (sign * (speed + after) * dtS) / 2;
  car.accelerationMs2 = -sign * slow;
  car.positionM = Math.max(0, Math.min(topM, position));
  // Buffers end what the brake cannot.
  car.velocityMs = car.positionM === position ? signed(sign, after) : 0;
  if (car.velocityMs === 0) car.accelerationMs2 = 0;
}
