import { clamp, type Tick } from '../tick.ts';
import { type MixingUnit, runModes } from './mixing-unit.ts';
import type { Zone } from './zone.ts';

/** What the controller wants of its dampers, valves and boxes, %. */
export interface Wanted {
  runMode: number;
  modeS: number;
  fansOn: boolean;
  outdoorDamperPct: number;
  coolingPct: number;
  heatingPct: number;
  boxPct: number;
  supplySetpointC: number;
  integral: number;
}

const startingS = 60;
const stoppingS = 60;
const minimumOutdoorPct = 20;

export interface ControlInput {
  zone: Zone;
  outdoorC: number;
  tick: Tick;
  /** Faults of supply, fire linkage or its own safety chain hold it off. */
  held: boolean;
  frostTripped: boolean;
}

/** Schedule, support at night, economiser before the cooling valve, more outdoor air when the zone's is stale. Pure. */
export function controlMixingUnit(unit: MixingUnit, input: ControlInput): Wanted {
  const { zone, outdoorC, tick } = input;
  const { dtS } = tick;
  const fault = (name: string): number => tick.fault(unit.id, name);
  const goalMode = input.held ? runModes.stopped : goal(unit, input);
  const runMode = through(unit, goalMode);
  const modeS = runMode === unit.runMode ? unit.modeS + dtS : 0;
  const fansOn = runMode !== runModes.stopped && runMode !== runModes.stopping && !input.held;

  const warm = clamp(zone.seenC - 23.5, 0, 2.5);
  const cold = clamp(22 - zone.seenC, 0, 2);
  const supplySetpointC = 20 - 2.4 * warm + 7 * cold;
  const boxPct = clamp(40 + 24 * warm + 30 * cold, 40, 100);
  const hunting = 1 + 40 * fault('control-hunting');
  const error = supplySetpointC - unit.seenSupplyC;
  const integral = fansOn ? clamp(unit.integral + 0.012 * hunting * error * dtS, -100, 100) : 0;
  const demand = fansOn ? clamp(integral + 1.5 * hunting * error, -100, 100) : 0;

  const stale = clamp(minimumOutdoorPct + ((zone.seenCo2Ppm - 700) / 200) * 60, minimumOutdoorPct, 80);
  const freeCooling = outdoorC < zone.seenC - 1.5;
  // Half of the way down belongs to the dampers where outdoor air can cool.
  const economiser = freeCooling ? clamp(-demand * 2, 0, 100) : 0;
  const cooling = demand >= 0 ? 0 : freeCooling ? clamp((-demand - 50) * 2, 0, 100) : -demand;
  if (input.frostTripped) return { ...off(), runMode, modeS, supplySetpointC, integral: 0, heatingPct: 100 };
  if (!fansOn) return { ...off(), runMode, modeS, supplySetpointC, integral: 0 };
  const night = runMode === runModes.nightCooling;
  return {
    runMode,
    modeS,
    fansOn,
    outdoorDamperPct: night ? 100 : runMode === runModes.supportHeating ? 0 : Math.max(stale, economiser),
    coolingPct: night ? 0 : cooling,
    heatingPct: night ? 0 : Math.max(0, demand),
    boxPct: night ? 100 : boxPct,
    supplySetpointC,
    integral,
  };
}

function off(): Omit<Wanted, 'runMode' | 'modeS' | 'supplySetpointC' | 'integral'> {
  return { fansOn: false, outdoorDamperPct: 0, coolingPct: 0, heatingPct: 0, boxPct: 40 };
}

function goal(unit: MixingUnit, { zone, tick }: ControlInput): number {
  const { calendar } = tick;
  // A purge ends where the room would get too cold for the morning.
  const purges = unit.runMode === runModes.nightCooling;
  if (tick.fault(unit.id, 'night-purge') > 0 && zone.seenC > (purges ? 18.5 : 20)) return runModes.nightCooling;
  if (calendar.hour >= 6.5 && calendar.hour < 21) return zone.seenCo2Ppm > 850 ? runModes.co2 : runModes.running;
  const supports = unit.runMode === runModes.supportHeating;
  if (zone.seenC < (supports ? 18 : 16.5)) return runModes.supportHeating;
  const cools = unit.runMode === runModes.supportCooling;
  return zone.seenC > (cools ? 25.5 : 27) ? runModes.supportCooling : runModes.stopped;
}

/** Starts and stops take a minute. */
function through(unit: MixingUnit, goalMode: number): number {
  const { runMode, modeS } = unit;
  if (goalMode === runModes.stopped) {
    if (runMode === runModes.stopped) return runMode;
    if (runMode !== runModes.stopping) return runModes.stopping;
    return modeS >= stoppingS ? runModes.stopped : runModes.stopping;
  }
  if (runMode === runModes.stopped || runMode === runModes.stopping) return runModes.starting;
  return runMode === runModes.starting && modeS < startingS ? runModes.starting : goalMode;
}
