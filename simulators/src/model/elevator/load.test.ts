import { describe, expect, it } from 'vitest';
import { elevatorPoints } from '../points/elevator-points.ts';
import { type Car, newCar, weigh } from './car.ts';
import { hasRoom, nextStop } from './dispatch.ts';
import { heightOf, lobbyFloor } from './machine.ts';
import type { Waiting } from './people.ts';
import { GroupRig, specs } from './test-helpers/group-rig.ts';

function person(over: Partial<Waiting> = {}): Waiting {
  return { from: lobbyFloor, to: 10, kg: 70, goods: false, refused: false, car: '', sinceMs: 0, ...over };
}

/** A car on the ground floor with people for landing 10 in it. */
function carWith(count: number, kg = 70): Car {
  const car = newCar(specs[0]!, lobbyFloor, { starts: 0, runS: 0, energyKwh: 0 });
  car.riders = Array.from({ length: count }, () => ({ to: 10, kg }));
  weigh(car);
  return car;
}

describe('load', () => {
  it('an overloaded car buzzes and stays until enough people have stepped out, who then ride later', () => {
    // At night, when nobody else comes.
    const rig = new GroupRig({ startMs: Date.UTC(2026, 2, 2, 18) });
    for (const car of rig.group.cars.slice(1)) rig.set(car.id, 'locked-off');
    rig.run(120);
    const { delivered } = rig.group;
    // 1,000 kg and 10 % on top are eleven of them.
    rig.group.waiting = Array.from({ length: 13 }, () => person({ kg: 100, sinceMs: rig.nowMs }));
    rig.group.arrived += 13;
    expect(rig.run(60, () => rig.car('car-1').overload)).toBe(true);
    expect(elevatorPoints(rig.car('car-1'))).toMatchObject({ overload: true, buzzer: true, 'door-open-limit': true });
    expect(rig.run(60, () => rig.car('car-1').phase === 'moving')).toBe(true);
    expect(rig.car('car-1').riders.length).toBe(11);
    expect(rig.group.waiting.filter(({ refused }) => refused).length).toBeLessThanOrEqual(2);
    rig.run(300);
    expect(rig.group.delivered - delivered).toBeGreaterThanOrEqual(13);
  });

  it('a full car passes landing calls by, and shows it', () => {
    const up = person({ from: 5, to: 12, car: 'car-1' });
    expect(nextStop(carWith(5), [up])).toEqual({ floor: 5, direction: 1 });
    const full = carWith(12);
    expect(hasRoom(full)).toBe(false);
    expect(nextStop(full, [up])).toEqual({ floor: 10, direction: 1 });
    expect(elevatorPoints(full)).toMatchObject({ 'full-load': true, 'car-load': 84 });
  });

  it('goes on its way before it turns, and takes those of the other way last', () => {
    const car = carWith(0);
    car.positionM = heightOf(6);
    car.direction = 1;
    const calls = [
      person({ from: 4, to: 1, car: 'car-1' }),
      person({ from: 9, to: 2, car: 'car-1' }),
      person({ from: 12, to: 2, car: 'car-1' }),
    ];
    expect(nextStop(car, calls)).toEqual({ floor: 12, direction: 1 });
    car.positionM = heightOf(12);
    car.direction = -1;
    expect(nextStop(car, calls)).toEqual({ floor: 9, direction: -1 });
  });

  it('trolleys ride in the goods car', () => {
    const rig = new GroupRig({ startMs: Date.UTC(2026, 2, 2, 18) });
    rig.group.waiting = [person({ from: 1, to: 8, kg: 400, goods: true, sinceMs: rig.nowMs })];
    rig.group.arrived += 1;
    expect(rig.run(120, () => rig.car('car-4').loadKg >= 400)).toBe(true);
    expect(elevatorPoints(rig.car('car-4'))['car-load']).toBeCloseTo(20, 0);
  });
});
