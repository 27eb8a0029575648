import { flowAgainst, type Pump, pumpData } from './pump.ts';

/** The controller of the set: constant pressure by one common speed, pumps staged in and out. */
export interface BoosterControl {
  speed: number;
  integral: number;
  /** How long the set has wanted one more (positive) or one fewer (negative), s. */
  stagingS: number;
  alarmCode: number;
}

export const setpointKpa = 450;
/** Full scale of the feedback transmitter. */
export const transmitterKpa = 1000;
const stageInS = 10;
const stageOutS = 45;
const changeOverS = 600;
export const alarmCodes = { none: 0, overload: 48, dryRunning: 57 } as const;

/** Which pumps run and how fast, from the pressure it sees. */
export function stepControl(
  control: BoosterControl,
  seen: { pressureKpa: number; pumps: readonly Pump[]; dtS: number; leadFirst(pump: Pump): boolean },
): { control: BoosterControl; running: ReadonlySet<string> } {
  const { pumps, dtS } = seen;
  const usable = pumps.filter((pump) => pump.tripCode === 0);
  if (control.alarmCode === alarmCodes.dryRunning || usable.length === 0) {
    return { control: { ...control, speed: 0, integral: pumpData.minSpeed, stagingS: 0 }, running: new Set() };
  }
  const error = (setpointKpa - seen.pressureKpa) / setpointKpa;
  const integral = clamp(control.integral + 0.12 * error * dtS, pumpData.minSpeed, 1);
  const goal = clamp(integral + 0.5 * error, pumpData.minSpeed, 1);
  const speed = control.speed + clamp(goal - control.speed, -0.1 * dtS, 0.1 * dtS);
  const wasRunning = usable.filter((pump) => pump.running);
  const wish = wishFor(speed, wasRunning, usable.length);
  const stagingS = Math.sign(control.stagingS) === wish ? control.stagingS + wish * dtS : wish * dtS;
  let count = Math.max(1, wasRunning.length);
  if (stagingS >= stageInS) count++;
  else if (stagingS <= -stageOutS) count--;
  const changed = count !== wasRunning.length;
  return {
    control: { ...control, integral, speed: clamp(speed, pumpData.minSpeed, 1), stagingS: changed ? 0 : stagingS },
    running: choose(usable, count, seen.leadFirst),
  };
}

function wishFor(speed: number, running: readonly Pump[], available: number): -1 | 0 | 1 {
  if (speed > 0.985 && running.length < available) return 1;
  const each = running.reduce((sum, pump) => sum + pump.flowM3h, 0) / Math.max(1, running.length);
  return running.length > 1 && (each * running.length) / (running.length - 1) < 8.5 ? -1 : 0;
}

/**
 * Running pumps go on; the lead changes over after ten minutes; the least worn-in comes next. A pump with a fault
 * that is being shown leads, so that the fault can be seen.
 */
function choose(usable: readonly Pump[], count: number, leadFirst: (pump: Pump) => boolean): Set<string> {
  const rank = (pump: Pump): number => {
    if (leadFirst(pump)) return 0;
    return pump.running && pump.stateS < changeOverS ? 1 : 2;
  };
  const order = [...usable].sort((a, b) => rank(a) - rank(b) || a.runS - b.runS);
  return new Set(order.slice(0, count).map((pump) => pump.id));
}

/** Vessel and pipes: m³ for each kPa. */
const vesselM3PerKpa = 0.0004;
const subSteps = 10;

/** Pressure after one step in which the pumps deliver and the building draws (less, as the pressure falls). */
export function stepPressure(
  state: { pressureKpa: number; inletKpa: number; speed: number; running: number; demandM3h: number },
  dtS: number,
): { pressureKpa: number; flowM3h: number; drawnM3h: number } {
  let { pressureKpa } = state;
  let flow = 0;
  let drawn = 0;
  const h = dtS / subSteps;
  for (let i = 0; i < subSteps; i++) {
    const q = state.running * flowAgainst(pressureKpa - state.inletKpa, state.speed);
    const d = state.demandM3h * Math.sqrt(Math.max(0, pressureKpa) / setpointKpa);
    pressureKpa = Math.max(0, pressureKpa + ((q - d) / 3600 / vesselM3PerKpa) * h);
    flow += q / subSteps;
    drawn += d / subSteps;
  }
  return { pressureKpa, flowM3h: flow, drawnM3h: drawn };
}

function clamp(value: number, low: number, high: number): number {
  return Math.min(high, Math.max(low, value));
}
