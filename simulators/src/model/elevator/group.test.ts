import { loadCatalog, parseDuration } from '@plantroom/device-profiles';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { elevatorPoints } from '../points/elevator-points.ts';
import { type Car, isInGroup, machineOf } from './car.ts';
import { type ElevatorGroup, meterGroup, usedKwh } from './group.ts';
import { overloadShare, topM } from './machine.ts';
import { GroupRig, morningMs } from './test-helpers/group-rig.ts';

const hourS = 3600;
const pollMs = 10_000;
/** Every part that a fault of it may be on. */
const someFaults = [
  'door-operator-wear',
  'light-curtain-dirty',
  'door-lock-wear',
  'safety-circuit',
  'encoder-fault',
  'traction-wear',
  'guide-friction',
  'load-cell-drift',
  'elevator-inspection',
  'held-door',
  'independent-service',
  'recall-test',
  'car-cleaning',
];

function isBalanced({ group, riding }: GroupRig): boolean {
  return group.arrived === group.waiting.length + riding + group.delivered + group.walkedAway;
}

/** What a car must never do, in words; undefined: it does not. */
function violationOf(car: Car): string | undefined {
  const { ratedSpeedMs, capacityPersons, ratedLoadKg } = machineOf(car);
  const isMoving = car.velocityMs !== 0;
  if (isMoving && car.door !== 0) return `${car.id} moves with its door at ${car.door}`;
  if (!(car.positionM >= 0 && car.positionM <= topM)) return `${car.id} is at ${car.positionM} m`;
  if (!(Math.abs(car.velocityMs) <= ratedSpeedMs + 1e-9)) return `${car.id} runs at ${car.velocityMs} m/s`;
  if (car.riders.length > capacityPersons) return `${car.id} holds ${car.riders.length}`;
  const isWeighed = car.condition.loadCellDrift === 0;
  if (isMoving && isWeighed && car.loadKg > overloadShare * ratedLoadKg) return `${car.id} carries ${car.loadKg} kg`;
  return undefined;
}

describe('the group', () => {
  it('moves with shut doors only, stays in the shaft, loses nobody and counts every joule, whatever befalls it', () => {
    const fault = fc.record({ car: fc.constantFrom('car-1', 'car-2', 'car-4'), fault: fc.constantFrom(...someFaults) });
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 1e6 }), fc.array(fault, { maxLength: 3 }), (seed, faults) => {
        const rig = new GroupRig({ seed });
        const joules = rig.group.cars.map(() => 0);
        rig.run(300);
        const start = rig.group.cars.map(({ energyKwh }) => energyKwh);
        for (const one of faults) rig.set(one.car, one.fault, 1);
        let wrong: string | undefined;
        rig.run(1200, () => {
          for (const [i, car] of rig.group.cars.entries()) {
            wrong ??= violationOf(car);
            // A car that rests is stepped once a second, with the power of the whole of it.
            joules[i]! += car.powerW * 0.2;
          }
          if (!isBalanced(rig)) wrong ??= 'somebody is lost';
          return wrong !== undefined;
        });
        expect(wrong).toBeUndefined();
        rig.group.cars.forEach((car, i) => {
          const kwh = car.energyKwh - start[i]!;
          expect(Math.abs(kwh - joules[i]! / 3.6e6)).toBeLessThan(0.01 * kwh);
        });
      }),
      { numRuns: 12 },
    );
  });

  it('serves every call on a sound day, and lets nobody wait for long', () => {
    for (const seed of [1, 2, 3]) {
      const rig = new GroupRig({ seed, startMs: morningMs - hourS * 1000 });
      let oldest = 0;
      rig.run(13 * hourS, () => {
        if (rig.group.partMs !== 0) return false;
        for (const { sinceMs } of rig.group.waiting) oldest = Math.max(oldest, (rig.nowMs - sinceMs) / 1000);
        return false;
      });
      const { group } = rig;
      // Three hours of rush in it: about 4,000 rides.
      expect(group.boarded).toBeGreaterThan(3000);
      expect(group.walkedAway).toBe(0);
      const mean = group.waitedS / group.boarded;
      // Four cars for some 50 people in five minutes of rush: a car every half minute.
      expect(mean).toBeGreaterThan(8);
      expect(mean).toBeLessThan(32);
      expect(oldest).toBeLessThan(200);
      expect(isBalanced(rig)).toBe(true);
      // The night empties it.
      rig.run(6 * hourS);
      expect(rig.group.waiting.length + rig.riding).toBeLessThan(4);
    }
  });

  it('is busy where an office is: more rides in the morning rush than at night, upwards in the morning', () => {
    const rides = (fromHour: number, seed = 5): { count: number; up: number } => {
      const rig = new GroupRig({ seed, startMs: morningMs + (fromHour - 8) * hourS * 1000 });
      let up = 0;
      let down = 0;
      let seen: ElevatorGroup = rig.group;
      rig.run(hourS, () => {
        for (const one of rig.group.waiting)
          if (!seen.waiting.some(({ sinceMs, kg }) => sinceMs === one.sinceMs && kg === one.kg))
            one.to > one.from ? up++ : down++;
        seen = rig.group;
        return false;
      });
      return { count: rig.group.arrived, up: up / Math.max(1, up + down) };
    };
    const morning = rides(8.2);
    const evening = rides(17.6);
    expect(morning.count).toBeGreaterThan(300);
    expect(rides(2).count).toBeLessThan(30);
    expect(morning.up).toBeGreaterThan(0.65);
    expect(evening.up).toBeLessThan(0.3);
  });

  it('sends another car when one leaves service', () => {
    const rig = new GroupRig();
    const found = rig.run(1800, () => rig.group.waiting.some(({ car }) => car === 'car-2'));
    expect(found).toBe(true);
    rig.set('car-2', 'encoder-fault');
    rig.set('car-2', 'safety-circuit');
    rig.run(3);
    expect(isInGroup(rig.car('car-2'))).toBe(false);
    expect(rig.group.waiting.some(({ car }) => car === 'car-2')).toBe(false);
  });

  it('goes on from a saved state as if it had not stopped', () => {
    const whole = new GroupRig();
    whole.run(900.4);
    const first = new GroupRig();
    first.run(431.4);
    const saved = JSON.parse(JSON.stringify(first.group)) as ElevatorGroup;
    const second = new GroupRig({ group: saved, startMs: first.nowMs });
    second.run(900.4 - 431.4);
    expect(second.group).toEqual(whole.group);
  });

  it('tells the feeder what cars and machine room take', () => {
    const rig = new GroupRig();
    const before = usedKwh(rig.group);
    let told = 0;
    for (let second = 0; second < 600; second++) {
      rig.run(1);
      const metered = meterGroup(rig.group, 1);
      rig.group = metered.group;
      told += metered.powerW / 3.6e6;
    }
    expect(told).toBeCloseTo(usedKwh(rig.group) - before, 9);
    // Lift energy of an office: some kWh an hour in the rush.
    expect(told).toBeGreaterThan(1);
    expect(told).toBeLessThan(6);
  });

  it('raises no class alarm in a sound week of the hottest month', () => {
    const { alarms } = loadCatalog().catalog.classes.get('elevator')!;
    const rules = Object.entries(alarms).map(([name, { point, condition, onDelay }]) => ({
      name,
      point,
      condition,
      delayS: parseDuration(onDelay) / 1000,
    }));
    const rig = new GroupRig({ startMs: Date.UTC(2026, 6, 5, 16) });
    rig.outdoorC = 36;
    const held = new Map<string, number>();
    rig.run(7 * 24 * hourS, () => {
      if (rig.nowMs % pollMs !== 0) return false;
      for (const car of rig.group.cars) {
        const values = elevatorPoints(car);
        for (const { name, point, condition, delayS } of rules) {
          const value = values[point];
          const holds =
            (condition.type === 'non-zero' && value !== 0 && value !== undefined) ||
            (condition.type === 'off-normal' && condition.values.includes(value as number)) ||
            (condition.type === 'limit' && typeof value === 'number' && value >= condition.limit);
          const key = `${car.id} ${name}`;
          const seconds = holds ? (held.get(key) ?? 0) + pollMs / 1000 : 0;
          held.set(key, seconds);
          if (holds && seconds >= delayS) throw new Error(`${key}: ${String(value)}`);
        }
      }
      return false;
    });
    expect(rig.group.boarded).toBeGreaterThan(15_000);
    expect(rig.group.room.temperatureC).toBeLessThan(40);
  });
});
