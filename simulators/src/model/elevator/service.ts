import type { Linkage, Surroundings } from '../surroundings.ts';
import { type Car, type CarService, floorOf, inDoorZone, isAtLobby, isFaulty, isInGroup, machineOf } from './car.ts';
import { boarder, hasRoom, nextStop } from './dispatch.ts';
import { heightOf, lobbyFloor, shaft } from './machine.ts';
import type { Step } from './step.ts';
import { creepMs, retarget, startTrip } from './trip.ts';

/** Of independent service, with goods, and of a drill. */
const errandPauseS = 25;
const parkAfterS = 90;
const stuckFloor = 6;
const stuckPauseS = 3;
const sparingC = 78;

function hasFireInput(car: Car, linkage: Linkage): boolean {
  return linkage.fire || car.condition.recallTest > 0 || car.condition.firefighter > 0;
}

export function orderedService(car: Car, { linkage, onGenerator }: Surroundings): CarService {
  const { firefighter, inspection, cleaning, lockedOff, independent, attendant } = car.condition;
  if (inspection > 0) return 'inspection';
  if (firefighter > 0) return 'firefighter';
  if (hasFireInput(car, linkage)) return 'fire-return';
  if (onGenerator && car.kind === 'passenger') return 'emergency-power';
  if (cleaning > 0 || lockedOff > 0) return 'locked';
  if (independent > 0) return 'independent';
  return attendant > 0 ? 'attendant' : 'group';
}

/** Once a second: who commands the car now. */
export function obey(car: Car, { tick }: Step): void {
  car.fireInput = hasFireInput(car, tick.around.linkage);
  const ordered = orderedService(car, tick.around);
  if (ordered === car.service || car.service === 'levelling') return;
  car.service = ordered;
  car.resting = false;
  if (ordered !== 'fire-return') return;
  if (car.phase === 'open') car.dwellS = 0;
  if (car.phase !== 'moving' || isFaulty(car)) return;
  const way = car.toM > car.fromM ? 1 : -1;
  for (let floor = floorOf(car); floor !== car.targetFloor; floor += way)
    if ((heightOf(floor) - car.positionM) * way > 0 && retarget(car, floor)) return;
}

/** Seconds for which a door stands open. */
export function dwellOf(car: Car): number {
  if (car.service === 'independent') return 45;
  if (car.service === 'firefighter') return 30;
  return car.service === 'attendant' ? 7 : 4;
}

export function staysOpen(car: Car): boolean {
  if (car.service === 'fire-return' || car.service === 'emergency-power') return floorOf(car) === lobbyFloor;
  return car.condition.held > 0 || (car.service === 'locked' && car.condition.cleaning > 0);
}

const leavingServices: ReadonlySet<CarService> = new Set(['inspection', 'locked', 'emergency-power']);

/** People have to leave it here. */
export function isEmptied(car: Car): boolean {
  if (car.service === 'fire-return' || car.service === 'firefighter') return floorOf(car) === lobbyFloor;
  return car.condition.held > 0 || leavingServices.has(car.service);
}

export function opensOnArrival(car: Car): boolean {
  if (car.targetFloor === 0) return false;
  return car.service !== 'fire-return' || floorOf(car) === lobbyFloor;
}

/** What a car at rest with shut doors does next. */
export type Order = 'rest' | 'open' | { floor: number } | { creepToM: number };

export function decide(car: Car, step: Step): Order {
  switch (car.service) {
    case 'group':
    case 'attendant':
      return serveGroup(car, step);
    case 'levelling':
    case 'fire-return':
      return recall(car);
    case 'emergency-power':
      return comeDown(car, step);
    case 'firefighter':
      return car.riders.length > 0 ? recall(car) : runErrand(car, step);
    case 'independent':
      return runErrand(car, step);
    case 'inspection':
      return inspect(car, step);
    case 'locked':
      if (car.riders.length > 0 || car.condition.cleaning > 0) return 'open';
      return isAtLobby(car) ? 'rest' : { floor: lobbyFloor };
  }
}

export function carryOut(car: Car, order: Order): void {
  if (order === 'rest') return;
  if (order === 'open') {
    car.phase = 'opening';
    car.phaseS = 0;
  } else if ('floor' in order) {
    startTrip(car, { toM: heightOf(order.floor), floor: order.floor, speedMs: runSpeed(car) });
  } else startTrip(car, { toM: order.creepToM, floor: 0, speedMs: creepMs });
}

/** A hot drive spares itself. */
function runSpeed(car: Car): number {
  const { ratedSpeedMs } = machineOf(car);
  return car.heatsinkC > sparingC ? 0.6 * ratedSpeedMs : ratedSpeedMs;
}

function recall(car: Car): Order {
  return isAtLobby(car) ? 'open' : { floor: lobbyFloor };
}

/** The generator starts one motor at a time; the goods car alone goes on serving. */
function comeDown(car: Car, step: Step): Order {
  if (isAtLobby(car)) return 'open';
  const isBusy = step.group.cars.some(({ phase, service }) => phase === 'moving' && service === 'emergency-power');
  return isBusy ? 'rest' : { floor: lobbyFloor };
}

function serveGroup(car: Car, step: Step): Order {
  const { waiting, cars } = step.group;
  if (car.condition.held > 0) return 'open';
  if (car.overload) return car.riders.length > 0 ? 'open' : 'rest';
  const next = nextStop(car, waiting);
  car.direction = next.direction;
  const floor = floorOf(car);
  if (car.riders.some(({ to }) => to === floor) || (hasRoom(car) && boarder(car, step))) return 'open';
  if (next.floor !== 0) return { floor: next.floor };
  if (car.condition.buttonStuck > 0) return answerStuckButton(car);
  // One car waits where most people come from.
  if (car.phaseS < parkAfterS || !isInGroup(car) || car.kind === 'goods' || cars.some(isAtLobby)) return 'rest';
  return cars.some(({ targetFloor }) => targetFloor === lobbyFloor) ? 'rest' : { floor: lobbyFloor };
}

/** It calls again as soon as it has been served, and nobody stands there. */
function answerStuckButton(car: Car): Order {
  if (car.phaseS < stuckPauseS / car.condition.buttonStuck) return 'rest';
  return floorOf(car) === stuckFloor && inDoorZone(car) ? 'open' : { floor: stuckFloor };
}

function runErrand(car: Car, step: Step): Order {
  const next = nextStop(car, []);
  car.direction = next.direction;
  if (next.floor !== 0) return { floor: next.floor };
  if (car.riders.length > 0) return 'open';
  if (car.phaseS < errandPauseS) return 'rest';
  const toLobby = car.service === 'firefighter' && !isAtLobby(car);
  const floor = toLobby ? lobbyFloor : 1 + step.random.below(shaft.floors);
  return floor === floorOf(car) ? 'rest' : { floor };
}

/** A technician on the car roof drives it a few metres and works there. */
function inspect(car: Car, step: Step): Order {
  car.direction = 0;
  if (car.riders.length > 0 && inDoorZone(car)) return 'open';
  if (car.phaseS < errandPauseS + 60 * step.random.next()) return 'rest';
  return { creepToM: car.positionM + (step.random.next() - 0.5) * 8 };
}
