import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { motorData, motorLoad, stepHeat, supplyState, tripHeat } from './motor.ts';
import { cavitation, flowAgainst, pumpCurve, waterSideW } from './pump-curve.ts';
import { vibrationOf } from './vibration.ts';

const alone = { head: 1, suctionLoss: 0, together: 1 };
const speeds = fc.double({ min: 0.4, max: 1, noNaN: true });

describe('the pump', () => {
  it('follows the affinity laws: flow with the speed, head with its square, power with its cube', () => {
    fc.assert(
      fc.property(speeds, fc.double({ min: 50, max: 900, noNaN: true }), (speed, riseKpa) => {
        const full = flowAgainst(riseKpa, 1, alone);
        const slow = flowAgainst(riseKpa * speed * speed, speed, alone);
        // Not exact near the shut-off head, where the curve is smoothed.
        expect(Math.abs(slow - full * speed)).toBeLessThan(0.2);
        expect(waterSideW(full * speed, speed)).toBeCloseTo(waterSideW(full, 1) * speed ** 3, 6);
      }),
    );
  });

  it('never gives more power to the water than it takes from the shaft, nor the shaft more than the feeder gives', () => {
    fc.assert(
      fc.property(speeds, fc.double({ min: 0, max: 1100, noNaN: true }), (speed, riseKpa) => {
        const flowM3h = flowAgainst(riseKpa, speed, alone);
        const hydraulicW = (flowM3h * riseKpa) / 3.6;
        const shaftW = waterSideW(flowM3h, speed) + pumpCurve.frictionW * speed;
        expect(hydraulicW).toBeLessThan(shaftW * 0.73);
        expect(shaftW).toBeLessThan(motorLoad(shaftW, speed, [1, 1, 1]).powerW);
      }),
    );
  });

  it('does best near its best point', () => {
    const efficiency = (flow: number) =>
      (flow * (pumpCurve.shutoffKpa - pumpCurve.slope * flow * flow)) / 3.6 / waterSideW(flow, 1);
    expect(efficiency(11)).toBeGreaterThan(0.65);
    expect(efficiency(3)).toBeLessThan(0.45);
    expect(efficiency(20)).toBeLessThan(0.4);
  });

  it('cavitates when the suction asks more than the atmosphere gives, and sooner at more flow', () => {
    expect(cavitation(15, 18)).toBe(0);
    expect(cavitation(15, -60)).toBeGreaterThan(0);
    expect(cavitation(15, -60)).toBeGreaterThan(cavitation(8, -60));
    expect(cavitation(15, -90)).toBe(1);
  });
});

describe('the motor', () => {
  it('draws more current from a low voltage and from two phases, and is dead without any', () => {
    const amps = (supply: number[]) => motorLoad(3500, 0.9, supply).currentA;
    expect(amps([0.9, 0.9, 0.9])).toBeCloseTo(amps([1, 1, 1]) / 0.9, 9);
    expect(amps([1, 0.05, 1])).toBeCloseTo(amps([1, 1, 1]) * Math.sqrt(3), 9);
    expect([supplyState([1, 1, 1]), supplyState([1, 0, 1]), supplyState([0, 0, 0])]).toEqual([
      'full',
      'phase-lost',
      'none',
    ]);
  });

  it('carries its rated current for ever and a fifth more for some minutes', () => {
    const secondsTo = (amps: number): number => {
      let heat = 0;
      for (let second = 1; second <= 7200; second++) {
        heat = stepHeat(heat, amps, { ratedA: motorData.ratedA, dtS: 1 });
        if (heat > tripHeat) return second;
      }
      return Number.POSITIVE_INFINITY;
    };
    expect(secondsTo(motorData.ratedA)).toBe(Number.POSITIVE_INFINITY);
    expect(secondsTo(motorData.ratedA * 1.2)).toBeGreaterThan(120);
    expect(secondsTo(motorData.ratedA * 1.2)).toBeLessThan(600);
  });
});

describe('vibration', () => {
  const healthy = { speed: 0.8, load: 0.5, wear: 0, unbalance: 0, misalignment: 0, cavitation: 0, dry: false };

  it('tells what is wrong by its order', () => {
    expect(vibrationOf(healthy).order).toBe(1);
    expect(vibrationOf({ ...healthy, unbalance: 1 }).order).toBe(1);
    expect(vibrationOf({ ...healthy, misalignment: 1 }).order).toBe(2);
    expect(vibrationOf({ ...healthy, wear: 1 }).order).toBeGreaterThan(3);
  });

  it('of a bearing: rings first, shakes later, and loses its peaks at the end', () => {
    const at = (wear: number) => vibrationOf({ ...healthy, wear });
    expect(at(0.2).hfAccelerationG / at(0).hfAccelerationG).toBeGreaterThan(3);
    expect(at(0.2).velocityMmS / at(0).velocityMmS).toBeLessThan(1.2);
    expect(at(0.7).kurtosis).toBeGreaterThan(at(1).kurtosis);
    for (let wear = 0; wear < 1; wear += 0.1) expect(at(wear + 0.1).velocityMmS).toBeGreaterThan(at(wear).velocityMmS);
  });

  it('lies in zone A or B of ISO 10816-7 for a healthy pump at every speed and load', () => {
    fc.assert(
      fc.property(speeds, fc.double({ min: 0, max: 1, noNaN: true }), (speed, load) => {
        expect(vibrationOf({ ...healthy, speed, load }).velocityMmS).toBeLessThan(2.5);
      }),
    );
  });
});
