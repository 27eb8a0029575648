import { type Actuator, newActuator } from './actuator.ts';
import type { Stream } from './moist-air.ts';
import { newVavBox, type VavBox, type VavBoxSpec } from './vav-box.ts';

/** An air-handling unit with a mixing section and economiser, coils on both waters, fans that hold the duct's pressure, boxes behind it. */
export interface MixingUnitSpec {
  id: string;
  zone: string;
  ratedKgS: number;
  supplyFanW: number;
  extractFanW: number;
  heaterKgS: number;
  coolerKgS: number;
  actuators: { outdoorDamper: string; coolingValve: string; heatingValve: string };
  boxes: readonly VavBoxSpec[];
}

export interface MixingUnit {
  id: string;
  runMode: number;
  /** Speed of the supply fan, %. */
  fanPct: number;
  fanIntegral: number;
  ductPa: number;
  outdoorDamper: Actuator;
  coolingValve: Actuator;
  heatingValve: Actuator;
  boxes: VavBox[];
  /** kg/s; what comes in from outside and from the zone is what goes out to the zone. */
  outdoorKgS: number;
  returnKgS: number;
  mixed: Stream;
  supply: Stream;
  supplySetpointC: number;
  seenSupplyC: number;
  extractC: number;
  outdoorC: number;
  integral: number;
  frostC: number;
  /** The thermostat on the heating coil has stopped the unit. */
  frostTripped: boolean;
  /** In its present run mode, s. */
  modeS: number;
  supplyRunH: number;
  extractRunH: number;
  chilledW: number;
  hotW: number;
  powerW: number;
}

export const runModes = {
  stopped: 0,
  starting: 1,
  running: 5,
  supportHeating: 6,
  supportCooling: 7,
  co2: 8,
  nightCooling: 9,
  stopping: 11,
} as const;

export function newMixingUnit(spec: MixingUnitSpec): MixingUnit {
  const air = { kgS: 0, c: 22, ratio: 0.0085, co2Ppm: 450 };
  return {
    id: spec.id,
    runMode: runModes.stopped,
    fanPct: 0,
    fanIntegral: 0,
    ductPa: 0,
    outdoorDamper: newActuator(spec.actuators.outdoorDamper),
    coolingValve: newActuator(spec.actuators.coolingValve),
    heatingValve: newActuator(spec.actuators.heatingValve),
    boxes: spec.boxes.map(({ id }) => newVavBox(id)),
    outdoorKgS: 0,
    returnKgS: 0,
    mixed: air,
    supply: air,
    supplySetpointC: 20,
    seenSupplyC: 22,
    extractC: 22,
    outdoorC: 18,
    integral: 0,
    frostC: 20,
    frostTripped: false,
    modeS: 0,
    supplyRunH: 4300,
    extractRunH: 4280,
    chilledW: 0,
    hotW: 0,
    powerW: 0,
  };
}
