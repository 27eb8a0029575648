import { Random } from '../model/random.ts';

/** Whether the exchange with this number is one of the `percent` that get lost; the same number, the same answer. Pure. */
export function isLost(number: number, percent: number): boolean {
  return new Random(number).next() * 100 < percent;
}
