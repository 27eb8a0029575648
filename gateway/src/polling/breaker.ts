/** Three silences bear a lost frame or two. */
export const silencesUntilOpen = 3;

/** Whether a unit is polled, or only probed because it is silent. */
export interface BreakerState {
  silences: number;
  open: boolean;
}

export const closedBreaker: BreakerState = { silences: 0, open: false };

export function afterPoll(state: BreakerState, outcome: 'answered' | 'silent'): BreakerState {
  if (outcome === 'answered') return state.silences === 0 ? state : closedBreaker;
  const silences = state.silences + 1;
  return { silences, open: silences >= silencesUntilOpen };
}
