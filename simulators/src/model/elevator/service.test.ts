import { describe, expect, it } from 'vitest';
import { elevatorPoints } from '../points/elevator-points.ts';
import { floorOf, isAtLobby, isInGroup } from './car.ts';
import { lobbyFloor } from './machine.ts';
import { GroupRig } from './test-helpers/group-rig.ts';

const minuteS = 60;
const points = (rig: GroupRig, car = 'car-2') => elevatorPoints(rig.car(car));

function during(activity: string, { car = 'car-2', leadS = 10 * minuteS } = {}): GroupRig {
  const rig = new GroupRig();
  rig.run(leadS);
  rig.set(car, activity);
  return rig;
}

describe('fire', () => {
  it('sends every car to the main floor without opening on the way, and keeps them there with open doors', () => {
    const rig = new GroupRig();
    rig.run(30 * minuteS);
    expect(rig.riding).toBeGreaterThan(0);
    rig.fire = true;
    const opened: number[] = [];
    // The whole shaft takes 13 · 3.6 m / 1 m/s = 47 s for the slowest car; turning round and doors come to it.
    rig.run(100, () => {
      for (const car of rig.group.cars)
        if (car.service === 'fire-return' && car.phase === 'opening' && car.door < 0.1) opened.push(floorOf(car));
      return false;
    });
    expect(opened.filter((floor) => floor !== lobbyFloor).length).toBeLessThanOrEqual(2);
    rig.run(2 * minuteS);
    for (const car of rig.group.cars) {
      expect(isAtLobby(car)).toBe(true);
      expect(car.riders).toEqual([]);
      expect(elevatorPoints(car)).toMatchObject({ mode: 11, 'fire-return': true, 'door-state': 1, 'fault-code': 0 });
    }
    expect(rig.group.waiting).toEqual([]);
    rig.fire = false;
    rig.run(5 * minuteS);
    expect(rig.group.cars.every(isInGroup)).toBe(true);
  });

  it('finds nobody at the landings while the building is being emptied', () => {
    const rig = new GroupRig();
    rig.run(20 * minuteS);
    rig.evacuated = true;
    rig.run(10);
    const { boarded, arrived, walkedAway } = rig.group;
    rig.run(10 * minuteS);
    expect(rig.group.waiting).toEqual([]);
    expect(rig.group.boarded).toBe(boarded);
    expect(rig.group.arrived - arrived).toBe(rig.group.walkedAway - walkedAway);
    expect(rig.group.cars.every(isInGroup)).toBe(true);
  });

  it('recalls one car in a test of its switch, and the others serve on', () => {
    const rig = during('recall-test');
    rig.run(3 * minuteS);
    expect(points(rig)).toMatchObject({ mode: 11, 'fire-return': true, 'door-open-limit': true, 'fault-code': 0 });
    expect(isAtLobby(rig.car('car-2'))).toBe(true);
    expect(points(rig, 'car-1')).toMatchObject({ mode: 1, 'fire-return': false });
    const { delivered } = rig.group;
    rig.run(10 * minuteS);
    expect(rig.group.delivered).toBeGreaterThan(delivered + 20);
  });

  it('lets firefighters drive it', () => {
    const rig = during('firefighter-drill');
    const { starts } = rig.car('car-2');
    rig.run(15 * minuteS);
    expect(points(rig)).toMatchObject({ mode: 6, firefighter: true, 'fire-return': true, 'fault-code': 0 });
    expect(rig.car('car-2').starts).toBeGreaterThan(starts + 4);
  });
});

describe('people at work', () => {
  it('inspection empties the car at a landing and moves it at inspection speed', () => {
    const rig = during('elevator-inspection');
    rig.run(3 * minuteS);
    expect(rig.car('car-2').riders).toEqual([]);
    let moved = 0;
    rig.run(20 * minuteS, () => {
      const { velocityMs, faultCode } = rig.car('car-2');
      expect(Math.abs(velocityMs)).toBeLessThanOrEqual(0.3);
      expect(faultCode).toBe(0);
      if (velocityMs !== 0) moved++;
      return false;
    });
    expect(moved).toBeGreaterThan(100);
    expect(points(rig).mode).toBe(8);
    rig.set('car-2', 'elevator-inspection', 0);
    rig.run(5 * minuteS);
    expect(points(rig)).toMatchObject({ mode: 1, 'fault-code': 0 });
  });

  it('a held door stays open, with the light curtain coming and going, and the others take the calls', () => {
    const rig = during('held-door', { car: 'car-4', leadS: 0 });
    rig.run(2 * minuteS);
    let blockedS = 0;
    rig.run(10 * minuteS, () => {
      expect(rig.car('car-4').door).toBe(1);
      blockedS = Math.max(blockedS, rig.car('car-4').blockedS);
      return false;
    });
    expect(blockedS).toBeGreaterThan(1);
    expect(blockedS).toBeLessThan(60);
    expect(rig.group.waiting.some(({ car }) => car === 'car-4')).toBe(false);
    rig.set('car-4', 'held-door', 0);
    expect(rig.run(minuteS, () => rig.car('car-4').door === 0)).toBe(true);
  });

  it('independent service leaves the group and runs by its own buttons', () => {
    const rig = during('independent-service', { car: 'car-4' });
    const { starts } = rig.car('car-4');
    rig.run(20 * minuteS, () => {
      if (rig.group.partMs === 0) expect(rig.group.waiting.some(({ car }) => car === 'car-4')).toBe(false);
      return false;
    });
    expect(rig.car('car-4').starts).toBeGreaterThan(starts + 3);
    expect(points(rig, 'car-4')).toMatchObject({ mode: 5, independent: true, 'fault-code': 0 });
  });

  it('an attendant serves the calls on', () => {
    const rig = during('attendant-service');
    rig.run(2 * minuteS);
    expect(points(rig)).toMatchObject({ mode: 5, attendant: true });
    expect(isInGroup(rig.car('car-2'))).toBe(true);
  });

  it('a car that is cleaned stands locked and open; one that is locked off rests shut at the main floor', () => {
    const rig = during('car-cleaning');
    rig.set('car-3', 'locked-off');
    rig.run(5 * minuteS);
    expect(points(rig)).toMatchObject({ mode: 12, locked: true, 'door-open-limit': true, 'fault-code': 0 });
    expect(points(rig, 'car-3')).toMatchObject({ mode: 12, locked: true, 'door-close-limit': true, floor: lobbyFloor });
    expect(rig.car('car-3').riders).toEqual([]);
    rig.run(10 * minuteS);
    expect(points(rig, 'car-3')['energy-saving']).toBe(true);
  });
});
