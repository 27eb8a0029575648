import { type Car, inDoorZone, isFaulty, isInGroup, machineOf, weighedKg } from './car.ts';
import { boarder, hasRoom } from './dispatch.ts';
import { fail } from './fail.ts';
import { faultCodes } from './fault-codes.ts';
import { overloadShare } from './machine.ts';
import { letOut, putOut, takeIn } from './people.ts';
import { dwellOf, isEmptied, staysOpen } from './service.ts';
import type { Step } from './step.ts';

/** A person needs so long through the door. */
const passingS = 2;
/** With the light curtain blocked for so long the door closes slowly, with the buzzer (GB/T 7588.1). */
const nudgeAfterS = 25;
/** A door that has not got there in this time has failed; the controller tries three times to close. */
const doorTimeS = 10;
const closingAttempts = 3;
/** Where the panels meet an obstacle. */
const obstacleAt = 0.35;

/** What is left of the door's speed. */
function doorSpeed(car: Car): number {
  return 1 - 0.85 * car.condition.doorWear;
}

export function openDoor(car: Car, step: Step): void {
  car.door = Math.min(1, car.door + (step.dtS * doorSpeed(car)) / machineOf(car).door.openingS);
  if (car.door === 1) {
    car.phase = 'open';
    car.phaseS = 0;
    car.dwellS = dwellOf(car);
  } else if (car.phaseS > doorTimeS) fail(car, faultCodes.doorOpen);
}

export function standOpen(car: Car, step: Step): void {
  if (isFaulty(car)) {
    car.phase = 'halted';
    return;
  }
  if (step.isSecond) exchange(car, step);
  car.dwellS -= step.dtS;
  if (staysOpen(car) || car.overload) car.dwellS = Math.max(car.dwellS, passingS);
  else if (car.curtain && car.blockedS > nudgeAfterS) car.nudging = true;
  else if (car.curtain) car.dwellS = Math.max(car.dwellS, 1);
  if (car.dwellS > 0) return;
  car.phase = 'closing';
  car.phaseS = 0;
}

export function closeDoor(car: Car, step: Step): void {
  const before = car.door;
  const speed = doorSpeed(car) * (car.nudging ? 0.5 : 1);
  car.door = Math.max(0, before - (step.dtS * speed) / machineOf(car).door.closingS);
  if (isCalledBack(car, before, step)) reopen(car);
  else if (car.condition.obstruction > 0 && car.door < obstacleAt) failedAttempt(car, faultCodes.doorClose);
  else if (car.phaseS > doorTimeS * (car.nudging ? 2 : 1)) failedAttempt(car, faultCodes.doorClose);
  else if (car.door === 0) lock(car, step);
}

/** Light curtain, the hold button, a late passenger, or a stiff door that meets its own force limit half-way. */
function isCalledBack(car: Car, before: number, step: Step): boolean {
  if (staysOpen(car) || (car.curtain && !car.nudging && car.door > 0.1)) return true;
  const stiff = car.condition.doorWear - 0.3;
  if (stiff > 0 && before > 0.5 && car.door <= 0.5 && step.random.next() < 0.6 * stiff) return true;
  return step.isSecond && car.door > 0.3 && hasRoom(car) && boarder(car, step) !== undefined;
}

function lock(car: Car, step: Step): void {
  const { lockOpen, lockWear } = car.condition;
  if (lockOpen > 0) fail(car, faultCodes.doorLock);
  else if (lockWear > 0 && step.random.next() < 0.35 * lockWear) failedAttempt(car, faultCodes.doorLock);
  else {
    car.phase = 'idle';
    car.phaseS = 0;
    car.nudging = false;
    car.reopened = 0;
    car.doorCycles++;
  }
}

function reopen(car: Car): void {
  car.phase = 'opening';
  car.phaseS = 0;
  car.reopenings++;
}

function failedAttempt(car: Car, code: number): void {
  reopen(car);
  car.reopened++;
  if (car.reopened < closingAttempts) return;
  car.reopened = 0;
  fail(car, code);
}

/** A fault holds it at a landing: whoever is inside pushes the door open and goes. */
export function releasePeople(car: Car, step: Step): void {
  if (!inDoorZone(car) || car.riders.length === 0) return;
  car.door = Math.min(1, car.door + step.dtS / (2 * machineOf(car).door.openingS));
  if (step.isSecond && car.door === 1) putOut(car, step);
}

/** A second at an open door: one person gets out or in. */
function exchange(car: Car, step: Step): void {
  const { ratedLoadKg } = machineOf(car);
  car.overload = weighedKg(car) > overloadShare * ratedLoadKg;
  const passes = car.overload
    ? Math.round(car.phaseS) % 4 === 3 && putOut(car, step, true)
    : letOut(car, step) || (isEmptied(car) && putOut(car, step)) || enter(car, step);
  if (passes) car.dwellS = Math.max(car.dwellS, passingS);
  car.curtain = passes || isBlocked(car, step);
}

function enter(car: Car, step: Step): boolean {
  const who = isInGroup(car) ? boarder(car, step) : undefined;
  if (who === undefined) return false;
  if (car.riders.length === 0 || car.direction === 0) car.direction = who.to > who.from ? 1 : -1;
  takeIn(car, who, step);
  return true;
}

/** Goods in the door, an obstacle, or dirt on the optics. */
export function isBlocked(car: Car, { random }: Step): boolean {
  const { obstruction, curtainDirt, held, independent, cleaning } = car.condition;
  if (curtainDirt >= 0.9 || (obstruction > 0 && car.door > obstacleAt)) return true;
  if (curtainDirt > 0 && random.next() < 0.5 * curtainDirt) return true;
  const works = held > 0 || independent > 0 || cleaning > 0;
  return works && car.door === 1 && random.next() < 0.4;
}
