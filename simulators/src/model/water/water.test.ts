import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { waterAfter, waterIds } from '../test-helpers/water-course.ts';
import { tripCodes } from './pump.ts';
import { levelOf, tankData } from './tank.ts';
import { boosterPowerW, newWater, type Water } from './water.ts';

const hour = 3600;
const morning = '2026-06-03T09:00:00+08:00';
const night = '2026-06-03T01:30:00+08:00';
const startsOf = (water: Water): number => water.pumps.reduce((sum, pump) => sum + pump.starts, 0);

/** Both balances, from the totals since the model began. */
function expectBalanced(water: Water, start: Water): void {
  const { tank, network } = water;
  const stored = tank.volumeM3 + tank.shutOffM3;
  const tankEnd = start.tank.volumeM3 + tank.filledM3 - tank.drawnM3 - tank.overflowedM3 - tank.drainedM3;
  expect(stored).toBeCloseTo(tankEnd, 6);
  const went = water.usedM3 + water.leakedM3 + water.spilledM3 + network.waterM3 - start.network.waterM3;
  expect(tank.drawnM3).toBeCloseTo(went, 6);
}

describe('the water of a healthy week', () => {
  it('keeps pressure and level, passes the lead on, rests at night, and no water is lost or made', () => {
    const start = newWater(waterIds, 7);
    const seen = { minKpa: 1e9, maxKpa: 0, minM: 9, maxM: 0, restedS: 0, codes: new Set<number>() };
    let maxStartsPerHour = 0;
    let startsBefore = startsOf(start);
    const end = waterAfter({
      seconds: 7 * 24 * hour,
      water: start,
      each: (water, second) => {
        const kpa = water.network.pressureKpa;
        if (kpa < seen.minKpa) seen.minKpa = kpa;
        if (kpa > seen.maxKpa) seen.maxKpa = kpa;
        const level = levelOf(water.tank);
        if (level < seen.minM) seen.minM = level;
        if (level > seen.maxM) seen.maxM = level;
        if (water.control.lowFlowStop) seen.restedS++;
        seen.codes.add(water.control.alarmCode).add(water.control.warningCode);
        if (second % hour !== 0) return;
        maxStartsPerHour = Math.max(maxStartsPerHour, startsOf(water) - startsBefore);
        startsBefore = startsOf(water);
      },
    });
    expectBalanced(end, start);
    expect(seen.minKpa).toBeGreaterThan(520);
    expect(seen.maxKpa).toBeLessThan(660);
    expect(seen.minM).toBeGreaterThan(1.6);
    expect(seen.maxM).toBeLessThan(2.5);
    expect(seen.restedS).toBeGreaterThan(7 * hour);
    expect([...seen.codes]).toEqual([0]);
    expect(maxStartsPerHour).toBeLessThan(20);
    const hours = end.pumps.map((pump, i) => (pump.runS - (start.pumps[i]?.runS ?? 0)) / hour);
    for (const own of hours) expect(own).toBeGreaterThan(30);
    for (const { motorC, electronicsC, bearingC } of end.pumps)
      expect(Math.max(motorC, electronicsC, bearingC)).toBeLessThan(70);
  });
});

describe('the balances', () => {
  const severity = fc.double({ min: 0, max: 1, noNaN: true });
  it('hold whatever goes wrong: filled = drawn + stored + overflowed + drained, drawn = used + leaked + spilled + stored', () => {
    const any = fc.record({
      'booster-1 pipe-burst': severity,
      'booster-1 pipe-leak': severity,
      'booster-1 suction-air': severity,
      'booster-1 vessel-precharge-lost': severity,
      'booster-1 strainer-clogged': severity,
      'tank-1 fill-valve-stuck-open': fc.constantFrom(0, 1),
      'tank-1 tank-cleaning': fc.constantFrom(0, 1),
      'pump-2 check-valve-leak': severity,
      'pump-1 seal-leak': severity,
      'pump-3 impeller-wear': severity,
      'pump-3 drive-bypass': fc.constantFrom(0, 1),
    });
    fc.assert(
      fc.property(any, (faults) => {
        const start = newWater(waterIds, 7);
        expectBalanced(waterAfter({ from: morning, seconds: 900, faults, water: start }), start);
      }),
      { numRuns: 25 },
    );
  });

  it('of power: water < shaft < electrical for each pump, and standing pumps take their drives’ standby only', () => {
    waterAfter({
      from: morning,
      seconds: hour,
      each: ({ pumps }) => {
        for (const { running, hydraulicW, shaftW, powerW } of pumps) {
          if (running) expect(hydraulicW < shaftW && shaftW < powerW).toBe(true);
          else expect([hydraulicW, shaftW, powerW]).toEqual([0, 0, 12]);
        }
      },
    });
  });
});

describe('the controller', () => {
  it('does not wind up: after a burst that held it at full speed the pressure overshoots by less than a quarter', () => {
    const held = waterAfter({ from: morning, seconds: 600, faults: { 'booster-1 pipe-burst': 0.8 } });
    expect(held.control.speed).toBe(1);
    let highest = 0;
    const each = ({ network }: Water): void => {
      highest = Math.max(highest, network.pressureKpa);
    };
    waterAfter({ from: '2026-06-03T09:10:00+08:00', seconds: 600, water: held, each });
    expect(highest).toBeLessThan(750);
  });

  it('leaves half a minute between one staging and the next, and a stand-by pump starts at once for one that trips', () => {
    const staged: number[] = [];
    let count = 1;
    const before = waterAfter({
      from: '2026-06-03T12:00:00+08:00',
      seconds: hour,
      each: (water, second) => {
        if (water.control.count !== count) staged.push(second);
        count = water.control.count;
      },
    });
    expect(staged.length).toBeGreaterThan(2);
    for (let i = 1; i < staged.length; i++) expect((staged[i] ?? 0) - (staged[i - 1] ?? 0)).toBeGreaterThanOrEqual(30);
    const running = before.pumps.filter((pump) => pump.running).length;
    const after = waterAfter({
      from: '2026-06-03T13:00:00+08:00',
      seconds: 2,
      water: before,
      faults: { [`${before.pumps.find((pump) => pump.running)?.id} pump-trip`]: 1 },
    });
    expect(after.pumps.filter((pump) => pump.running).length).toBe(Math.min(2, running));
  });
});

describe('the supply', () => {
  it('may fail for ten seconds without a word: the vessel holds the pressure', () => {
    const before = waterAfter({ from: '2026-06-03T08:40:00+08:00', seconds: 1200 });
    const gap = waterAfter({ from: morning, seconds: 10, supply: [0, 0, 0], water: before });
    const after = waterAfter({ from: morning, seconds: 60, water: gap });
    expect(boosterPowerW(gap)).toBe(0);
    expect([gap.control.alarmCode, after.control.alarmCode]).toEqual([0, 0]);
    expect(gap.network.pressureKpa).toBeGreaterThan(400);
    expect(after.pumps.some((pump) => pump.running)).toBe(true);
  });

  it('that stays away ends the supply of water with code 40; pumps come back one after the other', () => {
    const dark = waterAfter({ from: morning, seconds: 300, supply: [0, 0, 0] });
    expect(dark.control.alarmCode).toBe(tripCodes.undervoltage);
    expect(dark.network.pressureKpa).toBeLessThan(300);
    const starts: number[] = [];
    let count = startsOf(dark);
    const light = waterAfter({
      from: morning,
      seconds: 300,
      water: dark,
      each: (water, second) => {
        for (; count < startsOf(water); count++) starts.push(second);
      },
    });
    expect(starts.length).toBeGreaterThan(1);
    for (let i = 1; i < starts.length; i++) expect((starts[i] ?? 0) - (starts[i - 1] ?? 0)).toBeGreaterThanOrEqual(10);
    expect(light.network.pressureKpa).toBeGreaterThan(550);
    expect(light.control.alarmCode).toBe(0);
  });

  it('without one phase stops the drives with code 2', () => {
    const after = waterAfter({ from: morning, seconds: 30, supply: [1, 0.05, 1] });
    expect(after.control.alarmCode).toBe(tripCodes.missingPhase);
    expect(after.pumps.some((pump) => pump.running)).toBe(false);
  });
});

describe('faults of the water', () => {
  const day = (faults: Record<string, number>, seconds = 2 * hour, from = morning): Water =>
    waterAfter({ from, seconds, faults });
  const energyPerM3 = (water: Water): number => {
    const start = newWater(waterIds, 7);
    const kwh = water.pumps.reduce((sum, pump, i) => sum + pump.energyKwh - (start.pumps[i]?.energyKwh ?? 0), 0);
    return kwh / water.usedM3;
  };

  it('worn impellers cost energy for the same water', () => {
    const worn = Object.fromEntries(waterIds.pumps.map((id) => [`${id} impeller-wear`, 1]));
    expect(energyPerM3(day(worn))).toBeGreaterThan(energyPerM3(day({})) * 1.08);
  });

  it('a binding pump trips after minutes, stays off, and another takes over', () => {
    const after = day({ 'pump-1 motor-overload': 1 }, 1800);
    expect(after.pumps.map(({ tripCode }) => tripCode)).toEqual([tripCodes.overload, 0, 0]);
    expect(after.network.pressureKpa).toBeGreaterThan(560);
  });

  it('a leaking check valve turns a standing pump backwards, is warned of with 209, and costs starts at night', () => {
    const leaking = day({ 'pump-3 check-valve-leak': 0.3 }, 2 * hour, night);
    expect(leaking.control.warningCode).toBe(209);
    expect(leaking.tank.drawnM3).toBeCloseTo(waterAfter({ from: night, seconds: 2 * hour }).tank.drawnM3, 0);
    expect(energyPerM3(leaking)).toBeGreaterThan(energyPerM3(day({}, 2 * hour, night)) * 1.3);
  });

  it('a transmitter that reads too low drives the true pressure up, and one that is stuck lets it go', () => {
    expect(day({ 'booster-1 pressure-sensor-drift': 0.2 }).network.pressureKpa).toBeGreaterThan(720);
    const far = day({ 'booster-1 pressure-sensor-drift': 1 });
    expect(far.control.seenKpa).toBeLessThan(300);
    expect(far.network.pressureKpa).toBeGreaterThan(850);
  });

  it('a drive at full speed lifts the pressure above 1000 kPa when little is drawn', () => {
    expect(day({ 'pump-1 drive-bypass': 1 }, hour, night).network.pressureKpa).toBeGreaterThan(1000);
  });

  it('a short integral time makes the pressure swing, a vessel without gas lets it jump with each tap', () => {
    const swing = (faults: Record<string, number>): number => {
      let sum = 0;
      const each = ({ network }: Water): void => {
        sum += (network.pressureKpa - 600) ** 2;
      };
      waterAfter({ from: morning, seconds: hour, faults, each });
      return Math.sqrt(sum / hour);
    };
    expect(swing({ 'booster-1 pid-hunting': 1 })).toBeGreaterThan(swing({}) * 3);
    const lowest = (faults: Record<string, number>): number => {
      let low = 1e9;
      const each = ({ network }: Water, second: number): void => {
        if (second > 1800) low = Math.min(low, network.pressureKpa);
      };
      waterAfter({ from: morning, seconds: 2 * hour, faults, each });
      return low;
    };
    expect(lowest({ 'booster-1 vessel-precharge-lost': 1 })).toBeLessThan(lowest({}) - 10);
  });

  it('a clogged strainer takes the inlet pressure when much is drawn, and the pumps cavitate', () => {
    const noon = day({ 'booster-1 strainer-clogged': 1 }, 1800, '2026-06-03T12:10:00+08:00');
    expect(noon.inletKpa).toBeLessThan(0);
    expect(noon.cavitation).toBeGreaterThan(0);
  });

  it('a shut filling valve empties the tank until the set stops dry; it runs again when there is water', () => {
    const start = waterAfter({ from: '2026-06-03T08:00:00+08:00', seconds: hour });
    const empty = waterAfter({
      from: morning,
      seconds: 3 * hour,
      faults: { 'tank-1 fill-valve-stuck-shut': 1 },
      water: start,
    });
    expect(empty.control.alarmCode).toBe(57);
    expect(levelOf(empty.tank)).toBeLessThan(0.3);
    expect(levelOf(empty.tank)).toBeGreaterThan(0.25);
    const filled = waterAfter({ from: '2026-06-03T12:00:00+08:00', seconds: 1800, water: empty });
    expect(filled.control.alarmCode).toBe(0);
    expect(filled.network.pressureKpa).toBeGreaterThan(560);
  });

  it('an open filling valve ends at the overflow, above the alarm limit and under the lid', () => {
    const over = day({ 'tank-1 fill-valve-stuck-open': 1 }, hour, night);
    expect(levelOf(over.tank)).toBeGreaterThan(3);
    expect(levelOf(over.tank)).toBeLessThan(3.2);
    expect(over.tank.overflowM3h).toBeCloseTo(over.tank.fillM3h - over.flowM3h, 0);
  });

  it('hot water that flows back warms the tank', () => {
    const june = day({ 'tank-1 hot-water-backflow': 1 }, 4 * hour);
    expect(june.tank.temperatureC).toBeGreaterThan(30);
  });
});

it('cleaning the tank empties one chamber while the other supplies, and fills it before they are joined', () => {
  const seen = { min: 9, max: 0 };
  const each = ({ tank }: Water): void => {
    seen.min = Math.min(seen.min, levelOf(tank));
    seen.max = Math.max(seen.max, levelOf(tank));
  };
  const cleaned = waterAfter({ from: morning, seconds: 4 * hour, faults: { 'tank-1 tank-cleaning': 1 }, each });
  expect(cleaned.tank.shutOffM3).toBe(0);
  expect(cleaned.tank.drainedM3).toBeCloseTo((2.1 * tankData.areaM2) / 2, 0);
  const joined = waterAfter({ from: '2026-06-03T13:00:00+08:00', seconds: 2 * hour, water: cleaned, each });
  expect(joined.tank.cleaning).toBe(false);
  expect(seen.min).toBeGreaterThan(1.5);
  expect(seen.max).toBeLessThan(2.7);
});
