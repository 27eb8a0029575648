import { Random, seedFor } from '../random.ts';
import { byHour, type Calendar, type Tick } from '../tick.ts';
import { type Car, faultCodes, heightOf, newCar, shaft } from './car.ts';
import { stepCar } from './step-car.ts';

/** Somebody at a landing. */
export interface Waiting {
  from: number;
  to: number;
  car: string;
  sinceMs: number;
}

export interface ElevatorGroup {
  random: number;
  cars: Car[];
  waiting: Waiting[];
  /** People who found the landing too full and took the stairs. */
  walkedAway: number;
}

/** Landing 1 is the basement, 2 the lobby. */
export const lobbyFloor = 2;
const maxWaiting = 80;

export function newElevatorGroup(ids: readonly string[], seed: number): ElevatorGroup {
  const random = new Random(seedFor(seed, 'elevators'));
  const cars = ids.map((id, i) =>
    newCar(id, i === 0 ? lobbyFloor : 1 + random.below(shaft.floors), {
      starts: 180_000 + random.below(90_000),
      runS: (3_000 + random.below(2_000)) * 3600,
      energyKwh: 20_000 + random.below(9_000),
    }),
  );
  return { random: random.state, cars, waiting: [], walkedAway: 0 };
}

/** Passengers a second. */
function arrivalRate({ hour, workday }: Calendar): number {
  if (!workday)
    return byHour(hour, [
      [6, 0.002],
      [10, 0.012],
      [18, 0.012],
      [23, 0.002],
    ]);
  return byHour(hour, [
    [5.5, 0.002],
    [7.5, 0.06],
    [8.7, 0.16],
    [9.5, 0.05],
    [11.5, 0.06],
    [12.2, 0.13],
    [13.2, 0.1],
    [14, 0.05],
    [17, 0.06],
    [18, 0.15],
    [19.5, 0.04],
    [23, 0.003],
  ]);
}

function journey(random: Random, hour: number): { from: number; to: number } {
  const other = lobbyFloor + 1 + random.below(shaft.floors - lobbyFloor);
  const upShare = byHour(hour, [
    [6, 0.7],
    [8.5, 0.9],
    [10, 0.45],
    [12, 0.2],
    [13, 0.75],
    [15, 0.45],
    [18, 0.08],
    [22, 0.3],
  ]);
  const pick = random.next();
  if (pick < 0.12) {
    const second = 1 + random.below(shaft.floors);
    return second === other ? { from: lobbyFloor, to: other } : { from: second, to: other };
  }
  return pick < 0.12 + 0.88 * upShare ? { from: lobbyFloor, to: other } : { from: other, to: lobbyFloor };
}

/** Seconds until the car could be there, roughly: way, stops before it, and a turn if it is heading away. */
function cost(car: Car, from: number, load: number): number {
  const way = Math.abs(heightOf(from) - car.positionM) / shaft.ratedSpeedMs;
  const headingAway = car.direction !== 0 && Math.sign(heightOf(from) - car.positionM) === -car.direction;
  return way + load * 6 + (headingAway ? 40 : 0);
}

function carFor(from: number, cars: readonly Car[], waiting: readonly Waiting[]): string | undefined {
  let best: { id: string; cost: number } | undefined;
  for (const car of cars) {
    if (car.faultCode !== faultCodes.none) continue;
    const load = car.riders.length / 3 + waiting.filter((w) => w.car === car.id).length;
    const price = cost(car, from, load);
    if (best === undefined || price < best.cost) best = { id: car.id, cost: price };
  }
  return best?.id;
}

export function stepElevatorGroup(group: ElevatorGroup, tick: Tick): ElevatorGroup {
  const random = new Random(group.random);
  let { waiting, walkedAway } = group;
  if (random.next() < arrivalRate(tick.calendar) * tick.dtS) {
    const trip = journey(random, tick.calendar.hour);
    const car = carFor(trip.from, group.cars, waiting);
    if (car === undefined || waiting.length >= maxWaiting) walkedAway++;
    else waiting = [...waiting, { ...trip, car, sinceMs: tick.nowMs }];
  }
  const cars: Car[] = [];
  for (const car of group.cars) {
    const stepped = stepCar(car, waiting, tick);
    cars.push(stepped.car);
    waiting = stepped.waiting;
  }
  return { random: random.state, cars, waiting: reassign(waiting, cars), walkedAway };
}

/** Calls of a car that broke down go to the others; with none left they wait for it. */
function reassign(waiting: Waiting[], cars: readonly Car[]): Waiting[] {
  if (!cars.some((car) => car.faultCode !== faultCodes.none)) return waiting;
  return waiting.map((call) => {
    const car = cars.find((c) => c.id === call.car);
    if (car === undefined || car.faultCode === faultCodes.none) return call;
    return { ...call, car: carFor(call.from, cars, waiting) ?? call.car };
  });
}
