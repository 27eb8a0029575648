import { VirtualClock } from '@plantroom/contracts';
import { expect, test } from 'vitest';
import { FaultBoard } from '../../../simulators/src/faults/fault-board.ts';
import type { Building } from '../../../simulators/src/model/building.ts';
import { BuildingRunner } from '../../../simulators/src/model/building-runner.ts';
import { demoBuilding } from '../../../simulators/src/model/building-spec.ts';
import { livePast } from './live-past.ts';

const fromMs = Date.parse('2026-06-03T09:00:00+08:00');
const spec = demoBuilding([{ id: 'fire-zone-lobby', detectors: [1, 2] }]);
const classes = new Map([['elevator-4', 'elevator']]);
const beginMs = fromMs + 100_300;

function past(faults: FaultBoard, untilMs: number): Building {
  const events = [
    {
      atMs: beginMs,
      run: (board: FaultBoard, nowMs: number) => void board.set({ equipment: 'elevator-4', fault: 'held-door' }, nowMs),
    },
  ].filter(({ atMs }) => atMs < untilMs);
  return livePast({ spec, seed: 5, faults, past: { fromMs, events }, untilMs });
}

test('a building that has lived a part alone goes on on a line as if it had always been there', () => {
  const seamMs = fromMs + 180_000;
  const endMs = fromMs + 300_000;
  const whole = past(new FaultBoard(classes), endMs);

  const faults = new FaultBoard(classes);
  const clock = new VirtualClock(seamMs);
  const runner = new BuildingRunner({ spec, building: past(faults, seamMs), faults, clock });
  runner.step();
  runner.start();
  clock.advance(endMs - seamMs - 1);
  runner.stop();
  expect(faults.active).toMatchObject([{ fault: 'held-door', sinceMs: beginMs }]);
  expect(JSON.stringify(runner.building)).toBe(JSON.stringify(whole));
});

test('what befalls it leaves its traces', () => {
  const untilMs = fromMs + 180_000;
  const healthy = livePast({ spec, seed: 5, faults: new FaultBoard(classes), past: { fromMs, events: [] }, untilMs });
  expect(JSON.stringify(past(new FaultBoard(classes), untilMs))).not.toBe(JSON.stringify(healthy));
});
