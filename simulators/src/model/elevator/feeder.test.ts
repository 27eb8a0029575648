import { VirtualClock } from '@plantroom/contracts';
import { expect, it } from 'vitest';
import { FaultBoard } from '../../faults/fault-board.ts';
import { newBuilding } from '../building.ts';
import { BuildingRunner } from '../building-runner.ts';
import { demoBuilding } from '../building-spec.ts';
import { usedKwh } from './group.ts';

it('the meter of the feeder counts what cars and machine room take, to the watt-hour', () => {
  const spec = demoBuilding([{ id: 'fire-zone-lobby', detectors: [1, 2] }]);
  const startMs = Date.UTC(2026, 2, 3, 0);
  const clock = new VirtualClock(startMs);
  const faults = new FaultBoard(new Map());
  const runner = new BuildingRunner({ spec, building: newBuilding(spec, 7, startMs), faults, clock });
  const feeder = spec.power.feeders.findIndex(({ load }) => load === 'elevators');
  const read = (): { metered: number; used: number; busy: boolean } => ({
    metered: runner.building.power.feeders[feeder]!.importKwh,
    used: usedKwh(runner.building.elevators),
    busy: runner.building.elevators.cars.some(({ velocityMs }) => velocityMs !== 0),
  });
  runner.start();
  // The first second of the model ends with the first step.
  clock.advance(200);
  const before = read();
  clock.advance(600_000);
  const after = read();
  expect(after.used - before.used).toBeGreaterThan(0.5);
  expect(after.metered - before.metered).toBeCloseTo(after.used - before.used, 3);
});
