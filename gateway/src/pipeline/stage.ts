import type { Reading } from '@plantroom/contracts';
import type { PointBinding } from '@plantroom/device-profiles';

/** Joins decode to the outbox: a pure step on one reading. Sets quality, never improves it; undefined drops it (report by exception). */
export interface Stage<State> {
  name: string;
  /** State of one point before its first reading. */
  initial(binding: PointBinding): State;
  apply(state: State, reading: Reading, binding: PointBinding): { state: State; reading: Reading | undefined };
}
