import { type Car, isInGroup, machineOf, weighedKg } from './car.ts';
import { conditionOf } from './condition.ts';
import { hasRoom, nextStop } from './dispatch.ts';
import { closeDoor, isBlocked, openDoor, releasePeople, standOpen } from './doors.ts';
import { electrics } from './electrics.ts';
import { heightOf, overloadShare } from './machine.ts';
import { checkLevel, protect, recover } from './protection.ts';
import { carryOut, decide, obey, opensOnArrival, orderedService, staysOpen } from './service.ts';
import type { Step } from './step.ts';
import { advanceTrip, brake, retarget, settle } from './trip.ts';

/** One step of a car, in place; `place` is its number in the group, from 0. */
export function stepCar(car: Car, step: Step, place: number): void {
  car.phaseS += step.dtS;
  if (step.isSecond) everySecond(car, step);
  protect(car, step);
  move(car, step, place);
  step.group.room.heatJ += electrics(car, step, step.group.room.temperatureC);
  if (step.isSecond) car.resting = canRest(car);
}

function everySecond(car: Car, step: Step): void {
  car.condition = conditionOf(car.id, car.condition, step.tick);
  obey(car, step);
  if (car.phase !== 'open') {
    car.curtain = isBlocked(car, step);
    if (car.phase !== 'moving') car.overload = weighedKg(car) > overloadShare * machineOf(car).ratedLoadKg;
  }
  car.blockedS = car.curtain ? car.blockedS + 1 : 0;
  const isShut = car.door < 1 && car.phase === 'halted' && car.velocityMs === 0;
  car.trappedS = isShut && car.riders.length > 0 ? car.trappedS + 1 : 0;
}

function move(car: Car, step: Step, place: number): void {
  switch (car.phase) {
    case 'idle':
      if (step.isSecond) carryOut(car, decide(car, step));
      break;
    case 'moving':
      run(car, step);
      break;
    case 'opening':
      openDoor(car, step);
      break;
    case 'open':
      standOpen(car, step);
      break;
    case 'closing':
      closeDoor(car, step);
      break;
    case 'halted':
      brake(car, step.dtS);
      if (car.velocityMs === 0) releasePeople(car, step);
      recover(car, step, place);
  }
}

function run(car: Car, step: Step): void {
  if (step.isSecond && isInGroup(car) && hasRoom(car)) takeOnTheWay(car, step);
  if (!advanceTrip(car, step.dtS)) return;
  const goal = car.targetFloor;
  car.phaseS = 0;
  settle(car, step.random);
  if (car.service === 'levelling') car.service = orderedService(car, step.tick.around);
  car.phase = opensOnArrival(car) ? 'opening' : 'idle';
  car.targetFloor = 0;
  if (goal !== 0) checkLevel(car);
}

/** A call on the way is taken if the car can still stop for it in comfort. */
function takeOnTheWay(car: Car, step: Step): void {
  if (car.targetFloor === 0) return;
  const { floor, direction } = nextStop(car, step.group.waiting);
  const way = Math.sign(car.toM - car.positionM);
  if (floor === 0 || direction !== way || floor === car.targetFloor) return;
  if ((heightOf(floor) - heightOf(car.targetFloor)) * way < 0) retarget(car, floor);
}

/** Stands open at the main floor until it is let go. */
function isCalledDown({ service }: Car): boolean {
  return service === 'fire-return' || service === 'emergency-power';
}

/** Nothing happens to it until somebody calls: once a second is often enough. */
function canRest(car: Car): boolean {
  if (car.phase === 'idle') return car.velocityMs === 0;
  if (car.riders.length > 0 || car.velocityMs !== 0) return false;
  return car.phase === 'halted' || (car.phase === 'open' && isCalledDown(car) && staysOpen(car));
}
