import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Course, ticks } from '../test-helpers/water-course.ts';
import {
  type Drainage,
  drainagePowerW,
  floorDepthM,
  type Inflow,
  newDrainage,
  stepDrainage,
  sumpData,
  sumpLevelM,
} from './drainage.ts';
import { newLeaks, stepLeaks } from './leaks.ts';
import { sumpPumpData } from './sump-pump.ts';

const ids = { sump: 'sump-1', pumps: ['sump-pump-1', 'sump-pump-2'], floorSensor: 'leak-1' };
const hour = 3600;
const dryRoom: Inflow = { gutterM3h: 0, floorM3h: 0, roomC: 22 };
const fresh = (): Drainage => newDrainage(ids, 7);

function drained(
  options: Course & { from?: string; start?: Drainage; inflow?: Partial<Inflow>; each?: (now: Drainage) => void },
): Drainage {
  let drainage = options.start ?? fresh();
  for (const tick of ticks(options)) {
    drainage = stepDrainage(drainage, ids, { tick, inflow: { ...dryRoom, ...options.inflow } });
    options.each?.(drainage);
  }
  return drainage;
}

const severity = fc.double({ min: 0, max: 1, noNaN: true });

describe('the sump', () => {
  it('loses and makes no water: what came in is in it, on the floor, pumped, dried or has run out of the door', () => {
    const any = fc.record({
      'sump-1 ground-water': severity,
      'sump-1 sump-float-stuck': severity,
      'sump-pump-1 impeller-wear': severity,
      'sump-pump-2 pump-trip': fc.constantFrom(0, 1),
    });
    const water = fc.record({
      gutterM3h: fc.double({ min: 0, max: 60, noNaN: true }),
      floorM3h: fc.double({ min: 0, max: 60, noNaN: true }),
    });
    fc.assert(
      fc.property(any, water, (faults, inflow) => {
        const start = fresh();
        const end = drained({ seconds: hour, faults, inflow, start });
        const kept = end.sumpM3 + end.floorM3 - start.sumpM3 - start.floorM3;
        expect(end.inM3).toBeCloseTo(kept + end.pumpedM3 + end.driedM3 + end.escapedM3, 6);
        expect(end.sumpM3).toBeGreaterThanOrEqual(0);
        expect(floorDepthM(end)).toBeLessThan(0.151);
      }),
      { numRuns: 30 },
    );
  });

  it('lets its pumps take turns, and in a wet month each runs about as often', () => {
    const wet = drained({ seconds: 24 * hour, inflow: { gutterM3h: 2 } });
    const starts = wet.pumps.map((pump, i) => pump.starts - (fresh().pumps[i]?.starts ?? 0));
    expect(Math.abs((starts[0] ?? 0) - (starts[1] ?? 0))).toBeLessThanOrEqual(1);
    expect(starts[0]).toBeGreaterThan(5);
  });

  it('stands a tripped pump: the other does its work', () => {
    let highest = 0;
    const end = drained({
      seconds: 12 * hour,
      inflow: { gutterM3h: 8 },
      faults: { 'sump-pump-1 pump-trip': 1 },
      each: (now) => {
        highest = Math.max(highest, sumpLevelM(now));
      },
    });
    expect(end.pumps[0]?.runS).toBe(fresh().pumps[0]?.runS);
    expect(highest).toBeLessThan(sumpData.assistM);
  });

  it('trips a jammed pump by its current and keeps it off', () => {
    const end = drained({ seconds: hour, inflow: { gutterM3h: 20 }, faults: { 'sump-pump-1 motor-overload': 1 } });
    expect(end.pumps.map(({ tripped }) => tripped)).toEqual([true, false]);
  });

  it('is emptied by its back-up float when the others hang, and floods the floor when that hangs too', () => {
    const highest = (stuck: number): { level: number; floor: number } => {
      const seen = { level: 0, floor: 0 };
      drained({
        seconds: 2 * hour,
        inflow: { gutterM3h: 8 },
        faults: { 'sump-1 sump-float-stuck': stuck },
        each: (now) => {
          seen.level = Math.max(seen.level, sumpLevelM(now));
          seen.floor = Math.max(seen.floor, floorDepthM(now));
        },
      });
      return seen;
    };
    expect(highest(0.3).level).toBeGreaterThan(1.1);
    expect(highest(0.3).level).toBeLessThan(1.2);
    expect(highest(0.3).floor).toBe(0);
    expect(highest(1).floor).toBeGreaterThan(0.001);
  });

  it('takes power only from a live feeder', () => {
    const running = drained({ seconds: 600, inflow: { gutterM3h: 20 } });
    expect(drainagePowerW(running)).toBeGreaterThan(sumpPumpData.powerW * 0.9);
    const dark = drained({ seconds: 60, inflow: { gutterM3h: 20 }, start: running, supply: [0, 0, 0] });
    expect([drainagePowerW(dark), ...dark.pumps.map(({ running: on }) => on)]).toEqual([0, false, false]);
  });

  it('copes with a cloudburst', () => {
    let highest = 0;
    drained({
      seconds: 2 * hour,
      rainMmPerH: 90,
      each: (now) => {
        highest = Math.max(highest, sumpLevelM(now));
      },
    });
    expect(highest).toBeLessThan(sumpData.assistM);
  });
});

describe('a leak sensor', () => {
  const wetAt = (depthM: number, faults: Record<string, number> = {}): boolean => {
    let leaks = newLeaks(['leak-1', 'leak-2']);
    for (const tick of ticks({ seconds: 60, faults })) leaks = stepLeaks(leaks, tick, { sensor: 'leak-1', depthM });
    return leaks.sensors[0]?.wet === true;
  };

  it('is wetted by a millimetre on its own floor, by water at its feet, and by nothing else', () => {
    expect([wetAt(0), wetAt(0.0005), wetAt(0.0012)]).toEqual([false, false, true]);
    expect(wetAt(0, { 'leak-1 water-leak': 0.5 })).toBe(true);
    expect(wetAt(0, { 'leak-2 water-leak': 1 })).toBe(false);
  });

  it('dries when the water has run off, not before', () => {
    let leaks = newLeaks(['leak-1']);
    const wetFor = (seconds: number, faults: Record<string, number>): boolean[] => {
      const seen: boolean[] = [];
      for (const tick of ticks({ seconds, faults })) {
        leaks = stepLeaks(leaks, tick, { sensor: 'other', depthM: 0 });
        seen.push(leaks.sensors[0]?.wet === true);
      }
      return seen;
    };
    expect(wetFor(600, { 'leak-1 water-leak': 1 }).at(-1)).toBe(true);
    const drying = wetFor(1200, {});
    expect(drying.indexOf(false)).toBeGreaterThan(300);
    expect(drying.at(-1)).toBe(false);
  });

  it('tells an empty battery', () => {
    let leaks = newLeaks(['leak-1']);
    for (const tick of ticks({ seconds: 1, faults: { 'leak-1 battery-drained': 1 } }))
      leaks = stepLeaks(leaks, tick, { sensor: 'leak-1', depthM: 0 });
    expect(leaks.sensors[0]?.leftPct).toBeLessThan(10);
    expect(leaks.sensors[0]?.batteryPct).toBeGreaterThan(90);
  });
});
