import { describe, expect, it } from 'vitest';
import { elevatorPoints } from '../points/elevator-points.ts';
import { inDoorZone, isAtLobby, isInGroup } from './car.ts';
import { faultCodes } from './fault-codes.ts';
import { GroupRig } from './test-helpers/group-rig.ts';

const minuteS = 60;
const hourS = 3600;

function rigWith(fault: string, { level = 1, car = 'car-2' } = {}): GroupRig {
  const rig = new GroupRig();
  rig.run(10 * minuteS);
  rig.set(car, fault, level);
  return rig;
}

const code = (rig: GroupRig, car = 'car-2'): number => rig.car(car).faultCode;

/** Stops car 2 with people in it between two landings. */
function trap(fault: string): GroupRig {
  const rig = new GroupRig();
  const isBetween = (): boolean => {
    const { positionM, velocityMs, riders } = rig.car('car-2');
    // The fault is seen in the next step, and the stop takes up to 2 m.
    const aboveLanding = positionM % 3.6;
    const isSeenNext = rig.group.partMs === 800;
    return isSeenNext && riders.length > 0 && velocityMs > 1.7 && aboveLanding > 0.5 && aboveLanding < 1.2;
  };
  expect(rig.run(6 * hourS, isBetween)).toBe(true);
  rig.set('car-2', fault);
  rig.run(10);
  return rig;
}

describe('faults that stop the car', () => {
  it.each([
    ['door-obstruction', 1, faultCodes.doorClose, 15 * minuteS],
    ['door-operator-wear', 0.88, faultCodes.doorClose, 15 * minuteS],
    ['door-operator-wear', 1, faultCodes.doorOpen, 15 * minuteS],
    ['door-lock-wear', 1, faultCodes.doorLock, 2 * hourS],
    ['door-lock-wear', 1, faultCodes.lockWhileRunning, 2 * hourS],
    ['governor-wear', 0.8, faultCodes.safetyCircuit, 15 * minuteS],
    ['encoder-fault', 1, faultCodes.encoder, 10 * minuteS],
    ['encoder-fault', 0.5, faultCodes.encoder, hourS],
    ['brake-stuck', 1, faultCodes.brakeFeedback, 10 * minuteS],
    ['brake-wear', 0.8, faultCodes.unintendedMovement, 15 * minuteS],
    ['brake-drag', 1, faultCodes.motorOverload, hourS],
    ['guide-friction', 1, faultCodes.motorOverload, 2 * hourS],
    ['traction-wear', 1, faultCodes.position, hourS],
    ['levelling-drift', 1, faultCodes.levelling, 10 * minuteS],
    ['car-bus-loss', 1, faultCodes.carBus, 10],
    ['traction-drive-cooling', 1, faultCodes.moduleOverheat, 10 * hourS],
  ] as const)('%s at %d gives E%d', (fault, level, expected, withinS) => {
    const rig = rigWith(fault, { level });
    expect(rig.run(withinS, () => code(rig) === expected)).toBe(true);
  });

  it('a braking resistor that is open lets the bus rise until the drive trips', () => {
    const rig = rigWith('brake-resistor-open');
    expect(rig.run(10 * minuteS, () => code(rig) !== 0)).toBe(true);
    expect([faultCodes.overvoltageRunning, faultCodes.overvoltageDecelerating]).toContain(code(rig));
  });

  it('do not come from wear that the car can bear', () => {
    const rig = rigWith('door-operator-wear', { level: 0.6 });
    rig.set('car-1', 'brake-wear', 0.4);
    rig.set('car-3', 'governor-wear', 0.3);
    rig.set('car-4', 'load-cell-drift', 0.5);
    rig.run(2 * hourS, () => {
      for (const car of rig.group.cars) expect([car.faultCode, car.overload]).toEqual([0, false]);
      return false;
    });
    const reopenings = rig.group.cars.map((car) => car.reopenings);
    expect(reopenings[1]).toBeGreaterThan(2 * reopenings[0]!);
  });
});

describe('a car that stops between landings with people in it', () => {
  it.each(['safety-circuit', 'door-lock', 'encoder-fault'])('for %s traps them until its cause is gone', (fault) => {
    const rig = trap(fault);
    const { riders } = rig.car('car-2');
    expect(riders.length).toBeGreaterThan(0);
    expect(inDoorZone(rig.car('car-2'))).toBe(false);
    rig.run(5);
    expect(elevatorPoints(rig.car('car-2'))).toMatchObject({ entrapment: true, 'door-close-limit': true, speed: 0 });
    // Nobody answers: they press the button.
    expect(rig.run(30, () => elevatorPoints(rig.car('car-2'))['alarm-button'] === true)).toBe(true);
    rig.run(10 * minuteS);
    expect(rig.car('car-2').riders).toEqual(riders);
    rig.set('car-2', fault, 0);
    expect(rig.run(minuteS, () => rig.car('car-2').door === 1)).toBe(true);
    expect(inDoorZone(rig.car('car-2'))).toBe(true);
    rig.run(5 * minuteS);
    expect(rig.car('car-2').service).toBe('group');
    expect(elevatorPoints(rig.car('car-2'))).toMatchObject({ entrapment: false, 'fault-code': 0 });
  });

  it('needs metres to stop by the brake, and more of them with worn linings', () => {
    const way = (wear: number): number => {
      const rig = new GroupRig();
      rig.set('car-2', 'brake-wear', wear);
      rig.run(hourS, () => rig.car('car-2').velocityMs > 1.74 && rig.group.partMs === 800);
      const fromM = rig.car('car-2').positionM;
      rig.set('car-2', 'safety-circuit');
      rig.run(10, () => rig.car('car-2').phase === 'halted' && rig.car('car-2').velocityMs === 0);
      return rig.car('car-2').positionM - fromM;
    };
    // v²/2a with 2 m/s² less at most 1.1 m/s² of the counterweight's pull: 0.77 to 1.7 m, after a step of 0.35 m.
    expect(way(0)).toBeGreaterThan(0.5);
    expect(way(0)).toBeLessThan(2.2);
    expect(way(0.3)).toBeGreaterThan(way(0));
  });
});

describe('the supply', () => {
  it('stops every car when a phase is lost; they level one after the other when it is back', () => {
    const rig = new GroupRig();
    rig.run(20 * minuteS);
    rig.supply = [1, 0.08, 1];
    rig.run(5);
    expect(rig.group.cars.map((car) => car.faultCode)).toEqual(Array(4).fill(faultCodes.inputPhase));
    expect(rig.group.cars.every((car) => car.velocityMs === 0)).toBe(true);
    rig.supply = [1, 1, 1];
    const back: string[] = [];
    rig.run(2 * minuteS, () => {
      for (const car of rig.group.cars) if (car.faultCode === 0 && !back.includes(car.id)) back.push(car.id);
      return false;
    });
    expect(back).toEqual(['car-1', 'car-2', 'car-3', 'car-4']);
  });

  it('brings the passenger cars down one at a time on the generator, and the goods car serves on', () => {
    const rig = new GroupRig();
    rig.run(20 * minuteS);
    rig.supply = [0, 0, 0];
    rig.run(15);
    rig.supply = [1, 1, 1];
    rig.onGenerator = true;
    rig.run(8 * minuteS, () => {
      const down = rig.group.cars.filter(({ phase, service }) => phase === 'moving' && service === 'emergency-power');
      expect(down.length).toBeLessThanOrEqual(1);
      return false;
    });
    const cars = rig.group.cars.slice(0, 3);
    expect(cars.map((car) => [isAtLobby(car), car.door, car.riders.length, elevatorPoints(car).mode])).toEqual(
      Array(3).fill([true, 1, 0, 4]),
    );
    expect(isInGroup(rig.car('car-4'))).toBe(true);
    rig.onGenerator = false;
    rig.run(5 * minuteS);
    expect(rig.group.cars.every(isInGroup)).toBe(true);
  });

  it('takes no power and gives E09 when there is none', () => {
    const rig = new GroupRig();
    rig.supply = [0, 0, 0];
    rig.run(10);
    expect(rig.group.cars.map(({ faultCode, powerW }) => [faultCode, powerW])).toEqual(
      Array(4).fill([faultCodes.undervoltage, 0]),
    );
  });

  it('lets the bus follow its voltage', () => {
    const rig = new GroupRig({ startMs: Date.UTC(2026, 2, 2, 18) });
    rig.run(minuteS);
    const full = rig.car('car-1').busV;
    rig.supply = [0.9, 0.9, 0.9];
    rig.run(minuteS);
    expect(rig.car('car-1').busV / full).toBeCloseTo(0.9, 2);
    expect(code(rig, 'car-1')).toBe(0);
  });
});

describe('wear shows before it stops the car', () => {
  const energy = (fault?: string): { kwh: number; currentA: number; heatsinkC: number; starts: number } => {
    const rig = new GroupRig();
    if (fault !== undefined) rig.set('car-2', fault, 0.6);
    const { energyKwh, starts } = rig.car('car-2');
    let currentA = 0;
    let heatsinkC = 0;
    rig.run(2 * hourS, () => {
      currentA = Math.max(currentA, rig.car('car-2').currentA);
      heatsinkC = Math.max(heatsinkC, rig.car('car-2').heatsinkC);
      return false;
    });
    const after = rig.car('car-2');
    return { kwh: after.energyKwh - energyKwh, currentA, heatsinkC, starts: after.starts - starts };
  };
  const sound = energy();

  it('a dragging brake takes current and energy', () => {
    const drag = energy('brake-drag');
    expect(drag.kwh / drag.starts).toBeGreaterThan((1.3 * sound.kwh) / sound.starts);
    expect(drag.currentA).toBeGreaterThan(sound.currentA + 5);
  });

  it('a blocked duct warms the heatsink', () => {
    expect(energy('traction-drive-cooling').heatsinkC).toBeGreaterThan(sound.heatsinkC + 10);
  });

  it('a stuck landing button makes starts for nobody', () => {
    const rig = new GroupRig({ startMs: Date.UTC(2026, 2, 2, 18) });
    const still = new GroupRig({ startMs: Date.UTC(2026, 2, 2, 18) });
    rig.set('car-3', 'call-button-stuck');
    for (const one of [rig, still]) one.run(hourS);
    const cycles = (one: GroupRig): number => one.car('car-3').doorCycles;
    expect(cycles(rig)).toBeGreaterThan(cycles(still) + 100);
  });

  it('a machine room without cooling warms all drives', () => {
    const rig = new GroupRig();
    rig.outdoorC = 33;
    const sane = new GroupRig();
    sane.outdoorC = 33;
    rig.set('car-1', 'machine-room-cooling');
    for (const one of [rig, sane]) one.run(5 * hourS);
    expect(rig.group.room.temperatureC).toBeGreaterThan(45);
    expect(sane.group.room.temperatureC).toBeLessThan(40);
    for (const [i, car] of rig.group.cars.entries())
      expect(car.heatsinkC).toBeGreaterThan(sane.group.cars[i]!.heatsinkC + 5);
  });
});

describe('doors and load', () => {
  it('a light curtain that never clears makes every stop wait for nudging with the buzzer', () => {
    const rig = rigWith('light-curtain-dirty');
    expect(rig.run(10 * minuteS, () => elevatorPoints(rig.car('car-2')).buzzer === true)).toBe(true);
    const { delivered } = rig.group;
    rig.run(20 * minuteS, () => {
      expect(rig.car('car-2').faultCode).toBe(0);
      return false;
    });
    expect(elevatorPoints(rig.car('car-2'))['light-curtain']).toBe(true);
    expect(rig.group.delivered).toBeGreaterThan(delivered);
  });

  it('a load cell far out shows overload with an empty car, which stays and calls nobody', () => {
    const rig = rigWith('load-cell-drift');
    expect(rig.run(10 * minuteS, () => rig.car('car-2').overload && rig.car('car-2').riders.length === 0)).toBe(true);
    const { starts } = rig.car('car-2');
    rig.run(10 * minuteS);
    expect(rig.car('car-2').starts).toBe(starts);
    expect(elevatorPoints(rig.car('car-2'))).toMatchObject({ overload: true, buzzer: true });
    rig.set('car-2', 'load-cell-drift', 0);
    rig.run(15 * minuteS);
    expect(rig.car('car-2').starts).toBeGreaterThan(starts);
  });
});
