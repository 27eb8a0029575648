import type { Random } from '../random.ts';
import { lag } from '../tick.ts';
import { coolHeat, motorData, motorLoad, stepHeat, supplyState, tripHeat } from './motor.ts';
import { pumpCurve, waterSideW } from './pump-curve.ts';
import { vibrationOf } from './vibration.ts';

/** One pump of the set with its motor and drive. */
export interface Pump {
  id: string;
  running: boolean;
  /** Stopped by its own protection (Grundfos codes); 0: none. */
  tripCode: number;
  starts: number;
  runS: number;
  /** How long the supply has been other than full, s. */
  supplyFaultS: number;
  /** Thermal picture of the winding, (I/I rated)². */
  heat: number;
  speed: number;
  /** Negative: backwards through a leaking check valve. */
  flowM3h: number;
  hydraulicW: number;
  shaftW: number;
  powerW: number;
  currentA: number;
  energyKwh: number;
  vibrationMmS: number;
  vibrationOrder: number;
  kurtosis: number;
  hfAccelerationG: number;
  bearingC: number;
  motorBearingC: number;
  motorC: number;
  electronicsC: number;
}

/** Grundfos alarm codes. */
export const tripCodes = {
  none: 0,
  missingPhase: 2,
  undervoltage: 40,
  overload: 48,
  overTemperature: 64,
} as const;

/** What is wrong with a pump, each 0 … 1. */
export interface PumpWear {
  bearing: number;
  motorBearing: number;
  impeller: number;
  unbalance: number;
  misalignment: number;
  /** Rubs and binds. */
  binding: number;
  motorCooling: number;
  driveCooling: number;
  trip: boolean;
}

/** What a pump meets in a step. */
export interface PumpLoad {
  speed: number;
  flowM3h: number;
  /** Across the pump, kPa. */
  riseKpa: number;
  /** 0 … 1. */
  cavitation: number;
  /** Share of air in the water, 0 … 1. */
  air: number;
  dry: boolean;
  supply: readonly number[];
  roomC: number;
}

const freshPump = {
  running: false,
  tripCode: tripCodes.none,
  supplyFaultS: 0,
  heat: 0,
  speed: 0,
  flowM3h: 0,
  hydraulicW: 0,
  shaftW: 0,
  powerW: 0,
  currentA: 0,
  vibrationMmS: 0.04,
  vibrationOrder: 0,
  kurtosis: 2.9,
  hfAccelerationG: 0.01,
  bearingC: 24,
  motorBearingC: 24,
  motorC: 25,
  electronicsC: 28,
};

export function newPump(id: string, history: { starts: number; runS: number; energyKwh: number }): Pump {
  return { id, ...freshPump, ...history };
}

/** Winding of class F, and the drive's own heat sink. */
const motorTripC = 145;
const driveTripC = 118;
/** A drive rides through shorter gaps of its supply. */
const phaseLossS = 5;
const outageS = 30;

/** The pump's own protection; it holds until the cause is gone and the winding has cooled. */
export function tripOf(pump: Pump, wear: PumpWear): number {
  if (wear.trip) return tripCodes.overload;
  const { tripCode } = pump;
  if (pump.motorC > motorTripC || pump.electronicsC > driveTripC) return tripCodes.overTemperature;
  if (tripCode === tripCodes.overTemperature && (wear.motorCooling > 0 || wear.driveCooling > 0)) return tripCode;
  if (pump.heat > tripHeat) return tripCodes.overload;
  if (tripCode === tripCodes.overload && (wear.binding > 0 || pump.heat > coolHeat)) return tripCode;
  return tripCodes.none;
}

/** What the supply forbids; undefined: nothing. `code` 0: too short to be reported. */
export function supplyTrip(pump: Pump, supply: readonly number[]): { code: number } | undefined {
  switch (supplyState(supply)) {
    case 'full':
      return undefined;
    case 'phase-lost':
      return pump.supplyFaultS < phaseLossS ? undefined : { code: tripCodes.missingPhase };
    case 'none':
      return { code: pump.supplyFaultS < outageS ? tripCodes.none : tripCodes.undervoltage };
  }
}

/** Share of the rated head that wear, cavitation and air leave. */
export function headLeft(wear: PumpWear, cavitation: number, air: number): number {
  return (1 - 0.25 * wear.impeller) * (1 - 0.45 * cavitation) * (1 - 0.45 * air);
}

/** Mechanics, heat and vibration of one step. */
export function stepPump(
  pump: Pump,
  load: PumpLoad,
  { wear, dtS, random }: { wear: PumpWear; dtS: number; random: Random },
): Pump {
  const { speed, roomC } = load;
  const turns = speed > 0;
  const starts = turns && !pump.running;
  const hydraulicW = turns ? Math.max(0, (load.flowM3h * load.riseKpa) / 3.6) : 0;
  const waterW = load.dry ? 0.35 * waterSideW(0, speed) : waterSideW(load.flowM3h, speed) * (1 - 0.25 * load.air);
  const dragW = pumpCurve.frictionW + 350 * wear.bearing ** 2 + 120 * wear.misalignment + 6000 * wear.binding;
  const shaftW = turns ? waterW + speed * dragW : 0;
  const live = supplyState(load.supply) !== 'none';
  const electric = turns
    ? motorLoad(shaftW, speed, load.supply)
    : { motorLossW: 0, driveLossW: 0, powerW: live ? motorData.standbyW : 0, currentA: 0 };
  const share = shaftW / motorData.ratedW;
  const shaking = vibrationOf({
    speed,
    load: share,
    wear: wear.bearing,
    unbalance: wear.unbalance,
    misalignment: Math.max(wear.misalignment, 0.3 * wear.motorBearing),
    cavitation: Math.max(load.cavitation, 0.6 * load.air),
    dry: load.dry,
  });
  const bearingRise = turns ? 6 + 7 * speed + 8 * share + 50 * wear.bearing ** 1.5 + 14 * wear.misalignment : 0;
  const motorRise = electric.motorLossW * 0.085 * (1 + 5 * wear.motorCooling);
  const motorBearingRise = (turns ? 14 + 64 * wear.motorBearing : 0) + 0.25 * motorRise;
  const driveRise = electric.driveLossW * 0.14 * (1 + 5.8 * wear.driveCooling) + (live ? 6 : 0);
  const noise = 1 + 0.012 * random.normal();
  return {
    ...pump,
    running: turns,
    starts: pump.starts + (starts ? 1 : 0),
    speed,
    flowM3h: load.flowM3h,
    hydraulicW,
    shaftW,
    powerW: electric.powerW,
    currentA: electric.currentA,
    heat: stepHeat(pump.heat, electric.currentA, { ratedA: motorData.ratedA, dtS }),
    supplyFaultS: supplyState(load.supply) === 'full' ? 0 : pump.supplyFaultS + dtS,
    energyKwh: pump.energyKwh + (electric.powerW * dtS) / 3_600_000,
    runS: pump.runS + (turns ? dtS : 0),
    vibrationMmS: Math.max(0.01, lag(pump.vibrationMmS, shaking.velocityMmS, { dtS, tauS: 2 }) * noise),
    vibrationOrder: shaking.order,
    kurtosis: lag(pump.kurtosis, shaking.kurtosis, { dtS, tauS: 4 }) + 0.01 * random.normal(),
    hfAccelerationG: lag(pump.hfAccelerationG, shaking.hfAccelerationG, { dtS, tauS: 4 }),
    bearingC: lag(pump.bearingC, roomC + bearingRise, { dtS, tauS: 420 }),
    motorBearingC: lag(pump.motorBearingC, roomC + motorBearingRise, { dtS, tauS: 500 }),
    motorC: lag(pump.motorC, roomC + motorRise, { dtS, tauS: 900 }),
    electronicsC: lag(pump.electronicsC, roomC + driveRise, { dtS, tauS: 240 }),
  };
}
