import { type Car, floorOf, inDoorZone, isInGroup, machineOf, weighedKg } from './car.ts';
import { fullShare, heightOf, overloadShare } from './machine.ts';
import type { Waiting } from './people.ts';
import type { Step } from './step.ts';

/** What a stop costs: slowing down, doors, people. */
const stopS = 9;
/** What keeps the goods car free for goods while the others can do it. */
const goodsReserveS = 45;
/** After so long the group thinks again. */
const rethinkS = 45;

/** Full cars pass landing calls by. */
export function hasRoom(car: Car): boolean {
  const { ratedLoadKg, capacityPersons } = machineOf(car);
  return weighedKg(car) <= fullShare * ratedLoadKg && car.riders.length < capacityPersons;
}

function wayOf(call: Waiting): -1 | 1 {
  return call.to > call.from ? 1 : -1;
}

/** Whether somebody fits in, as far as he can tell. */
export function fits(car: Car, call: Waiting): boolean {
  if (call.goods && car.kind !== 'goods') return false;
  const { ratedLoadKg, capacityPersons } = machineOf(car);
  if (car.riders.length >= capacityPersons) return false;
  return !call.refused || car.loadKg + call.kg <= overloadShare * ratedLoadKg;
}

/** Seconds until the car could be there: way by way of where it turns, and the stops before it. */
function arrivalS(car: Car, call: Waiting, waiting: readonly Waiting[]): number {
  const fromM = heightOf(call.from);
  let turnM = car.phase === 'moving' ? heightOf(car.targetFloor || floorOf(car)) : car.positionM;
  let stops = 0;
  const extend = (floor: number): void => {
    const atM = heightOf(floor);
    if (car.direction !== 0 && (atM - turnM) * car.direction > 0) turnM = atM;
    stops++;
  };
  let last = 0;
  for (const { to } of car.riders) {
    if (to !== last) extend(to);
    last = to;
  }
  for (const one of waiting) if (one.car === car.id && one.from !== call.from) extend(one.from);
  const isAhead =
    car.direction === 0 || ((fromM - car.positionM) * car.direction >= 0 && wayOf(call) === car.direction);
  const wayM = isAhead ? Math.abs(fromM - car.positionM) : Math.abs(turnM - car.positionM) + Math.abs(turnM - fromM);
  const reserve = car.kind === 'goods' && !call.goods ? goodsReserveS : 0;
  return wayM / machineOf(car).ratedSpeedMs + stops * stopS * (isAhead ? 0.5 : 1) + (hasRoom(car) ? 0 : 60) + reserve;
}

/** Sends a car to those for whom none is on its way, or has been for too long. */
export function dispatch({ group, tick }: Step): void {
  for (let i = 0; i < group.waiting.length; i++) {
    const call = group.waiting[i] as Waiting;
    const waitedS = (tick.nowMs - call.sinceMs) / 1000;
    const sent = call.car === '' ? undefined : group.cars.find(({ id }) => id === call.car);
    const isSent = sent !== undefined && isInGroup(sent) && fits(sent, call);
    if (isSent && (waitedS < rethinkS || Math.round(waitedS) % rethinkS !== 0)) continue;
    let best = '';
    let bestS = Infinity;
    for (const car of group.cars) {
      if (!isInGroup(car) || !fits(car, call)) continue;
      const s = arrivalS(car, call, group.waiting);
      if (s < bestS) [best, bestS] = [car.id, s];
    }
    if (best !== call.car) group.waiting[i] = { ...call, car: best };
  }
}

/** Next landing and the way from there on; floor 0: nothing to do. Collective control: on in the same way while anything is left there. */
export function nextStop(car: Car, waiting: readonly Waiting[]): { floor: number; direction: -1 | 0 | 1 } {
  const takesCalls = isInGroup(car) && hasRoom(car);
  const ways: readonly (-1 | 1)[] = wayFirst(car, takesCalls ? waiting : []) === -1 ? [-1, 1] : [1, -1];
  for (const way of ways) {
    let nearest = 0;
    let furthest = 0;
    const offer = (floor: number, isOnTheWay: boolean): void => {
      if ((heightOf(floor) - car.positionM) * way < 0.5) return;
      if (isOnTheWay && (nearest === 0 || (floor - nearest) * way < 0)) nearest = floor;
      if (furthest === 0 || (floor - furthest) * way > 0) furthest = floor;
    };
    for (const { to } of car.riders) offer(to, true);
    if (takesCalls) for (const call of waiting) if (call.car === car.id) offer(call.from, wayOf(call) === way);
    if (nearest !== 0) return { floor: nearest, direction: way };
    if (furthest !== 0) return { floor: furthest, direction: way };
  }
  return { floor: 0, direction: 0 };
}

/** A car without a direction goes to the nearest first. */
function wayFirst(car: Car, waiting: readonly Waiting[]): -1 | 1 {
  if (car.direction !== 0) return car.direction;
  let bestM = Infinity;
  let way: -1 | 1 = 1;
  for (const call of waiting) {
    const awayM = heightOf(call.from) - car.positionM;
    if (call.car !== car.id || Math.abs(awayM) >= bestM) continue;
    bestM = Math.abs(awayM);
    way = awayM < 0 ? -1 : 1;
  }
  const rider = car.riders[0];
  return rider === undefined ? way : heightOf(rider.to) < car.positionM ? -1 : 1;
}

/** One of those at this landing who would get in now: the way of the car is his, or the car has no way left. */
export function boarder(car: Car, { group }: Step): Waiting | undefined {
  if (!isInGroup(car) || !inDoorZone(car)) return undefined;
  const floor = floorOf(car);
  let found: Waiting | undefined;
  for (const call of group.waiting) {
    if (call.from !== floor || !fits(car, call)) continue;
    if (car.direction === 0 || wayOf(call) === car.direction) return call;
    found ??= call;
  }
  if (found === undefined || car.riders.length > 0) return undefined;
  const next = nextStop(car, group.waiting);
  return next.floor === 0 || next.direction === wayOf(found) ? found : undefined;
}
