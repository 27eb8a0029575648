/** NICE3000+ fault numbers ("E41" …); 0: none. */
export const faultCodes = {
  none: 0,
  overvoltageDecelerating: 6,
  overvoltageRunning: 7,
  undervoltage: 9,
  motorOverload: 11,
  inputPhase: 12,
  moduleOverheat: 14,
  encoder: 20,
  levelling: 22,
  position: 30,
  brakeFeedback: 37,
  safetyCircuit: 41,
  lockWhileRunning: 42,
  doorOpen: 48,
  doorClose: 49,
  carBus: 51,
  doorLock: 53,
  unintendedMovement: 65,
} as const;

/** What the controller does about a fault: brakes at once, stops at the next landing and stays there, or only tells it. */
export type FaultStop = 'now' | 'landing' | 'none';

const stops: Readonly<Record<number, FaultStop>> = {
  [faultCodes.motorOverload]: 'landing',
  [faultCodes.carBus]: 'landing',
  [faultCodes.levelling]: 'none',
};

export function stopOf(code: number): FaultStop {
  return stops[code] ?? 'now';
}
