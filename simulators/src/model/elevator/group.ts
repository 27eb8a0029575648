import { Random, seedFor } from '../random.ts';
import type { Tick } from '../tick.ts';
import { type Car, type CarSpec, newCar } from './car.ts';
import { dispatch } from './dispatch.ts';
import { lobbyFloor, shaft } from './machine.ts';
import { arrivals, giveUp, type Waiting } from './people.ts';
import { type MachineRoom, newMachineRoom, stepRoom } from './room.ts';
import type { Step } from './step.ts';
import { stepCar } from './step-car.ts';

/** The cars, the people who want to ride and the machine room. Plain data. */
export interface ElevatorGroup {
  random: number;
  /** Of the second that has begun, ms. */
  partMs: number;
  cars: Car[];
  waiting: Waiting[];
  room: MachineRoom;
  /** People so far: arrived = waiting + in the cars + delivered + walked away. */
  arrived: number;
  boarded: number;
  delivered: number;
  walkedAway: number;
  /** Sum of the waits of those who boarded. */
  waitedS: number;
  /** Energy that the feeder's meter has been told of. */
  meteredKwh: number;
}

export function newElevatorGroup(specs: readonly CarSpec[], seed: number): ElevatorGroup {
  const random = new Random(seedFor(seed, 'elevators'));
  const cars = specs.map((spec, i) =>
    newCar(spec, i === 0 ? lobbyFloor : 1 + random.below(shaft.floors), {
      starts: 180_000 + random.below(90_000),
      runS: (3_000 + random.below(2_000)) * 3600,
      energyKwh: 20_000 + random.below(9_000),
    }),
  );
  const room = newMachineRoom(4_000 + random.below(3_000));
  const group = {
    random: random.state,
    partMs: 0,
    cars,
    waiting: [],
    room,
    arrived: 0,
    boarded: 0,
    delivered: 0,
    walkedAway: 0,
    waitedS: 0,
    meteredKwh: 0,
  };
  return { ...group, meteredKwh: usedKwh(group) };
}

const restMs = 1000;

/** A step of 200 ms or so. Cars that rest are stepped once a second, all else of the group as well. */
export function stepElevatorGroup(before: ElevatorGroup, tick: Tick): ElevatorGroup {
  const partMs = before.partMs + Math.round(tick.dtS * 1000);
  const isSecond = partMs >= restMs;
  if (!isSecond && before.cars.every((car) => car.resting)) return { ...before, partMs };
  const group: ElevatorGroup = {
    ...before,
    partMs: isSecond ? 0 : partMs,
    cars: before.cars.map((car) => (car.resting && !isSecond ? car : { ...car })),
    waiting: [...before.waiting],
    room: { ...before.room },
  };
  const volts = tick.around.supply('elevators');
  const random = new Random(before.random);
  const step: Step = {
    tick,
    dtS: tick.dtS,
    isSecond,
    random,
    group,
    supply: Math.min(...volts),
    supplyMean: volts.reduce((sum, v) => sum + v, 0) / volts.length,
  };
  const secondS = partMs / 1000;
  if (isSecond) {
    arrivals({ ...step, dtS: secondS });
    giveUp(step);
    dispatch(step);
  }
  group.cars.forEach((car, place) => {
    if (car.resting && !isSecond) return;
    stepCar(car, car.resting ? { ...step, dtS: secondS } : step, place);
  });
  if (isSecond) stepRoom(step, secondS);
  group.random = random.state;
  return group;
}

/** Everything that hangs on the elevators' feeder. */
export function usedKwh({ cars, room }: Pick<ElevatorGroup, 'cars' | 'room'>): number {
  let kwh = room.energyKwh;
  for (const car of cars) kwh += car.energyKwh;
  return kwh;
}

/** Mean power since it was last asked, so that the feeder's meter counts what the cars count. */
export function meterGroup(group: ElevatorGroup, dtS: number): { group: ElevatorGroup; powerW: number } {
  const meteredKwh = usedKwh(group);
  return { group: { ...group, meteredKwh }, powerW: ((meteredKwh - group.meteredKwh) * 3_600_000) / dtS };
}
