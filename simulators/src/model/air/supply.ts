/** What a feeder's voltages mean for motors and controllers. */
export interface FeederState {
  /** Controllers answer and control. */
  powered: boolean;
  /** Three phases high enough for motors; their protection trips otherwise. */
  motors: boolean;
}

export function feederState(voltsPerUnit: readonly number[]): FeederState {
  const low = Math.min(...voltsPerUnit);
  const high = Math.max(...voltsPerUnit);
  return { powered: high > 0.5, motors: low > 0.75 };
}
