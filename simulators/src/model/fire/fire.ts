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
  const seats: FireSeat[] = [];
  const detectors: Detector[] = [];
  let next = 0;
  let burning = false;
  let changed = false;
  ids.zones.forEach(({ id, detectors: addresses }, z) => {
    const levels = smokeLevels(id, tick);
    const before = fire.seats[z] ?? coldSeat;
    const seat = stepSeat(before, levels, tick.dtS);
    seats.push(seat);
    const end = next + addresses.length;
    const zone = zoneFaults(id, tick);
    burning ||= levels.flaming + levels.smouldering + levels.stimulus + tick.fault(id, 'call-point-pressed') > 0;
    for (let place = 0; next < end; next++, place++) {
      const detector = fire.detectors[next] ?? newDetector(addresses[place] ?? 0, id);
      const stepped = stepDetector(detector, {
        ...smokeFor(place, { seat, levels }),
        // The first of the zone is the dirty one, the last the one that fails or is taken out: the rest goes on seeing.
        dirty: place === 0 ? zone.dirty : 0,
        fault: (place === addresses.length - 1 && zone.fault) || detector.address >= lostFrom,
        disabled: zone.allDisabled || (place === addresses.length - 1 && zone.disabled),
        reset,
        dtS: tick.dtS,
      });
      burning ||= stepped.smoke + stepped.dirt - stepped.compensation > 1;
      changed ||= stepped !== detector;
      detectors.push(stepped);
    }
  });
  const supply = { mains: fire.panel.mainsFault, battery: fire.panel.batteryFault, earth: fire.panel.earthFault };
  const modules = fire.modules.map((module) =>
    stepModule(module, {
      supply,
      coPpm: module.kind === 'co-detector' ? coOf(module.of, ids, seats) : 0,
      lost: module.of !== ids.panel && module.address >= lostFrom,
      disabled: tick.fault(module.of, 'detector-test') > 0,
      reset,
      tick,
    }),
  );
  const state = changed ? { ...fire, detectors, modules } : { ...fire, modules };
  const panel = stepPanel(fire.panel, { ...countFires(state), burning, tick });
  return { ...state, seats, panel, emergencyW: emergencyW(panel, modules) };
}

function smokeFor(place: number, of: { seat: FireSeat; levels: SmokeLevels }): { around: number; stimulus: boolean } {
  const { seat, levels } = of;
  if (levels.flaming === 0 && levels.smouldering === 0 && levels.stimulus === 0) return { around: 0, stimulus: false };
  return { around: smokeAt(place, seat, levels), stimulus: levels.stimulus > 0 };
}

function zoneFaults(
  id: string,
  tick: Tick,
): { dirty: number; fault: boolean; disabled: boolean; allDisabled: boolean } {
  return {
    dirty: tick.fault(id, 'detector-dirty'),
    fault: tick.fault(id, 'detector-fault') > 0,
    disabled: tick.fault(id, 'detector-disabled') > 0,
    allDisabled: tick.fault(id, 'detector-test') > 0,
  };
}

const coOf = (zone: string, ids: FireIds, seats: readonly FireSeat[]): number =>
  seats[ids.zones.findIndex(({ id }) => id === zone)]?.coPpm ?? 0;

/** A broken loop is fed from one end only: what lies behind the break is lost. First address that is. */
function lostAddress({ detectors }: Fire, { panel }: FireIds, tick: Tick): number {
  const share = tick.fault(panel, 'loop-break');
  if (share === 0) return Number.POSITIVE_INFINITY;
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
