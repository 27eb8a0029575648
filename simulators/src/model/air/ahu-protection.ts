import type { Tick } from '../tick.ts';
import type { Ahu } from './ahu.ts';

/** What the unit's own controller watches; once tripped, fans, frost and overheat wait for someone to mend and reset it. */
export interface Protection {
  /** How long a fan or the rotor has stood although it should turn, s. */
  supplyStillS: number;
  extractStillS: number;
  rotorStillS: number;
  supplyFanAlarm: boolean;
  extractFanAlarm: boolean;
  rotorAlarm: boolean;
  filterAlarm: boolean;
  frostAlarm: boolean;
  overheatAlarm: boolean;
  fireInput: boolean;
  fireAlarm: boolean;
}

const fanLimitS = 30;
const rotorLimitS = 180;
/** Water coil: below the first the thermostat trips, above the second it may be reset. Electric elements alike. */
const frostC = 7;
const frostResetC = 12;
const overheatC = 90;
const overheatResetC = 50;

/** `motors`: the fans have their three phases. */
export function protect(
  ahu: Ahu,
  { tick, motors, isWater }: { tick: Tick; motors: boolean; isWater: boolean },
): Protection {
  const { dtS } = tick;
  const fault = (name: string): boolean => tick.fault(ahu.id, name) > 0;
  const still = (rpm: number, outputPct: number, beforeS: number): number =>
    outputPct > 10 && rpm < outputPct * 10 ? beforeS + dtS : 0;
  const supplyStillS = still(ahu.supplyRpm, ahu.supplyFanPct, ahu.supplyStillS);
  const extractStillS = still(ahu.extractRpm, ahu.extractFanPct, ahu.extractStillS);
  const rotorStillS = ahu.exchangerPct > 10 && fault('rotor-stopped') ? ahu.rotorStillS + dtS : 0;
  const frostCause = fault('heating-valve-stuck') || fault('rotor-stopped');
  return {
    supplyStillS,
    extractStillS,
    rotorStillS,
    supplyFanAlarm: supplyStillS > fanLimitS || (ahu.supplyFanAlarm && (fault('fan-failure') || !motors)),
    extractFanAlarm: extractStillS > fanLimitS || (ahu.extractFanAlarm && (fault('extract-fan-failure') || !motors)),
    rotorAlarm: rotorStillS > rotorLimitS || (ahu.rotorAlarm && fault('rotor-stopped')),
    filterAlarm: ahu.filterLeftS <= 0 || tick.fault(ahu.id, 'filter-clogged') > 0.6,
    frostAlarm: isWater && (ahu.frostC < frostC || (ahu.frostAlarm && (ahu.frostC < frostResetC || frostCause))),
    overheatAlarm:
      !isWater &&
      (ahu.elementC > overheatC || (ahu.overheatAlarm && (ahu.elementC > overheatResetC || fault('heater-welded')))),
    fireInput: tick.around.linkage.fire,
    fireAlarm: fault('duct-smoke'),
  };
}
