import type { Surroundings } from '../../surroundings.ts';
import { calendarIn } from '../../tick.ts';
import type { Car, CarSpec } from '../car.ts';
import { type ElevatorGroup, newElevatorGroup, stepElevatorGroup } from '../group.ts';

export const specs: readonly CarSpec[] = [
  { id: 'car-1', kind: 'passenger' },
  { id: 'car-2', kind: 'passenger' },
  { id: 'car-3', kind: 'passenger' },
  { id: 'car-4', kind: 'goods' },
];
/** A Tuesday, 08:00 in Shanghai. */
export const morningMs = Date.UTC(2026, 2, 3, 0);

/** A group on its own, with faults, supply and linkage set by hand; 200 ms a step. */
export class GroupRig {
  group: ElevatorGroup;
  nowMs: number;
  supply: readonly number[] = [1, 1, 1];
  fire = false;
  onGenerator = false;
  evacuated = false;
  outdoorC = 15;
  readonly levels = new Map<string, number>();
  readonly #calendarOf = calendarIn('Asia/Shanghai');

  constructor({ seed = 7, startMs = morningMs, group = newElevatorGroup(specs, seed) } = {}) {
    this.group = group;
    this.nowMs = startMs;
  }

  set(car: string, fault: string, level = 1): void {
    this.levels.set(`${car} ${fault}`, level);
  }

  car(id: string): Car {
    const car = this.group.cars.find((one) => one.id === id);
    if (car === undefined) throw new Error(`no car ${id}`);
    return car;
  }

  get riding(): number {
    return this.group.cars.reduce((sum, car) => sum + car.riders.length, 0);
  }

  /** Ends early when `until` says so, asked after each step. */
  run(seconds: number, until: () => boolean = () => false): boolean {
    const around = {
      supply: () => this.supply,
      linkage: { fire: this.fire, shed: [] },
      onGenerator: this.onGenerator,
      evacuated: this.evacuated,
      outdoorC: this.outdoorC,
      outdoorRh: 50,
      rainMmPerH: 0,
      windMPerS: 0,
    } satisfies Surroundings;
    let calendar = this.#calendarOf(this.nowMs);
    for (let step = 0; step < seconds * 5; step++) {
      this.nowMs += 200;
      if (step % 5 === 0) calendar = this.#calendarOf(this.nowMs);
      const fault = (car: string, name: string): number =>
        this.levels.size === 0 ? 0 : (this.levels.get(`${car} ${name}`) ?? 0);
      this.group = stepElevatorGroup(this.group, { nowMs: this.nowMs, dtS: 0.2, calendar, around, fault });
      if (until()) return true;
    }
    return false;
  }
}
