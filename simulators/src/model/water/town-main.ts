import { byHour, type Calendar } from '../tick.ts';

const usualKpa = [
  [4, 380],
  [7.5, 270],
  [9.5, 310],
  [15, 320],
  [19, 260],
  [22, 330],
] as const;

/** Pressure of the town main at the tank room, kPa: low when the town wakes and when it cooks. */
export function townMainKpa({ hour }: Calendar): number {
  return byHour(hour, usualKpa);
}

/** Water of the town main through the year, °C (a buried main follows the air by about three weeks). */
export function townMainC({ dayOfYear }: Calendar): number {
  return 16.5 + 8 * Math.cos(((dayOfYear - 228) / 365) * 2 * Math.PI);
}
