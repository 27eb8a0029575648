import { VirtualClock } from '@plantroom/contracts';
import type { FaultBoard } from '../../../simulators/src/faults/fault-board.ts';
import { type Building, newBuilding } from '../../../simulators/src/model/building.ts';
import { BuildingRunner } from '../../../simulators/src/model/building-runner.ts';
import type { BuildingSpec } from '../../../simulators/src/model/building-spec.ts';

/** What befell the building before the line was opened. */
export interface Past {
  /** UTC ms at which the model begins; whole seconds before the opening, so that its steps go on in turn. */
  fromMs: number;
  /** In order of time; `atMs` in UTC. */
  events: readonly { atMs: number; run(faults: FaultBoard, nowMs: number): void }[];
}

export interface LivePastOptions {
  spec: BuildingSpec;
  seed: number;
  faults: FaultBoard;
  past: Past;
  /** UTC ms; the step that falls on it is left to the line. */
  untilMs: number;
}

/** The model alone, step by step as on a line. Answers what the building is like then; the faults are left as they are. */
export function livePast({ spec, seed, faults, past, untilMs }: LivePastOptions): Building {
  const clock = new VirtualClock(past.fromMs);
  const runner = new BuildingRunner({ spec, building: newBuilding(spec, seed, past.fromMs), faults, clock });
  const passTo = (ms: number): void => clock.advance(ms - clock.nowMs());
  runner.step();
  runner.start();
  for (const { atMs, run } of past.events) {
    passTo(Math.min(atMs, untilMs - 1));
    run(faults, atMs);
  }
  passTo(untilMs - 1);
  runner.stop();
  return runner.building;
}
