import type { Random } from '../random.ts';
import { lag } from '../tick.ts';

/** One pump of the set. */
export interface Pump {
  id: string;
  running: boolean;
  /** Stopped by its own protection; 0: none. */
  tripCode: number;
  starts: number;
  runS: number;
  /** Since the last start or stop. */
  stateS: number;
  speed: number;
  flowM3h: number;
  powerW: number;
  currentA: number;
  energyKwh: number;
  vibrationMmS: number;
  kurtosis: number;
  hfAccelerationG: number;
  bearingC: number;
  motorC: number;
}

export const pumpData = {
  /** Head at rated speed and no flow. */
  shutoffKpa: 640,
  /** Fall of the head with the square of the flow, kPa/(m³/h)². */
  slope: 1.25,
  ratedSpeedRpm: 2900,
  ratedHz: 50,
  /** Below it a pump gives no water against the set point; it does not run slower. */
  minSpeed: 0.5,
  efficiency: 0.62,
  powerFactor: 0.85,
  roomC: 22,
} as const;

export function newPump(id: string, history: { starts: number; runS: number; energyKwh: number }): Pump {
  return {
    id,
    running: false,
    tripCode: 0,
    stateS: 3600,
    speed: 0,
    flowM3h: 0,
    powerW: 0,
    currentA: 0,
    vibrationMmS: 0.05,
    kurtosis: 2.9,
    hfAccelerationG: 0.01,
    bearingC: pumpData.roomC + 2,
    motorC: pumpData.roomC + 3,
    ...history,
  };
}

/** Flow against a pressure rise, by the affinity laws; the check valve lets none back. */
export function flowAgainst(riseKpa: number, speed: number): number {
  const head = pumpData.shutoffKpa * speed * speed - riseKpa;
  return head <= 0 ? 0 : Math.sqrt(head / pumpData.slope);
}

/** Mechanics of one step: power, heat and vibration by load and wear (0 new, 1 about to seize). `dry`: no water in it. */
export function stepPumpMechanics(
  pump: Pump,
  load: { riseKpa: number; wear: number; dry: boolean; dtS: number; random: Random },
): Pump {
  const { wear, dtS, random } = load;
  const hydraulicW = (pump.flowM3h * Math.max(0, load.riseKpa)) / 3.6;
  const turning = pump.running ? pump.speed : 0;
  const shaftW = turning > 0 ? hydraulicW / pumpData.efficiency + 420 * turning ** 3 : 0;
  const powerW = turning > 0 ? (load.dry ? 260 : shaftW * (1 + 0.22 * wear)) + 60 : 0;
  const share = Math.min(1.3, powerW / 4000);
  const vibration = turning > 0 ? (0.9 + 0.5 * turning + 0.35 * share) * (1 + 5 * wear) + (load.dry ? 1.5 : 0) : 0.04;
  return {
    ...pump,
    powerW,
    currentA: powerW / (Math.sqrt(3) * 400 * pumpData.powerFactor),
    energyKwh: pump.energyKwh + (powerW * dtS) / 3_600_000,
    runS: pump.runS + (turning > 0 ? dtS : 0),
    stateS: pump.stateS + dtS,
    vibrationMmS: Math.max(0.01, lag(pump.vibrationMmS, vibration, { dtS, tauS: 2 }) * (1 + 0.012 * random.normal())),
    kurtosis: lag(pump.kurtosis, turning > 0 ? 3 + 5 * wear : 2.9, { dtS, tauS: 4 }) + 0.01 * random.normal(),
    hfAccelerationG: Math.max(0, lag(pump.hfAccelerationG, turning > 0 ? 0.09 + 0.9 * wear : 0.01, { dtS, tauS: 4 })),
    bearingC: lag(pump.bearingC, pumpData.roomC + (turning > 0 ? 12 + 8 * share + 48 * wear : 0), { dtS, tauS: 240 }),
    motorC: lag(pump.motorC, pumpData.roomC + (turning > 0 ? 18 + 22 * share + 8 * wear : 0), { dtS, tauS: 600 }),
  };
}
