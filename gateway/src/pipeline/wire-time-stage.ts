import type { Stage } from './stage.ts';

/** (point, wire time) identifies a reading, so a tie or a step back of the clock is moved to one ms after the last. */
export const wireTimeStage: Stage<number> = {
  name: 'wire-time',
  initial: () => -1,
  apply(lastMs, reading) {
    if (reading.wireTimeMs > lastMs) return { state: reading.wireTimeMs, reading };
    return { state: lastMs + 1, reading: { ...reading, wireTimeMs: lastMs + 1 } };
  },
};
