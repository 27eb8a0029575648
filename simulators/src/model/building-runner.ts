import type { Clock } from '@plantroom/contracts';
import type { FaultBoard } from '../faults/fault-board.ts';
import { type Building, stepMotion, stepSlow } from './building.ts';
import type { BuildingSpec } from './building-spec.ts';
import { surroundingsOf } from './surroundings.ts';
import { type CalendarOf, calendarIn, type Tick } from './tick.ts';

export const motionStepMs = 200;
const stepsPerSlow = 5;

export interface BuildingRunnerOptions {
  spec: BuildingSpec;
  building: Building;
  faults: FaultBoard;
  clock: Clock;
}

/** Drives the model by the clock: cars five times a second, the rest once. Time that was lost (a stop, a sleeping machine) is not made up. */
export class BuildingRunner {
  readonly #options: BuildingRunnerOptions;
  readonly #calendarOf: CalendarOf;
  #building: Building;
  #steps = 0;
  #tick: Tick | undefined;
  #cancel: () => void = () => undefined;

  constructor(options: BuildingRunnerOptions) {
    this.#options = options;
    this.#building = options.building;
    this.#calendarOf = calendarIn(options.spec.timeZone);
  }

  get building(): Building {
    return this.#building;
  }

  /** Rises with every step. */
  get revision(): number {
    return this.#steps;
  }

  /** Sets what the model lets be set from outside; false: it has no such thing. */
  setPoint(equipment: string, point: string, value: number | boolean): boolean {
    const { air } = this.#building;
    if (point !== 'supply-setpoint' || typeof value !== 'number') return false;
    if (!air.ahus.some(({ id }) => id === equipment)) return false;
    const ahus = air.ahus.map((ahu) =>
      ahu.id === equipment ? { ...ahu, givenSetpointC: value, supplySetpointC: value } : ahu,
    );
    this.#building = { ...this.#building, air: { ...air, ahus } };
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
    const nowMs = this.#options.clock.nowMs();
    const slow = this.#steps % stepsPerSlow === 0;
    const tick = this.#tickAt(nowMs, slow);
    this.#building = stepMotion(this.#building, tick);
    if (slow) {
      const dtS = (motionStepMs * stepsPerSlow) / 1000;
      this.#building = stepSlow(this.#building, this.#options.spec, { ...tick, dtS });
    }
    this.#steps++;
  }

  #tickAt(nowMs: number, slow: boolean): Tick {
    const { faults } = this.#options;
    const last = slow ? undefined : this.#tick;
    this.#tick = {
      nowMs,
      dtS: motionStepMs / 1000,
      calendar: last?.calendar ?? this.#calendarOf(nowMs),
      around: last?.around ?? surroundingsOf(this.#building, this.#options.spec),
      fault: (equipment, fault) => (faults.active.length === 0 ? 0 : faults.level({ equipment, fault }, nowMs)),
    };
    return this.#tick;
  }
}
