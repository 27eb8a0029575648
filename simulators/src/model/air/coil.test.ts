import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { coolingCoil, heatingCoil } from './coil.ts';
import { enthalpy, ratioOf, relativePct, waterHeatJPerKgK } from './moist-air.ts';

const number = (min: number, max: number) => fc.double({ min, max, noNaN: true });
const inputs = fc.record({
  airKgS: number(0.1, 8),
  c: number(-5, 40),
  rh: number(10, 100),
  waterC: number(5, 60),
  opening: number(0, 1),
  contact: number(0.05, 0.9),
});
const designKgS = 6;

describe('a coil', () => {
  it('takes from the air what it gives to the water, cools to no less than the water, and leaves no fog', () => {
    fc.assert(
      fc.property(inputs, ({ airKgS, c, rh, waterC, opening, contact }) => {
        const ratio = ratioOf(c, rh);
        const waterKgS = opening * designKgS;
        const out = coolingCoil({ airKgS, c, ratio, waterC, waterKgS, designKgS, contact });
        expect(out.heatW).toBeCloseTo(airKgS * (enthalpy(c, ratio) - enthalpy(out.c, out.ratio)), 6);
        expect(out.heatW).toBeGreaterThanOrEqual(0);
        expect(out.heatW).toBeLessThanOrEqual(Math.max(0, waterKgS * waterHeatJPerKgK * (c - waterC)) * 1.001);
        expect(out.c).toBeGreaterThanOrEqual(Math.min(c, waterC) - 1e-9);
        expect(out.ratio).toBeLessThanOrEqual(ratio);
        expect(relativePct(out.c, out.ratio)).toBeLessThanOrEqual(100.001);
      }),
    );
  });

  it('heats to no more than the water and adds no moisture', () => {
    fc.assert(
      fc.property(inputs, ({ airKgS, c, rh, waterC, opening, contact }) => {
        const ratio = ratioOf(c, rh);
        const waterKgS = opening * designKgS;
        const out = heatingCoil({ airKgS, c, ratio, waterC, waterKgS, designKgS, contact });
        expect(out.ratio).toBe(ratio);
        expect(out.c).toBeLessThanOrEqual(Math.max(c, waterC) + 1e-9);
        expect(out.heatW).toBeCloseTo(airKgS * (enthalpy(out.c, ratio) - enthalpy(c, ratio)), 6);
        expect(out.heatW).toBeLessThanOrEqual(Math.max(0, waterKgS * waterHeatJPerKgK * (waterC - c)) * 1.001);
      }),
    );
  });

  it('does more with more water, and dries damp air', () => {
    const at = (share: number) =>
      coolingCoil({
        airKgS: 4,
        c: 32,
        ratio: ratioOf(32, 65),
        waterC: 7,
        waterKgS: share * 6,
        designKgS,
        contact: 0.85,
      });
    expect(at(0)).toEqual({ c: 32, ratio: ratioOf(32, 65), heatW: 0 });
    expect(at(1).heatW).toBeGreaterThan(at(0.5).heatW);
    expect(at(1).ratio).toBeLessThan(ratioOf(32, 65) - 0.003);
  });
});
