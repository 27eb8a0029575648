import type { Clock } from '@plantroom/contracts';
import type { ActiveFault, FaultBoard } from '../faults/fault-board.ts';
import { type Building, stepMotion, stepSlow } from './building.ts';
import type { BuildingSpec } from './building-spec.ts';
import { surroundingsOf } from './surroundings.ts';
import { type CalendarOf, calendarIn, noFault, type Tick } from './tick.ts';

export const motionStepMs = 200;
const stepsPerSlow = 5;

export interface BuildingRunnerOptions {
  spec: BuildingSpec;
  building: Building;
  faults: FaultBoard;
  clock: Clock;
  /**
   * So many steps are worked out in a row, at the times at which they will fall due, and wait for them: far quicker where much else runs between
   * two steps. What comes otherwise than expected, a fault, a setting, another time, lets them go. Left out: each step when it falls due.
   */
  ahead?: number;
}

/** Where the model stands. */
interface Course {
  building: Building;
  steps: number;
  /** Of the last step. */
  tick: Tick | undefined;
}

/** Drives the model by the clock: cars five times a second, the rest once. Time that was lost (a stop, a sleeping machine) is not made up. */
export class BuildingRunner {
  readonly #options: BuildingRunnerOptions;
  readonly #calendarOf: CalendarOf;
  #course: Course;
  /** What follows on `#course` as long as these faults are on, the next one last. */
  #ahead: Course[] = [];
  #aheadOf: readonly ActiveFault[] = [];
  #cancel: () => void = () => undefined;

  constructor(options: BuildingRunnerOptions) {
    this.#options = options;
    this.#course = { building: options.building, steps: 0, tick: undefined };
    this.#calendarOf = calendarIn(options.spec.timeZone);
  }

  get building(): Building {
    return this.#course.building;
  }

  /** Rises with every step. */
  get revision(): number {
    return this.#course.steps;
  }

  /** Sets what the model lets be set from outside; false: it has no such thing. */
  setPoint(equipment: string, point: string, value: number | boolean): boolean {
    const { building } = this.#course;
    const { air } = building;
    if (point !== 'supply-setpoint' || typeof value !== 'number') return false;
    if (!air.ahus.some(({ id }) => id === equipment)) return false;
    const ahus = air.ahus.map((ahu) =>
      ahu.id === equipment ? { ...ahu, givenSetpointC: value, supplySetpointC: value } : ahu,
    );
    this.#course = { ...this.#course, building: { ...building, air: { ...air, ahus } } };
    this.#ahead = [];
    return true;
  }

  start(): void {
    const startMs = this.#options.clock.monotonicMs();
    let due = 0;
    const next = (): void => {
      due += motionStepMs;
      const lateMs = this.#options.clock.monotonicMs() - startMs - due;
      // Behind by more than a few steps: go on from here instead of hurrying after.
      if (lateMs > 5 * motionStepMs) due += lateMs;
      this.#cancel = this.#options.clock.after(Math.max(0, -lateMs), () => {
        this.step();
        next();
      });
    };
    next();
  }

  stop(): void {
    this.#cancel();
  }

  step(): void {
    const { clock, faults, ahead = 1 } = this.#options;
    const nowMs = clock.nowMs();
    let next = this.#ahead.pop();
    if (next === undefined || next.building.timeMs !== nowMs || faults.active !== this.#aheadOf) {
      next = this.#after(this.#course, nowMs);
      this.#lookAhead(next, ahead - 1);
    }
    this.#course = next;
  }

  #lookAhead(from: Course, count: number): void {
    const ahead: Course[] = [];
    let last = from;
    for (let i = 0; i < count; i++) {
      last = this.#after(last, last.building.timeMs + motionStepMs);
      ahead.push(last);
    }
    this.#ahead = ahead.reverse();
    this.#aheadOf = this.#options.faults.active;
  }

  #after({ building, steps, tick: before }: Course, nowMs: number): Course {
    const { spec, faults } = this.#options;
    const slow = steps % stepsPerSlow === 0;
    const last = slow ? undefined : before;
    const tick: Tick = {
      nowMs,
      dtS: motionStepMs / 1000,
      calendar: last?.calendar ?? this.#calendarOf(nowMs),
      around: last?.around ?? surroundingsOf(building, spec),
      fault: faults.active.length === 0 ? noFault : (equipment, fault) => faults.level({ equipment, fault }, nowMs),
    };
    const moved = stepMotion(building, tick);
    const dtS = (motionStepMs * stepsPerSlow) / 1000;
    return { building: slow ? stepSlow(moved, spec, { ...tick, dtS }) : moved, steps: steps + 1, tick };
  }
}
