import { clamp, lag, type Tick } from '../tick.ts';
import { waterHeatJPerKgK } from './moist-air.ts';

/** A water-cooled screw chiller with its two pumps and its cooling tower. */
export interface Chiller {
  id: string;
  /** Permitted by the plant. */
  enabled: boolean;
  running: boolean;
  /** Switched over to its own panel. */
  local: boolean;
  /** Since it last stopped or started, s. */
  phaseS: number;
  tripped: Trip | 'none';
  enteringC: number;
  leavingC: number;
  condenserEnteringC: number;
  condenserLeavingC: number;
  evaporatingC: number;
  condensingC: number;
  /** Heat taken from the chilled water, electricity of the compressor, heat into the condenser water, W. */
  coolingW: number;
  compressorW: number;
  condenserW: number;
  /** Given away by the tower, W. */
  towerW: number;
  towerFanPct: number;
  towerIntegral: number;
  chilledPump: boolean;
  condenserPump: boolean;
  /** For how long it could not reach its set point, s. */
  shortS: number;
  /** Low evaporating temperature, s. */
  lowS: number;
  starts: number;
  runH: number;
  powerW: number;
}

export type Trip = 'high-pressure' | 'low-pressure' | 'flow' | 'freezing' | 'compressor' | 'phase';

export interface ChillerSpec {
  id: string;
  capacityW: number;
  /** Compressor at its rated load amperes. */
  ratedW: number;
}

export const chilledSetpointC = 7;
/** Chilled and condenser water for each watt of capacity: 5 K each way, and the compressor's heat on top. */
export const chilledKgS = (spec: ChillerSpec): number => spec.capacityW / (waterHeatJPerKgK * 5);
export const condenserKgS = (spec: ChillerSpec): number => (spec.capacityW * 1.22) / (waterHeatJPerKgK * 5);

/** For each watt of capacity: pumps and tower fan, W. */
const pumpShare = { chilled: 0.0145, condenser: 0.0108 };
const towerFanShare = 0.0145;
/** Water in the tower's basin. */
export const basinKg = (spec: ChillerSpec): number => 0.0065 * spec.capacityW;
const standbyW = 300;
const minimumShare = 0.15;
const minimumOffS = 300;
/** Its motor is not stopped sooner after a start but by a protection; one that cannot unload cools too far meanwhile. */
const minimumOnS = 300;
/** It stops when the water leaves by this much colder than the set point. */
const stopBelowK = 2.8;
const highTripC = 52;
const lowTripC = 0.5;
/** Longer than its shortest run ends below it when it cannot unload: then the freeze protection decides. */
const lowTripS = 300;
/** Usual cut-out of a machine on plain water, 35 °F. */
const freezingC = 1.7;
/** Share of the Carnot process that the compressor gets. */
const carnotShare = 0.55;

export function newChiller(id: string): Chiller {
  return {
    id,
    enabled: false,
    running: false,
    local: false,
    phaseS: 1e6,
    tripped: 'none',
    enteringC: 16,
    leavingC: 16,
    condenserEnteringC: 24,
    condenserLeavingC: 24,
    evaporatingC: 14,
    condensingC: 25,
    coolingW: 0,
    compressorW: 0,
    condenserW: 0,
    towerW: 0,
    towerFanPct: 0,
    towerIntegral: 0,
    chilledPump: false,
    condenserPump: false,
    shortS: 0,
    lowS: 0,
    starts: 1200,
    runH: 6100,
    powerW: 0,
  };
}

export interface ChillerInput {
  /** Chilled water that comes back from the building. */
  returnC: number;
  enabled: boolean;
  wetBulbC: number;
  feeder: { powered: boolean; motors: boolean };
  tick: Tick;
}

export function stepChiller(before: Chiller, spec: ChillerSpec, input: ChillerInput): Chiller {
  const { tick, feeder, returnC } = input;
  const { dtS } = tick;
  const fault = (name: string): number => tick.fault(before.id, name);
  const enabled = input.enabled && feeder.powered && fault('chiller-off') === 0;
  const mayRun = enabled && before.tripped === 'none';
  const pumps = enabled && feeder.motors;
  const chilledPump = pumps && fault('chilled-water-pump-failed') === 0;
  const condenserPump = pumps && before.tripped === 'none';
  const flowKgS = chilledPump ? chilledKgS(spec) : 0;
  const capacityRate = flowKgS * waterHeatJPerKgK;

  const wanted = capacityRate * (returnC - chilledSetpointC);
  const shareWanted = wanted / spec.capacityW;
  const running =
    mayRun && chilledPump && (before.running ? keepsOn(before, shareWanted) : startsNow(before, shareWanted));
  const lowRefrigerant = fault('low-refrigerant');
  // Less cooling with warm condenser water and with little refrigerant; the current limit does the rest.
  const lossOfLift = 1 - 0.008 * Math.max(0, before.condensingC - 38);
  const currentLimit = before.compressorW > spec.ratedW ? spec.ratedW / before.compressorW : 1;
  const available = spec.capacityW * lossOfLift * currentLimit * (1 - 0.6 * lowRefrigerant);
  // A slide valve that is stuck at full load cools whatever comes.
  const asked = fault('slide-valve-stuck') > 0 ? available : wanted;
  const goalW = running ? clamp(asked, minimumShare * spec.capacityW, available) : 0;
  const coolingW = lag(before.coolingW, goalW, { dtS, tauS: running ? 60 : 3 });
  const share = coolingW / spec.capacityW;
  const leavingC =
    capacityRate > 0 ? returnC - coolingW / capacityRate : lag(before.leavingC, returnC, { dtS, tauS: 3600 });

  const waterRate = condenserKgS(spec) * waterHeatJPerKgK;
  const evaporatorApproach = 3 * share + 14 * lowRefrigerant * (0.3 + 0.7 * share);
  const condenserApproach = 2.5 * share * (1 + 5 * fault('condenser-fouled'));
  const evaporatingC = lag(before.evaporatingC, running ? leavingC - evaporatorApproach : leavingC, { dtS, tauS: 20 });
  const condenserLeavingC = condenserPump
    ? before.condenserEnteringC + before.condenserW / waterRate
    : before.condenserEnteringC;
  const condensingC = lag(before.condensingC, condenserLeavingC + condenserApproach, { dtS, tauS: 20 });
  const lift = Math.max(12, condensingC - evaporatingC);
  const partLoad = 0.75 + 0.5 * share - 0.25 * share * share;
  const cop = ((carnotShare * (evaporatingC + 273)) / lift) * partLoad;
  const compressorW = coolingW / cop;
  const condenserW = coolingW + compressorW;

  const fans = condenserPump && fault('tower-fan-failed') === 0;
  const error = before.condenserEnteringC - Math.max(22, input.wetBulbC + 3);
  const towerIntegral = condenserPump ? clamp(before.towerIntegral + 0.05 * error * dtS, 0, 100) : 0;
  const towerFanPct = lag(before.towerFanPct, condenserPump ? clamp(towerIntegral + 15 * error, 0, 100) : 0, {
    dtS,
    tauS: 20,
  });
  const draught = 0.12 + 0.88 * (fans ? towerFanPct / 100 : 0);
  const towerW = condenserPump ? Math.max(0, waterRate * 0.65 * draught * (condenserLeavingC - input.wetBulbC)) : 0;
  // A standing basin takes the temperature of the air over a night.
  const basinJPerK = basinKg(spec) * waterHeatJPerKgK;
  const driftW = condenserPump ? 0 : ((input.wetBulbC - before.condenserEnteringC) * basinJPerK) / 30_000;
  const condenserEnteringC =
    before.condenserEnteringC + (((condenserPump ? before.condenserW : 0) - towerW + driftW) * dtS) / basinJPerK;

  const lowS = running && evaporatingC < lowTripC ? before.lowS + dtS : 0;
  const short = running && before.phaseS > 600 && coolingW > 0.97 * available && leavingC > chilledSetpointC + 0.7;
  const pumpsW = spec.capacityW * ((chilledPump ? pumpShare.chilled : 0) + (condenserPump ? pumpShare.condenser : 0));
  const fanW = fans ? towerFanShare * spec.capacityW * (towerFanPct / 100) ** 3 : 0;
  return {
    id: before.id,
    enabled,
    running,
    local: fault('chiller-off') > 0,
    phaseS: running === before.running ? before.phaseS + dtS : 0,
    tripped: trip(before, { enabled, condensingC, leavingC, lowS, chilledPump, input }),
    enteringC: capacityRate > 0 ? returnC : lag(before.enteringC, returnC, { dtS, tauS: 3600 }),
    leavingC,
    condenserEnteringC,
    condenserLeavingC,
    evaporatingC,
    condensingC,
    coolingW,
    compressorW,
    condenserW,
    towerW,
    towerFanPct,
    towerIntegral,
    chilledPump,
    condenserPump,
    shortS: short ? before.shortS + dtS : 0,
    lowS,
    starts: before.starts + (running && !before.running ? 1 : 0),
    runH: before.runH + (running ? dtS / 3600 : 0),
    powerW: compressorW + pumpsW + fanW + (feeder.powered ? standbyW : 0),
  };
}

function startsNow(before: Chiller, shareWanted: number): boolean {
  return shareWanted > 0.5 && before.phaseS > minimumOffS;
}

function keepsOn(before: Chiller, shareWanted: number): boolean {
  const isCold = before.leavingC < chilledSetpointC - stopBelowK;
  return (shareWanted > 0.02 && !isCold) || before.phaseS < minimumOnS;
}

/** Once tripped it waits for its cause to be mended and someone to reset it. */
function trip(
  before: Chiller,
  now: {
    enabled: boolean;
    condensingC: number;
    leavingC: number;
    lowS: number;
    chilledPump: boolean;
    input: ChillerInput;
  },
): Chiller['tripped'] {
  const { tick, feeder } = now.input;
  const fault = (name: string): boolean => tick.fault(before.id, name) > 0;
  const causes = {
    'high-pressure': fault('condenser-fouled') || fault('tower-fan-failed') || now.condensingC > highTripC - 5,
    'low-pressure': fault('low-refrigerant'),
    freezing: fault('slide-valve-stuck'),
    flow: fault('chilled-water-pump-failed'),
    compressor: fault('compressor-trip'),
    phase: !feeder.motors,
  } as const;
  if (before.tripped !== 'none') return causes[before.tripped] ? before.tripped : 'none';
  if (causes.compressor && before.running) return 'compressor';
  if (before.running && feeder.powered && !feeder.motors) return 'phase';
  if (now.condensingC > highTripC) return 'high-pressure';
  if (before.running && now.leavingC < freezingC) return 'freezing';
  if (now.lowS > lowTripS) return 'low-pressure';
  return before.running && now.enabled && !now.chilledPump && feeder.motors ? 'flow' : 'none';
}
