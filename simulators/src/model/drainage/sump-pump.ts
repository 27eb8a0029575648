import { lag } from '../tick.ts';
import { coolHeat, stepHeat, supplyState, tripHeat } from '../water/motor.ts';

/** A submersible pump on a frequency drive that only starts it softly. */
export interface SumpPump {
  id: string;
  running: boolean;
  tripped: boolean;
  starts: number;
  runS: number;
  supplyFaultS: number;
  heat: number;
  /** Per unit of rated. */
  speed: number;
  flowM3h: number;
  powerW: number;
  currentA: number;
  energyKwh: number;
  driveC: number;
}

export const sumpPumpData = {
  /** Against the head of the pressure pipe, m³/h. */
  flowM3h: 20,
  powerW: 2300,
  ratedA: 5.2,
  ratedSpeedRpm: 2850,
  ratedHz: 50,
  standbyW: 10,
} as const;

/** What is wrong with it, each 0 … 1. */
export interface SumpPumpWear {
  /** Worn impeller: delivers less. */
  impeller: number;
  bearing: number;
  /** Rags in the impeller. */
  binding: number;
  trip: boolean;
}

const rampPerS = 0.2;
/** A drive rides through a shorter loss of a phase, s. */
const phaseLossS = 5;

export function newSumpPump(id: string, history: { starts: number; runS: number; energyKwh: number }): SumpPump {
  return {
    id,
    running: false,
    tripped: false,
    supplyFaultS: 0,
    heat: 0,
    speed: 0,
    flowM3h: 0,
    powerW: 0,
    currentA: 0,
    driveC: 25,
    ...history,
  };
}

/** Own protection: holds until the cause is gone and the motor has cooled. */
function sumpPumpTrips(pump: SumpPump, wear: SumpPumpWear, supply: readonly number[]): boolean {
  if (wear.trip || pump.heat > tripHeat) return true;
  if (supplyState(supply) === 'phase-lost' && pump.supplyFaultS >= phaseLossS) return true;
  return pump.tripped && (wear.binding > 0 || pump.heat > coolHeat);
}

/** `calls`: its float or a hand wants it to run. */
export function stepSumpPump(
  before: SumpPump,
  load: { calls: boolean; hasWater: boolean; wear: SumpPumpWear; supply: readonly number[]; roomC: number },
  dtS: number,
): SumpPump {
  const { wear, supply } = load;
  const tripped = sumpPumpTrips(before, wear, supply);
  const state = supplyState(supply);
  const running = load.calls && !tripped && state !== 'none';
  const speed = running ? Math.min(1, before.speed + rampPerS * dtS) : 0;
  const flowM3h = load.hasWater
    ? sumpPumpData.flowM3h * speed * (1 - 0.5 * wear.impeller) * Math.max(0, 1 - 1.2 * wear.binding)
    : 0;
  const turning = load.hasWater ? 1 : 0.6;
  const shareOfPower = turning + 0.1 * wear.bearing + 0.5 * wear.binding;
  const idleW = state === 'none' ? 0 : sumpPumpData.standbyW;
  const powerW = speed > 0 ? sumpPumpData.powerW * speed ** 3 * shareOfPower + 45 : idleW;
  const volts = Math.max(0.7, (Math.max(0, supply[0] ?? 1) + (supply[2] ?? 1)) / 2);
  const currentA =
    speed > 0 ? (powerW * (state === 'phase-lost' ? Math.sqrt(3) : 1)) / (Math.sqrt(3) * 400 * 0.8 * volts) : 0;
  return {
    ...before,
    running,
    tripped,
    starts: before.starts + (running && !before.running ? 1 : 0),
    runS: before.runS + (running ? dtS : 0),
    supplyFaultS: state === 'full' ? 0 : before.supplyFaultS + dtS,
    heat: stepHeat(before.heat, currentA, { ratedA: sumpPumpData.ratedA, dtS }),
    speed,
    flowM3h,
    powerW,
    currentA,
    energyKwh: before.energyKwh + (powerW * dtS) / 3_600_000,
    driveC: lag(before.driveC, load.roomC + 6 + (speed > 0 ? 14 * shareOfPower : 0), { dtS, tauS: 300 }),
  };
}
