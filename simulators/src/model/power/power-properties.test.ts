import { loadCatalog } from '@plantroom/device-profiles';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { backupPowerFaults } from '../../faults/catalogue/backup-power-faults.ts';
import { powerFaults } from '../../faults/catalogue/power-faults.ts';
import { RunningBuilding } from '../test-helpers/running-building.ts';
import { engineData } from './generator-engine.ts';
import { sum } from './meter.ts';
import { upsData } from './ups.ts';

const { catalog } = loadCatalog();
const equipment = {
  'power-meter': ['meter-incomer', 'meter-tenants-low', 'meter-hvac', 'meter-data-room', 'meter-fire'],
  generator: ['generator-1'],
  ups: ['ups-1'],
} as const;

/** Something of the catalogue at an equipment that it befalls. */
const anyOccurrence = fc.constantFrom(...powerFaults, ...backupPowerFaults).chain(({ id, classes }) =>
  fc.record({
    fault: fc.constant<string>(id),
    at: fc.constantFrom(...classes.flatMap((ofClass) => equipment[ofClass])),
    severity: fc.double({ min: 0.05, max: 1, noNaN: true }),
    afterS: fc.integer({ min: 0, max: 240 }),
    forS: fc.integer({ min: 1, max: 240 }),
  }),
);

function expectBalance({ now }: RunningBuilding): void {
  const { power } = now;
  const given = sum(power.incomer.activeW) + sum(power.generator.activeW);
  expect(given).toBeCloseTo(sum(power.feeders.map((feeder) => sum(feeder.activeW))) + sum(power.boardLossW), 5);
  // Never both sources at once.
  if (power.transfer.position !== 'generator') expect(sum(power.generator.activeW)).toBe(0);
}

function expectPlausible(building: RunningBuilding): void {
  for (const [ofClass, ids] of Object.entries(equipment))
    for (const id of ids) {
      const points = building.points(id);
      for (const [point, { range }] of Object.entries(catalog.classes.get(ofClass)!.points)) {
        const value = points[point];
        if (typeof value !== 'number' || range === undefined) continue;
        // Nothing to measure a frequency on: 0 is what meters show, and what the line takes for no value.
        if (point === 'frequency' && value === 0) continue;
        expect(value, `${id}/${point}`).toBeGreaterThanOrEqual(range[0]);
        expect(value, `${id}/${point}`).toBeLessThanOrEqual(range[1]);
      }
    }
}

it('whatever befalls it together, power, fuel and charge balance and every value stays plausible', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 0, max: 1000 }),
      fc.array(anyOccurrence, { minLength: 1, maxLength: 5 }),
      (seed, list) => {
        const building = new RunningBuilding({ seed });
        const { engine: engineBefore } = building.now.power.generator;
        let aged = false;
        for (let second = 0; second < 480; second++) {
          for (const { fault, at, severity, afterS, forS } of list) {
            if (second === afterS) building.on(at, fault, severity);
            if (second === afterS + forS) building.off(fault);
            aged ||= fault === 'ups-battery-aged';
          }
          building.pass(1);
          expectBalance(building);
          if (second % 30 === 0) expectPlausible(building);
        }
        const { generator, ups } = building.now.power;
        const { fuelL, filledL, usedL, leakedL } = generator.engine;
        expect(fuelL).toBeCloseTo(engineBefore.fuelL + filledL - usedL - leakedL, 6);
        expect(fuelL).toBeLessThanOrEqual(engineData.tankL);
        if (!aged) expect(ups.storedWh).toBeCloseTo(upsData.capacityWh + ups.chargedWh - ups.dischargedWh, 6);
      },
    ),
    { numRuns: 25, seed: 11 },
  );
}, 120_000);
