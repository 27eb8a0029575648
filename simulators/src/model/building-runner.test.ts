import { VirtualClock } from '@plantroom/contracts';
import { expect, test } from 'vitest';
import { FaultBoard } from '../faults/fault-board.ts';
import { newBuilding } from './building.ts';
import { BuildingRunner } from './building-runner.ts';
import { demoBuilding } from './building-spec.ts';

/** A Tuesday, 08:30 in Shanghai: the cars are busy. */
const startMs = Date.UTC(2026, 2, 3, 0, 30);
const spec = demoBuilding([]);

function running(ahead?: number) {
  const clock = new VirtualClock(startMs);
  const faults = new FaultBoard(new Map([[spec.water.booster, 'booster-pump-set']]));
  const building = newBuilding(spec, 7, startMs);
  const runner = new BuildingRunner({
    spec,
    building,
    faults,
    clock,
    ...(ahead === undefined ? {} : { ahead }),
  });
  runner.start();
  return { clock, faults, runner };
}

type Running = ReturnType<typeof running>;

/** What happens in a minute and a half, each at its time since the start, ms. */
const happenings: readonly (readonly [number, (to: Running) => void])[] = [
  [
    13_100,
    ({ faults, clock }) =>
      void faults.set({ equipment: spec.water.booster, fault: 'pipe-burst', rampS: 20 }, clock.nowMs()),
  ],
  [20_000, ({ runner }) => void runner.setPoint(spec.air.ahus[0]?.id ?? '', 'supply-setpoint', 17)],
  [31_700, ({ faults }) => void faults.clear('fault-1')],
  // The wall clock is set.
  [47_000, ({ clock }) => clock.step(-3_600_000)],
  [61_900, ({ runner }) => runner.step()],
];

test.each([2, 37, 50, 1000])('steps that are worked out %i in a row make the same course as single ones', (ahead) => {
  const one = running();
  const many = running(ahead);
  let done = 0;
  for (let atMs = 100; atMs <= 90_000; atMs += 100) {
    for (const each of [one, many]) each.clock.advance(100);
    for (const [whenMs, happen] of happenings.slice(done)) {
      if (whenMs > atMs) break;
      for (const each of [one, many]) happen(each);
      done += 1;
    }
    expect(many.runner.revision).toBe(one.runner.revision);
    expect(many.runner.building, `${atMs} ms`).toEqual(one.runner.building);
  }
  expect(done).toBe(happenings.length);
});
