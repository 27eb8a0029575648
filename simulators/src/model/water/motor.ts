import { lag } from '../tick.ts';

/** Motor with its frequency drive. */
export const motorData = {
  ratedSpeedRpm: 2900,
  ratedHz: 50,
  ratedW: 5500,
  ratedA: 11.5,
  supplyV: 400,
  powerFactor: 0.87,
  /** A drive that is switched on and stands, W. */
  standbyW: 12,
} as const;

export interface MotorLoad {
  /** Into the motor (heat of its winding), W. */
  motorLossW: number;
  /** In the drive's electronics, W. */
  driveLossW: number;
  /** From the feeder, W. */
  powerW: number;
  currentA: number;
}

/** Electrical side of a shaft power; `supply`: L1, L2, L3 per unit of nominal. The drive keeps the power, so a low voltage raises the current. */
export function motorLoad(shaftW: number, speed: number, supply: readonly number[]): MotorLoad {
  const share = shaftW / motorData.ratedW;
  const motorLossW = 90 * speed + 0.055 * shaftW + 420 * share * share;
  const driveLossW = 35 + 0.022 * shaftW;
  const powerW = shaftW + motorLossW + driveLossW;
  let alive = 0;
  let volts = 0;
  for (const v of supply) {
    if (v < livePerUnit) continue;
    alive++;
    volts += v;
  }
  const mean = alive === 0 ? 1 : volts / alive;
  // On two phases the rectifier takes the same power from one line voltage instead of three.
  const singlePhasing = alive < 3 ? Math.sqrt(3) : 1;
  const currentA = (powerW * singlePhasing) / (Math.sqrt(3) * motorData.supplyV * mean * motorData.powerFactor);
  return { motorLossW, driveLossW, powerW, currentA };
}

/** Below this share of its nominal voltage a phase is lost for a drive. */
const livePerUnit = 0.7;

export type Supply = 'full' | 'phase-lost' | 'none';

export function supplyState(supply: readonly number[]): Supply {
  let alive = 0;
  for (const v of supply) if (v >= livePerUnit) alive++;
  if (alive === 3) return 'full';
  return alive === 0 ? 'none' : 'phase-lost';
}

/** Thermal picture of the winding, (I/I rated)²; trips above 1.1² held for minutes. */
const heatTauS = 120;
export const tripHeat = 1.21;
export const coolHeat = 0.6;

export function stepHeat(heat: number, currentA: number, { ratedA, dtS }: { ratedA: number; dtS: number }): number {
  return lag(heat, (currentA / ratedA) ** 2, { dtS, tauS: heatTauS });
}
