import { calendarIn, type Tick } from '../tick.ts';
import { newWater, stepWater, type Water } from '../water/water.ts';

export const waterIds = { booster: 'booster-1', tank: 'tank-1', pumps: ['pump-1', 'pump-2', 'pump-3'] };
const calendarOf = calendarIn('Asia/Shanghai');
const healthySupply = [0.98, 0.98, 0.98];

export interface Course {
  /** With offset; left out: a Wednesday in June, midnight. */
  from?: string;
  seconds: number;
  /** `equipment fault` → severity. */
  faults?: Readonly<Record<string, number>>;
  /** Per unit of L1, L2, L3. */
  supply?: readonly number[];
  rainMmPerH?: number;
  outdoorC?: number;
}

/** Steps of a second. */
export function* ticks({
  from,
  seconds,
  faults = {},
  supply = healthySupply,
  rainMmPerH = 0,
  outdoorC = 22,
}: Course): Generator<Tick> {
  const startMs = Date.parse(from ?? '2026-06-03T00:00:00+08:00');
  const level = (equipment: string, fault: string): number => faults[`${equipment} ${fault}`] ?? 0;
  // Water, drainage and gas feel nothing else of the building.
  const around = { supply: () => supply, rainMmPerH, outdoorC };
  for (let second = 1; second <= seconds; second++) {
    const nowMs = startMs + second * 1000;
    yield { nowMs, dtS: 1, calendar: calendarOf(nowMs), fault: level, around } as unknown as Tick;
  }
}

/** The water after a course; `each` sees every step. */
export function waterAfter(course: Course & { water?: Water; each?: (water: Water, second: number) => void }): Water {
  let water = course.water ?? newWater(waterIds, 7);
  let second = 0;
  for (const tick of ticks(course)) {
    water = stepWater(water, waterIds, tick);
    course.each?.(water, ++second);
  }
  return water;
}
