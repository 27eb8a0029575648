import type { Reading } from '@plantroom/contracts';
import type { BoundPoint } from '@plantroom/device-profiles';

/** Joins decode to the outbox: a pure step on one reading. Sets quality, never improves it; undefined drops it (report by exception). */
export interface Stage<State> {
  name: string;
  /** State of one point before its first reading. */
  initial(binding: BoundPoint): State;
  apply(state: State, reading: Reading, binding: BoundPoint): { state: State; reading: Reading | undefined };
}
