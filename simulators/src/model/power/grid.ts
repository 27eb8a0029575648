import type { Random } from '../random.ts';
import { type ByHour, byHour, type Tick } from '../tick.ts';

/** The supplier's network, as it comes through the unloaded transformer. */
export interface Grid {
  /** Slow wander around the course of the day, V. */
  wanderV: number;
  voltsV: number[];
  frequencyHz: number;
}

/** 400/231 V at the tap that leaves the 380 V that the building is made for. */
const noLoadV = 229;

export function newGrid(): Grid {
  return { wanderV: 0, voltsV: [noLoadV, noLoadV, noLoadV], frequencyHz: 50 };
}

/** High at night, low when everybody cooks and heats, V. */
const dailyV: ByHour = [
  [4, 2],
  [9, -1],
  [13, 0],
  [18.5, -2],
  [23, 1],
];

export function stepGrid(grid: Grid, tick: Tick, random: Random): Grid {
  const { dtS } = tick;
  const wanderV = grid.wanderV * Math.exp(-dtS / 600) + 0.03 * random.normal();
  const v = noLoadV + byHour(tick.calendar.hour, dailyV) + wanderV;
  const jitter = 0.08 * random.normal();
  return {
    wanderV,
    voltsV: [v + 0.6 + jitter, v - 0.3 - jitter, v - 0.4 + 0.7 * jitter],
    // GB/T 15945: within ±0.2 Hz in a large network.
    frequencyHz: 50 + (grid.frequencyHz - 50) * Math.exp(-dtS / 30) + 0.003 * random.normal(),
  };
}
