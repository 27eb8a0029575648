import { VirtualClock } from '@plantroom/contracts';
import { expect, it } from 'vitest';
import { FaultBoard } from '../../faults/fault-board.ts';
import { newBuilding } from '../building.ts';
import { BuildingRunner } from '../building-runner.ts';
import { demoBuilding } from '../building-spec.ts';
import { sum } from '../power/meter.ts';
import { boosterPowerW } from '../water/water.ts';
import { drainagePowerW } from './drainage.ts';

it('the feeder of the pumps carries the three pumps with their controller and the sump pumps, to the watt', () => {
  const nowMs = Date.parse('2026-03-03T12:00:00+08:00');
  const clock = new VirtualClock(nowMs);
  const spec = demoBuilding([]);
  const faults = new FaultBoard(new Map([['tank-1', 'tank']]));
  const runner = new BuildingRunner({ spec, building: newBuilding(spec, 7, nowMs), faults, clock });
  runner.start();
  // A chamber is drained, so the sump pumps run as well.
  faults.set({ equipment: 'tank-1', fault: 'tank-cleaning' }, nowMs);
  let drained = 0;
  for (let second = 0; second < 1200; second++) {
    clock.advance(1000);
    const { power, water, drainage } = runner.building;
    const feeder = power.feeders.find(({ id }) => id === 'meter-pumps');
    expect(sum(feeder?.activeW ?? [])).toBeCloseTo(boosterPowerW(water) + drainagePowerW(drainage), 6);
    drained = Math.max(drained, drainagePowerW(drainage));
  }
  expect(drained).toBeGreaterThan(1000);
});
