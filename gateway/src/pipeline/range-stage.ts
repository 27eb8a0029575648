import type { Stage } from './stage.ts';

/** Outside the class's plausible range a good number is kept, but only as uncertain/out-of-range. */
export const rangeStage: Stage<null> = {
  name: 'range',
  initial: () => null,
  apply(state, reading, { range }) {
    if (range === null || reading.quality !== 'good' || typeof reading.value !== 'number') return { state, reading };
    const inside = reading.value >= range[0] && reading.value <= range[1];
    return { state, reading: inside ? reading : { ...reading, quality: 'uncertain', reason: 'out-of-range' } };
  },
};
