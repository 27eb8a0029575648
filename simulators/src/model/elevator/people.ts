import type { Random } from '../random.ts';
import { byHour, type Calendar } from '../tick.ts';
import { type Car, floorOf, weigh } from './car.ts';
import { lobbyFloor, shaft } from './machine.ts';
import type { Step } from './step.ts';

/** Somebody at a landing. */
export interface Waiting {
  from: number;
  to: number;
  /** With what is carried. */
  kg: number;
  /** Pushes a trolley: fits the goods car only. */
  goods: boolean;
  /** Has stepped out of an overloaded car. */
  refused: boolean;
  /** Car that the group sends; empty: none can. */
  car: string;
  sinceMs: number;
}

/** Calls answered from a landing of an office tower, persons a second: up-peak, two lunch peaks, down-peak. */
const workdayRates = [
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
] as const;
const restDayRates = [
  [6, 0.002],
  [10, 0.012],
  [18, 0.012],
  [23, 0.002],
] as const;
/** Of those who start or end at the lobby: share of those who go up. */
const upShares = [
  [6, 0.7],
  [8.5, 0.9],
  [10, 0.45],
  [12, 0.2],
  [13, 0.75],
  [15, 0.45],
  [18, 0.08],
  [22, 0.3],
] as const;
const betweenFloors = 0.12;
/** Deliveries on a workday, trolleys a second. */
const goodsRates = [
  [7, 0],
  [8, 0.003],
  [16, 0.003],
  [18, 0.0005],
  [20, 0],
] as const;
const patienceS = 300;
/** So many at one landing, and the next one takes the stairs. */
const crowd = 22;

function passengerRate({ hour, workday }: Calendar): number {
  return byHour(hour, workday ? workdayRates : restDayRates);
}

/** Poisson by Knuth's product; means here are far below 1. */
function poisson(random: Random, mean: number): number {
  const floor = Math.exp(-mean);
  let count = 0;
  for (let product = random.next(); product > floor; product *= random.next()) count++;
  return count;
}

function journey(random: Random, hour: number): { from: number; to: number } {
  const other = lobbyFloor + 1 + random.below(shaft.floors - lobbyFloor);
  const pick = random.next();
  if (pick < betweenFloors) {
    const second = 1 + random.below(shaft.floors);
    return second === other ? { from: lobbyFloor, to: other } : { from: second, to: other };
  }
  const goesUp = pick < betweenFloors + (1 - betweenFloors) * byHour(hour, upShares);
  return goesUp ? { from: lobbyFloor, to: other } : { from: other, to: lobbyFloor };
}

function personKg(random: Random): number {
  return Math.max(40, 70 + 14 * random.normal());
}

/** People who come in this second; the group sends nobody to them yet. */
export function arrivals({ group, random, tick, dtS }: Step): void {
  const { calendar, nowMs } = tick;
  const come = (goods: boolean): void => {
    group.arrived++;
    const kg = personKg(random) + (goods ? 80 + 420 * random.next() : 0);
    const trip = goods
      ? { from: 1, to: lobbyFloor + 1 + random.below(shaft.floors - lobbyFloor) }
      : journey(random, calendar.hour);
    const way = goods && random.next() < 0.5 ? { from: trip.to, to: trip.from } : trip;
    let there = 0;
    for (const one of group.waiting) if (one.from === way.from) there++;
    if (there >= crowd || isLeft(tick)) group.walkedAway++;
    else group.waiting.push({ ...way, kg, goods, refused: false, car: '', sinceMs: nowMs });
  };
  for (let n = poisson(random, passengerRate(calendar) * dtS); n > 0; n--) come(false);
  if (!calendar.workday) return;
  for (let n = poisson(random, byHour(calendar.hour, goodsRates) * dtS); n > 0; n--) come(true);
}

/** Everybody leaves the building, by the stairs. */
function isLeft({ around }: Step['tick']): boolean {
  return around.linkage.fire || around.evacuated;
}

/** Those whom no car came for take the stairs. */
export function giveUp({ group, tick }: Step): void {
  const { waiting } = group;
  if (waiting.length === 0) return;
  const stay = waiting.filter(({ sinceMs }) => !isLeft(tick) && tick.nowMs - sinceMs < patienceS * 1000);
  group.walkedAway += waiting.length - stay.length;
  if (stay.length < waiting.length) group.waiting = stay;
}

/** Gets one rider out who has arrived; false: none has. */
export function letOut(car: Car, { group }: Step): boolean {
  const floor = floorOf(car);
  const at = car.riders.findIndex(({ to }) => to === floor);
  if (at === -1) return false;
  car.riders = car.riders.filter((_, i) => i !== at);
  group.delivered++;
  weigh(car);
  return true;
}

/** Gets one rider out who has not arrived: waits for another car, or leaves by the stairs. False: the car is empty. */
export function putOut(car: Car, step: Step, refused = false): boolean {
  if (letOut(car, step)) return true;
  const rider = car.riders.at(-1);
  if (rider === undefined) return false;
  const { group, tick } = step;
  car.riders = car.riders.slice(0, -1);
  weigh(car);
  if (isLeft(tick)) group.walkedAway++;
  else
    group.waiting.push({
      ...rider,
      from: floorOf(car),
      goods: rider.kg > 200,
      refused,
      car: '',
      sinceMs: tick.nowMs,
    });
  return true;
}

/** Takes one of those at the landing in. */
export function takeIn(car: Car, who: Waiting, { group, tick }: Step): void {
  group.waiting = group.waiting.filter((one) => one !== who);
  group.boarded++;
  group.waitedS += (tick.nowMs - who.sinceMs) / 1000;
  car.riders = [...car.riders, { to: who.to, kg: who.kg }];
  weigh(car);
}
