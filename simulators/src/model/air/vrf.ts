import type { Random } from '../random.ts';
import { clamp, lag, type Tick } from '../tick.ts';
import { evaporationJPerKg, relativePct } from './moist-air.ts';
import type { FeederState } from './supply.ts';
import type { Weather } from './weather.ts';
import { newZone, stepZone, type Zone, type ZoneSpec } from './zone.ts';

/** Rooms with refrigerant coils of their own on one outdoor unit (heat recovery: each heats or cools as it needs). */
export interface VrfSpec {
  units: readonly VrfUnitSpec[];
}

export interface VrfUnitSpec {
  /** Equipment id of the indoor unit; the room carries it too. */
  id: string;
  room: ZoneSpec;
  ratedW: number;
  schedule: 'always' | 'office';
}

export interface VrfUnit {
  id: string;
  room: Zone;
  running: boolean;
  forcedOff: boolean;
  heats: boolean;
  thermoOn: boolean;
  setpointC: number;
  roomC: number;
  /** Sensible heat out of the room (negative: into it), W. */
  sensibleW: number;
  fanSpeed: number;
  filterH: number;
  filterDue: boolean;
  errorCode: string;
  fault: boolean;
  unitAlarm: boolean;
  warning: boolean;
  commFault: boolean;
  defrosting: boolean;
}

export interface Vrf {
  units: VrfUnit[];
  powerW: number;
  /** Of the defrost cycle, s. */
  cycleS: number;
}

/** What the gateway says when nothing is wrong. */
const noError = '';
const filterLimitH = 2500;
const coolC = 25;
const heatC = 20;
const defrostEveryS = 3600;
const defrostS = 300;
const latentShare = 0.15;

export function newVrf(spec: VrfSpec): Vrf {
  return {
    units: spec.units.map(({ id }, i) => ({
      id,
      room: newZone(id),
      running: false,
      forcedOff: false,
      heats: false,
      thermoOn: false,
      setpointC: coolC,
      roomC: 23,
      sensibleW: 0,
      fanSpeed: 3,
      filterH: 300 + 150 * i,
      filterDue: false,
      errorCode: noError,
      fault: false,
      unitAlarm: false,
      warning: false,
      commFault: false,
      defrosting: false,
    })),
    powerW: 0,
    cycleS: 0,
  };
}

export interface VrfInput {
  weather: Weather;
  feeder: FeederState;
  tick: Tick;
  random: Random;
}

export function stepVrf(before: Vrf, spec: VrfSpec, input: VrfInput): Vrf {
  const { tick, weather, feeder } = input;
  const { dtS } = tick;
  const cycleS = (before.cycleS + dtS) % defrostEveryS;
  const frosts = weather.outdoorC < 4 && weather.outdoorRh > 65;
  const defrosting = frosts && cycleS < defrostS && before.units.some(({ heats, thermoOn }) => heats && thermoOn);
  // All units share the refrigerant: what leaks at one is missing at all.
  const leak = Math.max(0, ...before.units.map(({ id }) => tick.fault(id, 'refrigerant-leak')));
  let electricW = feeder.powered ? 60 : 0;
  const units = before.units.map((unit, i) => {
    const unitSpec = spec.units[i];
    if (unitSpec === undefined) return unit;
    const next = stepUnit(unit, unitSpec, { ...input, leak, defrosting });
    const copCool = clamp(4.4 - 0.07 * (weather.outdoorC - 30), 2.5, 6);
    const copHeat = clamp(3.4 + 0.06 * (weather.outdoorC - 7), 1.8, 4.5);
    electricW += (Math.abs(next.sensibleW) * (1 + latentShare)) / (next.sensibleW < 0 ? copHeat : copCool);
    return next;
  });
  return { units, powerW: electricW + 40 * units.filter(({ running }) => running).length, cycleS };
}

function stepUnit(unit: VrfUnit, spec: VrfUnitSpec, input: VrfInput & { leak: number; defrosting: boolean }): VrfUnit {
  const { tick, weather, feeder, leak, random } = input;
  const { dtS, calendar } = tick;
  const fault = (name: string): number => tick.fault(unit.id, name);
  const open = spec.schedule === 'always' || (calendar.workday && calendar.hour >= 7 && calendar.hour < 20);
  const commFault = fault('indoor-unit-lost') > 0;
  const drain = fault('drain-blocked') > 0;
  const shortOfRefrigerant = leak > 0.8;
  const fanLocked = fault('indoor-fan-locked') > 0;
  const stops = drain || commFault || fanLocked || shortOfRefrigerant;
  const forcedOff = tick.around.linkage.fire || fault('forced-off-left') > 0;
  // Nobody there: it only keeps the room from what would harm it.
  const supports = unit.roomC > (unit.running ? 26 : 27.5) || unit.roomC < (unit.running ? 17 : 15.5);
  const running = (open || supports) && feeder.powered && !forcedOff;
  const setpointC = unit.heats ? heatC : coolC;
  // Between both set points it keeps its mode.
  const heats = unit.roomC < heatC - 0.5 ? true : unit.roomC > coolC + 0.5 ? false : unit.heats;
  const off = heats ? heatC - unit.roomC : unit.roomC - coolC;
  const works = running && !stops && feeder.motors;
  const thermoOn = works && (unit.thermoOn ? off > -0.7 : off > 0.5);
  const dirty = fault('vrf-filter-dirty');
  const filterH = fault('vrf-filter-cleaning') > 0 ? 0 : unit.filterH + (running ? dtS / 3600 : 0);
  const capacity = spec.ratedW * (1 - leak) * (1 - 0.35 * dirty) * (input.defrosting ? 0 : 1);
  const wantedW = thermoOn ? capacity * clamp(0.35 + 0.5 * off, 0.25, 1) : 0;
  const sensibleW = lag(unit.sensibleW, heats ? -wantedW : wantedW, { dtS, tauS: 90 });
  // Only wet coils take moisture out: not from dry air, and not from what is at the surface's dew point already.
  const damp = clamp((relativePct(unit.room.airC, unit.room.ratio) - 40) / 20, 0, 1);
  const vapourKgS = sensibleW > 0 ? (latentShare * sensibleW * damp) / evaporationJPerKg : 0;
  const present = open && spec.room.people > 0 ? (spec.schedule === 'always' ? 1 : calendar.hour < 18 ? 0.9 : 0.2) : 0;
  const room = stepZone(unit.room, spec.room, {
    weather,
    supply: { kgS: 0, c: 20, ratio: 0.01, co2Ppm: 420 },
    present,
    linksW: 0,
    direct: { sensibleW, vapourKgS },
    chilled: { c: 20, flow: 0 },
    hot: { c: 20, flow: 0 },
    powered: feeder.powered,
    tick,
    random,
  });
  const errorCode = commFault ? 'U4' : drain ? 'A3' : fanLocked ? 'A6' : leak > 0.4 ? 'U0' : noError;
  return {
    id: unit.id,
    room,
    running,
    forcedOff,
    heats,
    thermoOn,
    setpointC,
    roomC: room.seenC,
    sensibleW,
    fanSpeed: running ? (off > 1.5 ? 5 : 3) : 1,
    filterH,
    filterDue: filterH > filterLimitH || dirty > 0.5,
    errorCode,
    fault: fanLocked || shortOfRefrigerant,
    unitAlarm: drain,
    warning: leak > 0.4 && !shortOfRefrigerant,
    commFault,
    defrosting: input.defrosting && heats,
  };
}
