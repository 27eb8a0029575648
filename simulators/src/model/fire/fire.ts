import type { Tick } from '../tick.ts';
import { type Detector, newDetector, stepDetector } from './detector.ts';
import { type Module, type ModuleSpec, stepModule } from './module.ts';
import { isReset, newPanel, type Panel, panelData, stepPanel } from './panel.ts';
import { coldSeat, type FireSeat, type SmokeLevels, smokeAt, smokeLevels, stepSeat } from './smoke.ts';

/** One panel with one loop: smoke detectors and monitor modules by zone. */
export interface Fire {
  panel: Panel;
  seats: FireSeat[];
  detectors: Detector[];
  modules: Module[];
  /** What hangs on the fire feeder: panel and emergency lighting always, smoke fans and fire pump when they run, W. */
  emergencyW: number;
}

export interface FireZoneSpec {
  id: string;
  /** Loop addresses. */
  detectors: readonly number[];
}

export interface FireIds {
  panel: string;
  zones: readonly FireZoneSpec[];
  modules: readonly ModuleSpec[];
}

/** What the fire feeder carries always: panel, emergency lighting on charge, controllers. */
const standingW = panelData.standingW + 900;
const smokeFansW = 22_000;
const firePumpW = 30_000;

export function newFire(ids: FireIds): Fire {
  return {
    panel: newPanel(ids.panel),
    seats: ids.zones.map(() => coldSeat),
    detectors: ids.zones.flatMap((zone) => zone.detectors.map((address) => newDetector(address, zone.id))),
    modules: ids.modules.map((spec) => ({ ...spec, state: 'normal' })),
    emergencyW: standingW,
  };
}

export function stepFire(fire: Fire, ids: FireIds, tick: Tick): Fire {
  const lostFrom = lostAddress(fire, ids, tick);
  const reset = isReset(fire.panel);
  let { detectors } = fire;
  let burning = false;
  let first = 0;
  const seats = fire.seats.map((before, z) => {
    const zone = ids.zones[z];
    if (zone === undefined) return before;
    const from = first;
    first += zone.detectors.length;
    const befalls = zoneFaults(zone.id, tick);
    if (before.still && befalls === undefined && lostFrom === none) return before;
    const stepped = stepZone(before, { zone, from, detectors, befalls: befalls ?? nothing, lostFrom, reset, tick });
    burning ||= stepped.burning;
    detectors = stepped.detectors;
    return stepped.seat;
  });
  const supply = { mains: fire.panel.mainsFault, battery: fire.panel.batteryFault, earth: fire.panel.earthFault };
  const modules = mapped(fire.modules, (module) =>
    stepModule(module, {
      supply,
      coPpm: module.kind === 'co-detector' ? coOf(module.of, ids, seats) : 0,
      lost: module.of !== ids.panel && module.address >= lostFrom,
      disabled: tick.fault(module.of, 'detector-test') > 0,
      reset,
      tick,
    }),
  );
  const panel = stepPanel(fire.panel, { ...countFires({ detectors, modules }), burning, tick });
  return { detectors, modules, seats, panel, emergencyW: emergencyW(panel, modules) };
}

/** The same list where nothing of it has changed. */
function mapped<T>(list: T[], step: (one: T) => T): T[] {
  let stepped = list;
  for (let i = 0; i < list.length; i++) {
    const before = list[i] as T;
    const now = step(before);
    if (now === before) continue;
    if (stepped === list) stepped = [...list];
    stepped[i] = now;
  }
  return stepped;
}

interface ZoneInput {
  zone: FireZoneSpec;
  /** Place of its first detector among all. */
  from: number;
  detectors: Detector[];
  befalls: ZoneFaults;
  lostFrom: number;
  reset: boolean;
  tick: Tick;
}

/** The list of detectors is a new one only when one of them has changed. */
function stepZone(
  before: FireSeat,
  { zone, from, detectors, befalls, lostFrom, reset, tick }: ZoneInput,
): { seat: FireSeat; detectors: Detector[]; burning: boolean } {
  const { levels } = befalls;
  const seat = stepSeat(before, levels, tick.dtS);
  const last = zone.detectors.length - 1;
  let burning = levels.flaming + levels.smouldering + levels.stimulus > 0 || befalls.pressed;
  let list = detectors;
  let still = seat === before && !burning;
  zone.detectors.forEach((address, place) => {
    const detector = detectors[from + place] ?? newDetector(address, zone.id);
    const stepped = stepDetector(detector, {
      ...smokeFor(place, { seat, levels }),
      // The first of the zone is the dirty one, the last the one that fails or is taken out: the rest goes on seeing.
      dirty: place === 0 ? befalls.dirty : 0,
      fault: (place === last && befalls.fault) || address >= lostFrom,
      disabled: befalls.allDisabled || (place === last && befalls.disabled),
      reset,
      dtS: tick.dtS,
    });
    burning ||= stepped.smoke + stepped.dirt - stepped.compensation > 1;
    if (stepped === detector) return;
    still = false;
    if (list === detectors) list = [...detectors];
    list[from + place] = stepped;
  });
  return { seat: seat.still === still ? seat : { ...seat, still }, detectors: list, burning };
}

function smokeFor(place: number, of: { seat: FireSeat; levels: SmokeLevels }): { around: number; stimulus: boolean } {
  const { seat, levels } = of;
  if (levels.flaming === 0 && levels.smouldering === 0 && levels.stimulus === 0) return { around: 0, stimulus: false };
  return { around: smokeAt(place, seat, levels), stimulus: levels.stimulus > 0 };
}

interface ZoneFaults {
  levels: SmokeLevels;
  dirty: number;
  fault: boolean;
  disabled: boolean;
  allDisabled: boolean;
  pressed: boolean;
}

const nothing: ZoneFaults = {
  levels: { flaming: 0, smouldering: 0, stimulus: 0, exhaust: 0 },
  dirty: 0,
  fault: false,
  disabled: false,
  allDisabled: false,
  pressed: false,
};

/** Undefined: nothing. */
function zoneFaults(id: string, tick: Tick): ZoneFaults | undefined {
  const levels = smokeLevels(id, tick);
  const dirty = tick.fault(id, 'detector-dirty');
  const fault = tick.fault(id, 'detector-fault') > 0;
  const disabled = tick.fault(id, 'detector-disabled') > 0;
  const allDisabled = tick.fault(id, 'detector-test') > 0;
  const pressed = tick.fault(id, 'call-point-pressed') > 0;
  const smoke = levels.flaming + levels.smouldering + levels.stimulus + levels.exhaust;
  if (smoke + dirty === 0 && !fault && !disabled && !allDisabled && !pressed) return undefined;
  return { levels, dirty, fault, disabled, allDisabled, pressed };
}

const coOf = (zone: string, ids: FireIds, seats: readonly FireSeat[]): number =>
  seats[ids.zones.findIndex(({ id }) => id === zone)]?.coPpm ?? 0;

const none = Number.POSITIVE_INFINITY;

/** A broken loop is fed from one end only: what lies behind the break is lost. First address that is. */
function lostAddress({ detectors }: Fire, { panel }: FireIds, tick: Tick): number {
  const share = tick.fault(panel, 'loop-break');
  if (share === 0) return none;
  const last = Math.max(...detectors.map(({ address }) => address));
  return Math.ceil(last * (1 - share)) + 1;
}

/** Two points, of which one may be a call point, confirm a fire (GB 50116, 4.1.6). */
function countFires({ detectors, modules }: Pick<Fire, 'detectors' | 'modules'>): {
  inFire: number;
  confirmed: boolean;
} {
  let inFire = 0;
  for (const { state } of detectors) if (state === 'fire') inFire++;
  for (const { state } of modules) if (state === 'fire') inFire++;
  return { inFire, confirmed: inFire >= 2 };
}

function emergencyW({ confirmedS }: Panel, modules: readonly Module[]): number {
  // Flow in a sprinkler main starts the pump directly (GB 50974), confirmed or not.
  const flowing = modules.some(({ kind, state }) => kind === 'flow-switch' && state === 'supervisory');
  return standingW + (confirmedS > 0 ? smokeFansW : 0) + (flowing ? firePumpW : 0);
}

/** Zones with a point in fire. */
export function burningZones({ detectors, modules }: Pick<Fire, 'detectors' | 'modules'>): Set<string> {
  const zones = new Set<string>();
  for (const { state, zone } of detectors) if (state === 'fire') zones.add(zone);
  for (const { state, of } of modules) if (state === 'fire') zones.add(of);
  return zones;
}
