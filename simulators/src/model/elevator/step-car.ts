import type { Tick } from '../tick.ts';
import { atLanding, type Car, doorTimes, faultCodes, floorOf, heightOf, shaft } from './car.ts';
import type { Waiting } from './group.ts';
import { brakingM, drive, electrics } from './motion.ts';

export interface CarStep {
  car: Car;
  waiting: Waiting[];
}

/** Attempts to close against an obstacle before the controller gives up with E49. */
const attemptsBeforeFault = 3;

export function stepCar(before: Car, waiting: Waiting[], tick: Tick): CarStep {
  const withFault = applyFaults({ ...before, phaseS: before.phaseS + tick.dtS }, tick);
  const step = withFault.faultCode === faultCodes.none ? serve(withFault, waiting, tick) : { car: withFault, waiting };
  return { car: electrics(before, step.car, tick.dtS), waiting: step.waiting };
}

function applyFaults(car: Car, tick: Tick): Car {
  const obstructed = tick.fault(car.id, 'door-obstruction') > 0;
  if (tick.fault(car.id, 'safety-circuit') > 0) return halt({ ...car, obstructed }, faultCodes.safetyCircuit);
  // The lock is seen open only while the doors should be shut.
  if (tick.fault(car.id, 'door-lock') > 0 && (car.door === 0 || car.faultCode === faultCodes.doorLock))
    return halt({ ...car, obstructed }, faultCodes.doorLock);
  if (obstructed && car.reopened >= attemptsBeforeFault)
    return halt({ ...car, obstructed, door: 1 }, faultCodes.doorClose);
  if (car.faultCode === faultCodes.none) return { ...car, obstructed };
  return recovered({ ...car, obstructed });
}

function halt(car: Car, faultCode: number): Car {
  return { ...car, faultCode, lastFaultCode: faultCode, phase: 'stopped', velocityMs: 0, targetFloor: 0, direction: 0 };
}

/** The fault is gone: doors finish what they began, or the car levels at the nearest landing. */
function recovered(car: Car): Car {
  const rest = { ...car, faultCode: faultCodes.none, reopened: 0, phaseS: 0, velocityMs: 0 };
  if (car.door > 0) return { ...rest, phase: 'opening' };
  if (atLanding(car)) return { ...rest, phase: 'opening' };
  return { ...rest, phase: 'moving', targetFloor: floorOf(car) };
}

function serve(car: Car, waiting: Waiting[], tick: Tick): CarStep {
  switch (car.phase) {
    case 'stopped':
    case 'idle':
      return { car: depart(car, waiting), waiting };
    case 'moving':
      return { car: drive(retarget(car, waiting), tick.dtS), waiting };
    case 'opening': {
      const door = Math.min(1, car.door + tick.dtS / doorTimes.openingS);
      if (door < 1) return { car: { ...car, door }, waiting };
      return exchange({ ...car, door, phase: 'open', phaseS: 0 }, waiting);
    }
    case 'open': {
      const step = exchange(car, waiting);
      if (step.car.phaseS < doorTimes.holdS) return step;
      return { ...step, car: { ...step.car, phase: 'closing', phaseS: 0 } };
    }
    case 'closing':
      return { car: close(car, tick), waiting };
  }
}

function close(car: Car, tick: Tick): Car {
  const door = Math.max(0, car.door - tick.dtS / doorTimes.closingS);
  if (car.obstructed && door < 0.5) return { ...car, door, phase: 'opening', phaseS: 0, reopened: car.reopened + 1 };
  if (door > 0) return { ...car, door };
  return { ...car, door, phase: 'idle', phaseS: 0, reopened: 0, doorCycles: car.doorCycles + 1 };
}

/** Riders leave, then people enter while there is room; whoever moved holds the door a little longer. */
function exchange(car: Car, waiting: Waiting[]): CarStep {
  const floor = floorOf(car);
  const staying = car.riders.filter((to) => to !== floor);
  const entering: Waiting[] = [];
  for (const call of waiting) {
    if (call.car !== car.id || call.from !== floor) continue;
    if (staying.length + entering.length < shaft.capacityPersons) entering.push(call);
  }
  if (entering.length === 0 && staying.length === car.riders.length) return { car, waiting };
  return {
    car: { ...car, riders: [...staying, ...entering.map((call) => call.to)], phaseS: 0 },
    waiting: entering.length === 0 ? waiting : waiting.filter((call) => !entering.includes(call)),
  };
}

function stopsOf(car: Car, waiting: readonly Waiting[]): Set<number> {
  const stops = new Set(car.riders);
  if (car.riders.length < shaft.capacityPersons)
    for (const call of waiting) if (call.car === car.id) stops.add(call.from);
  return stops;
}

/** Collective control: on in the same direction while anything is left there, else turn. */
function nextStop(car: Car, stops: ReadonlySet<number>): { floor: number; direction: -1 | 0 | 1 } {
  const sorted = [...stops].sort(
    (a, b) => Math.abs(heightOf(a) - car.positionM) - Math.abs(heightOf(b) - car.positionM),
  );
  const along = (sign: number): number | undefined =>
    sorted.find((f) => Math.sign(heightOf(f) - car.positionM) === sign && Math.abs(heightOf(f) - car.positionM) > 0.01);
  const preferred = car.direction === -1 ? ([-1, 1] as const) : ([1, -1] as const);
  for (const sign of preferred) {
    const floor = along(sign);
    if (floor !== undefined) return { floor, direction: sign };
  }
  return { floor: 0, direction: 0 };
}

function depart(car: Car, waiting: readonly Waiting[]): Car {
  const stops = stopsOf(car, waiting);
  if (stops.has(floorOf(car)) && atLanding(car)) return { ...car, phase: 'opening', phaseS: 0 };
  const { floor, direction } = nextStop(car, stops);
  if (floor === 0) return car.direction === 0 && car.phase === 'idle' ? car : { ...car, phase: 'idle', direction: 0 };
  return { ...car, phase: 'moving', phaseS: 0, targetFloor: floor, direction, starts: car.starts + 1 };
}

/** A call on the way is taken if the car can still stop for it in comfort. */
function retarget(car: Car, waiting: readonly Waiting[]): Car {
  const goal = heightOf(car.targetFloor);
  const sign = Math.sign(goal - car.positionM);
  let best = car.targetFloor;
  for (const stop of stopsOf(car, waiting)) {
    const away = (heightOf(stop) - car.positionM) * sign;
    if (away > brakingM(car) + 0.2 && away < Math.abs(heightOf(best) - car.positionM)) best = stop;
  }
  return best === car.targetFloor ? car : { ...car, targetFloor: best };
}
