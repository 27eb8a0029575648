import type { Protection } from './ahu-protection.ts';
import type { Stream } from './moist-air.ts';

/** A fresh-air unit: rotary exchanger, heater, cooling coil; no air comes back. */
export interface AhuSpec {
  id: string;
  /** Supply air at full speed. */
  ratedKgS: number;
  /** Each fan at full speed. */
  fanW: number;
  /** Electric elements, or a coil on the hot water. */
  heater: { kind: 'electric'; w: number } | { kind: 'water'; designKgS: number };
  coolerKgS: number;
  /** Zones that it serves, with their shares of the air; the first is the one whose return air it follows. */
  zones: readonly { id: string; share: number }[];
}

/** Outputs in %, as the unit's registers have them; what flows, in SI. */
export interface Ahu extends Protection {
  id: string;
  userMode: number;
  supplyFanPct: number;
  extractFanPct: number;
  supplyRpm: number;
  extractRpm: number;
  supply: Stream;
  supplySetpointC: number;
  /** Given at the unit's registers; left out: the unit follows its return air. */
  givenSetpointC?: number;
  /** What its sensor says of the supply air; the truth is in `supply`. */
  seenSupplyC: number;
  extractC: number;
  extractRh: number;
  outdoorC: number;
  frostC: number;
  elementC: number;
  heaterPct: number;
  coolerPct: number;
  exchangerPct: number;
  /** Where the valves stand, % open. */
  coolerValvePct: number;
  heaterValvePct: number;
  integral: number;
  filterLeftS: number;
  /** Heat from the chilled water and the hot water, and electricity, W. */
  chilledW: number;
  hotW: number;
  powerW: number;
}

export const filterLifeS = 180 * 86_400;
export const ratedRpm = 2950;
export const userModes = { auto: 0, manual: 1, crowded: 2, refresh: 3, away: 5 } as const;

export function newAhu(id: string): Ahu {
  return {
    id,
    userMode: userModes.auto,
    supplyFanPct: 30,
    extractFanPct: 30,
    supplyRpm: 880,
    extractRpm: 880,
    supply: { kgS: 1, c: 20, ratio: 0.0085, co2Ppm: 420 },
    supplySetpointC: 20,
    seenSupplyC: 20,
    extractC: 22,
    extractRh: 48,
    outdoorC: 18,
    frostC: 20,
    elementC: 22,
    heaterPct: 0,
    coolerPct: 0,
    exchangerPct: 0,
    coolerValvePct: 0,
    heaterValvePct: 0,
    integral: 0,
    filterLeftS: filterLifeS * 0.6,
    supplyStillS: 0,
    extractStillS: 0,
    rotorStillS: 0,
    supplyFanAlarm: false,
    extractFanAlarm: false,
    rotorAlarm: false,
    filterAlarm: false,
    frostAlarm: false,
    overheatAlarm: false,
    fireInput: false,
    fireAlarm: false,
    chilledW: 0,
    hotW: 0,
    powerW: 0,
  };
}
