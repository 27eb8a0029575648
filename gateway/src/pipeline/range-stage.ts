import type { Reading } from '@plantroom/contracts';
import type { BoundPoint } from '@plantroom/device-profiles';
import type { Stage } from './stage.ts';

/** Outside the class's plausible range a good number is kept, but only as uncertain/out-of-range. */
export const rangeStage: Stage<null> = {
  name: 'range',
  initial: () => null,
  apply(state, reading, { range }) {
    if (!isOutside(reading, range)) return { state, reading };
    return { state, reading: { ...reading, quality: 'uncertain', reason: 'out-of-range' } };
  },
};

export function isOutside({ value, quality }: Reading, range: BoundPoint['range']): boolean {
  if (range === null || quality !== 'good' || typeof value !== 'number') return false;
  return !(value >= range[0] && value <= range[1]);
}
