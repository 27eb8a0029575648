import { clamp } from '../tick.ts';
import { setpointKpa } from './network.ts';

/** The controller of the set: constant pressure by one common speed, pumps staged in and out, the lead passed on. Fed from a battery-backed 24 V supply. */
export interface BoosterControl {
  speed: number;
  integral: number;
  /** Stopped because almost nothing is drawn; starts again when the pressure has fallen. */
  lowFlowStop: boolean;
  lowFlowS: number;
  /** How long the set has wanted one more (positive) or one fewer (negative), s. */
  stagingS: number;
  /** Since a pump was started or stopped. */
  stagedS: number;
  /** Pumps that are wanted. */
  count: number;
  /** Index of the pump that runs first. */
  lead: number;
  /** How long this one has led. */
  leadS: number;
  /** After a change of the lead the old one goes on until the new one has come up, s. */
  overlapS: number;
  /** How long pumps have turned without moving water, and how long there has been water at the inlet, s. */
  dryS: number;
  wetS: number;
  backflowS: number;
  /** How long no pump has been seen to turn back, s. */
  tightS: number;
  alarmCode: number;
  warningCode: number;
  /** What the discharge transmitter says, kPa. */
  seenKpa: number;
}

/** Full scale of the feedback transmitter, kPa. */
export const transmitterKpa = 1600;
/** Grundfos codes. */
export const alarmCodes = { none: 0, dryRunning: 57 } as const;
export const warningCodes = { none: 0, nonReturnValve: 209 } as const;

const minSpeed = 0.5;
const gain = 3;
const integralGain = 0.15;
/** Of the speed, 1/s. */
const ramp = 0.1;
const stageInS = 10;
const stageOutS = 120;
/** A pump runs, and rests, at least so long after staging. */
const stagedMinS = 30;
/** A pump would deliver more than this beside one fewer: keep it. m³/h. */
const destageM3h = 10;
/** The lead is passed on after eight hours. */
const leadMaxS = 8 * 3600;
const overlapS = 15;
/** Below this flow there is nothing worth running for, m³/h; for so long; restart so far below the set point, kPa. */
const lowFlowM3h = 1.2;
const lowFlowAfterS = 60;
const restartBelowKpa = 60;
const dryAfterS = 5;
const wetAfterS = 30;
const backflowAfterS = 30;
const backflowM3h = 0.3;

export interface Seen {
  /** What the transmitter says. */
  pressureKpa: number;
  flowM3h: number;
  /** m³/h that flows back through standing pumps, as their drives feel it. */
  backM3h: number;
  /** No water reaches the pumps. */
  dry: boolean;
  /** Some pump turns. */
  turning: boolean;
  /** Which pumps may run, in the order of the set. */
  usable: readonly boolean[];
  /** Highest code of a pump that has tripped; 0: none. */
  tripCode: number;
  /** An integral time that is set far too short, 0 … 1. */
  sharp: number;
  /** Pass the lead on now (changeover test). */
  passLead: boolean;
  dtS: number;
}

export function newControl(): BoosterControl {
  return {
    speed: 0.8,
    integral: 0.8,
    lowFlowStop: false,
    lowFlowS: 0,
    stagingS: 0,
    stagedS: 60,
    count: 1,
    lead: 0,
    leadS: 0,
    overlapS: 0,
    dryS: 0,
    wetS: 60,
    backflowS: 0,
    tightS: 0,
    alarmCode: alarmCodes.none,
    warningCode: warningCodes.none,
    seenKpa: setpointKpa,
  };
}

/** One step of the controller: how many pumps, which first, how fast. */
export function stepControl(before: BoosterControl, seen: Seen): BoosterControl {
  const watched = watch(before, seen);
  const available = countOf(seen.usable);
  const led = passLead(watched, seen);
  if (led.alarmCode === alarmCodes.dryRunning || available === 0)
    return { ...led, speed: 0, integral: minSpeed, stagingS: 0, stagedS: 0, count: 1, lowFlowStop: false, lowFlowS: 0 };
  const rested = stepLowFlow(led, seen);
  if (rested.lowFlowStop) return { ...rested, speed: 0, integral: minSpeed, stagingS: 0, count: 1 };
  const regulated = regulate(rested, seen);
  return { ...regulated, ...stage(regulated, seen, available) };
}

/** PI with anti-windup: the integral stands while the speed is at a stop or still under way to where the integral wants it. */
function regulate(control: BoosterControl, { pressureKpa, sharp, dtS }: Seen): BoosterControl {
  const error = (setpointKpa - pressureKpa) / setpointKpa;
  const goal = control.integral + gain * (1 - 0.9 * sharp) * error;
  const held = clamp(goal, minSpeed, 1);
  const isStopped = (goal > 1 && error > 0) || (goal < minSpeed && error < 0);
  const integral = isStopped ? control.integral : control.integral + integralGain * (1 + 14 * sharp) * error * dtS;
  const speed = control.speed + clamp(held - control.speed, -ramp * dtS, ramp * dtS);
  return { ...control, integral: clamp(integral, minSpeed, 1), speed: clamp(speed, minSpeed, 1) };
}

function stage(
  control: BoosterControl,
  { flowM3h, dtS }: Seen,
  available: number,
): Pick<BoosterControl, 'count' | 'stagingS' | 'stagedS'> {
  const count = Math.min(control.count, available);
  let wish = 0;
  if (control.speed > 0.985 && count < available) wish = 1;
  else if (count > 1 && flowM3h / (count - 1) < destageM3h) wish = -1;
  const stagingS = Math.sign(control.stagingS) === wish ? control.stagingS + wish * dtS : wish * dtS;
  const stagedS = control.stagedS + dtS;
  if (stagedS < stagedMinS) return { count, stagingS, stagedS };
  if (stagingS >= stageInS) return { count: count + 1, stagingS: 0, stagedS: 0 };
  if (stagingS <= -stageOutS) return { count: count - 1, stagingS: 0, stagedS: 0 };
  return { count, stagingS, stagedS };
}

function stepLowFlow(control: BoosterControl, { pressureKpa, flowM3h, dtS }: Seen): BoosterControl {
  if (control.lowFlowStop) {
    const restarts = pressureKpa < setpointKpa - restartBelowKpa;
    return restarts ? { ...control, lowFlowStop: false, lowFlowS: 0, speed: minSpeed } : control;
  }
  const isLow = control.count === 1 && flowM3h < lowFlowM3h && pressureKpa > setpointKpa - 10;
  const lowFlowS = isLow ? control.lowFlowS + dtS : 0;
  return { ...control, lowFlowS, lowFlowStop: lowFlowS >= lowFlowAfterS };
}

function passLead(control: BoosterControl, { usable, passLead: now, dtS }: Seen): BoosterControl {
  const leadS = control.leadS + dtS;
  const left = Math.max(0, control.overlapS - dtS);
  if (!now && leadS < leadMaxS) return { ...control, leadS, overlapS: left };
  return { ...control, lead: (control.lead + 1) % usable.length, leadS: 0, overlapS };
}

/** Dry running, check valves and what the pumps report. */
function watch(control: BoosterControl, { dry, turning, backM3h, tripCode, pressureKpa, dtS }: Seen): BoosterControl {
  const isDry = control.alarmCode === alarmCodes.dryRunning;
  const dryS = dry && turning ? control.dryS + dtS : 0;
  const wetS = dry ? 0 : control.wetS + dtS;
  const backflowS = backM3h > backflowM3h ? control.backflowS + dtS : 0;
  const tightS = backflowS > 0 ? 0 : control.tightS + dtS;
  let { warningCode } = control;
  if (backflowS >= backflowAfterS) warningCode = warningCodes.nonReturnValve;
  // A pump can only be seen to turn back while it stands: not before each has had its rest is the set found tight.
  else if (tightS > leadMaxS + stagedMinS) warningCode = warningCodes.none;
  const stops = dryS >= dryAfterS || (isDry && wetS < wetAfterS);
  return {
    ...control,
    dryS,
    wetS,
    backflowS,
    alarmCode: stops ? alarmCodes.dryRunning : tripCode,
    tightS,
    warningCode,
    seenKpa: pressureKpa,
  };
}

/** Which pumps run: the lead first, then around; a pump that may not is passed over. Writes into `runs`. */
export function choosePumps(control: BoosterControl, usable: readonly boolean[], runs: boolean[]): void {
  const wanted = control.speed > 0 ? control.count : 0;
  let chosen = 0;
  for (let i = 0; i < usable.length; i++) {
    const at = (control.lead + i) % usable.length;
    const isLast = i === usable.length - 1;
    const may = usable[at] === true;
    const takes = may && chosen < wanted;
    // While the lead changes, the pump that has led (it comes last now) goes on.
    runs[at] = takes || (may && isLast && wanted > 0 && control.overlapS > 0);
    if (takes) chosen++;
  }
}

function countOf(usable: readonly boolean[]): number {
  let count = 0;
  for (const one of usable) if (one) count++;
  return count;
}
