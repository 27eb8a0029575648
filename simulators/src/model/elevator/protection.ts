import { type Car, floorOf, inDoorZone, machineOf } from './car.ts';
import { fail } from './fail.ts';
import { faultCodes, stopOf } from './fault-codes.ts';
import { balance, doorZoneM, heightOf } from './machine.ts';
import { orderedService } from './service.ts';
import type { Step } from './step.ts';
import { creepMs, startTrip } from './trip.ts';

/** A phase below half is lost; all of them below 80 % are too little (GB/T 12325 allows ±7 % of three phases). */
const phaseLost = 0.5;
const undervoltage = 0.8;
/** Trips of the drive, and where it lets itself be started again. */
const heatsinkTripC = 85;
const heatsinkResetC = 65;
const motorTrip = 0.42;
const motorReset = 0.25;
/** The bus cannot hold what braking gives back without its resistor. */
const overvoltageV = 760;
/** At rest before the controller tries again, and how much later each car of the group starts when the supply is back. */
const retryS = 5;
const staggerS = 12;
const levelToleranceM = 0.035;

/** Looks for what must stop the car; the first that is found is told. */
export function protect(car: Car, step: Step): void {
  const code = found(car, step);
  if (code === faultCodes.none) return;
  const isHeld = car.faultCode !== faultCodes.none && stopOf(car.faultCode) === 'now';
  if (!isHeld || code === faultCodes.safetyCircuit) fail(car, code);
}

function found(car: Car, step: Step): number {
  const { condition } = car;
  if (step.supply < phaseLost) return step.supplyMean < phaseLost ? faultCodes.undervoltage : faultCodes.inputPhase;
  if (step.supply < undervoltage) return faultCodes.undervoltage;
  if (condition.chainOpen > 0) return faultCodes.safetyCircuit;
  const isMoving = car.phase === 'moving';
  if (isMoving) {
    const run = inMotion(car, step);
    if (run !== faultCodes.none) return run;
  } else if (slips(car)) return faultCodes.unintendedMovement;
  if (condition.lockOpen > 0 && car.door === 0)
    return isMoving || car.faultCode === faultCodes.lockWhileRunning
      ? faultCodes.lockWhileRunning
      : faultCodes.doorLock;
  if (car.heatsinkC >= heatsinkTripC) return faultCodes.moduleOverheat;
  if (car.motorHeat >= motorTrip) return faultCodes.motorOverload;
  return condition.busLoss > 0 ? faultCodes.carBus : faultCodes.none;
}

function inMotion(car: Car, { dtS, random }: Step): number {
  const { governorWear, encoder, lockWear, brakeStuck, resistorOpen } = car.condition;
  const { ratedSpeedMs } = machineOf(car);
  // A sound governor lets 115 % pass (GB/T 7588.1); a worn one grips earlier, downwards.
  if (governorWear > 0 && -car.velocityMs > (1.15 - 0.3 * governorWear) * ratedSpeedMs) return faultCodes.safetyCircuit;
  if (encoder > 0 && (encoder >= 1 || random.next() < 0.02 * encoder * dtS)) return faultCodes.encoder;
  if (lockWear > 0 && random.next() < 0.01 * lockWear * lockWear * dtS) return faultCodes.lockWhileRunning;
  if (brakeStuck > 0 && car.tripS >= 2) return faultCodes.brakeFeedback;
  if (resistorOpen > 0 && car.busV > overvoltageV)
    return car.accelerationMs2 * car.velocityMs < 0
      ? faultCodes.overvoltageDecelerating
      : faultCodes.overvoltageRunning;
  return faultCodes.none;
}

/** The brake no longer holds what car and counterweight differ by. */
function slips(car: Car): boolean {
  const { brakeWear } = car.condition;
  if (brakeWear === 0 || car.phase === 'halted') return false;
  const { ratedLoadKg } = machineOf(car);
  // New: 125 % of the rated load beside the counterweight (GB/T 7588.1), with reserve.
  const holdsKg = 1.4 * ratedLoadKg * (1 - brakeWear);
  return Math.abs(car.loadKg - balance * ratedLoadKg) > holdsKg;
}

/** After a run: does it stand where it should? */
export function checkLevel(car: Car): void {
  const offM = Math.abs(car.positionM - heightOf(floorOf(car)));
  if (offM > doorZoneM) fail(car, faultCodes.position);
  else if (offM > levelToleranceM) fail(car, faultCodes.levelling);
  else if (car.faultCode === faultCodes.levelling) car.faultCode = faultCodes.none;
}

function isGone(car: Car, step: Step): boolean {
  const { condition, faultCode } = car;
  switch (faultCode) {
    case faultCodes.inputPhase:
    case faultCodes.undervoltage:
      return step.supply >= undervoltage;
    case faultCodes.safetyCircuit:
      return condition.chainOpen === 0 && condition.governorWear === 0;
    case faultCodes.lockWhileRunning:
    case faultCodes.doorLock:
      return condition.lockOpen === 0;
    case faultCodes.doorClose:
      return condition.obstruction === 0 && condition.doorWear < 0.8;
    case faultCodes.doorOpen:
      return condition.doorWear < 0.8;
    case faultCodes.encoder:
      return condition.encoder === 0;
    case faultCodes.motorOverload:
      return car.motorHeat < motorReset;
    case faultCodes.moduleOverheat:
      return car.heatsinkC < heatsinkResetC;
    case faultCodes.brakeFeedback:
      return condition.brakeStuck === 0;
    case faultCodes.unintendedMovement:
      return condition.brakeWear === 0;
    case faultCodes.overvoltageRunning:
    case faultCodes.overvoltageDecelerating:
      return condition.resistorOpen === 0;
    case faultCodes.carBus:
      return condition.busLoss === 0;
    default:
      return true;
  }
}

/** Held by a fault: once its cause is gone the car levels at the nearest landing and opens. */
export function recover(car: Car, step: Step, place: number): void {
  if (car.velocityMs !== 0) return;
  if (!isGone(car, step)) {
    car.clearedS = 0;
    return;
  }
  car.clearedS += step.dtS;
  const isSupply = car.faultCode === faultCodes.inputPhase || car.faultCode === faultCodes.undervoltage;
  if (car.clearedS < retryS + (isSupply ? place * staggerS : 0)) return;
  car.faultCode = faultCodes.none;
  car.clearedS = 0;
  car.reopened = 0;
  car.phaseS = 0;
  car.resting = false;
  if (inDoorZone(car) || car.door > 0) {
    car.phase = car.door === 1 ? 'open' : 'opening';
    car.dwellS = retryS;
    car.service = orderedService(car, step.tick.around);
    return;
  }
  car.service = 'levelling';
  const floor = floorOf(car);
  startTrip(car, { toM: heightOf(floor), floor, speedMs: creepMs });
}
