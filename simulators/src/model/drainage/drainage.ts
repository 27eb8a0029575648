import { Random, seedFor } from '../random.ts';
import type { Tick } from '../tick.ts';
import { newSumpPump, type SumpPump, type SumpPumpWear, stepSumpPump } from './sump-pump.ts';

/** Sump of the pump room, its two pumps and the floor above it. Volumes in m³ since the model began. */
export interface Drainage {
  sumpM3: number;
  /** On the floor of the pump room. */
  floorM3: number;
  pumps: SumpPump[];
  /** Index of the pump that starts next. */
  duty: number;
  /** How many pumps the floats want. */
  wanted: number;
  inM3: number;
  pumpedM3: number;
  driedM3: number;
  /** Over the door sill into the corridor. */
  escapedM3: number;
}

export interface DrainageIds {
  sump: string;
  pumps: readonly string[];
  /** The leak sensor on the floor of the pump room. */
  floorSensor: string;
}

export interface Inflow {
  /** Overflow and drain of the tank, through the gutter, m³/h. */
  gutterM3h: number;
  /** From holes in pipes and seals, onto the floor, m³/h. */
  floorM3h: number;
  roomC: number;
}

export const sumpData = {
  areaM2: 2,
  depthM: 1.5,
  floorAreaM2: 40,
  stopM: 0.3,
  startM: 0.7,
  assistM: 0.95,
  /** A float apart from the others; starts both pumps. */
  backupM: 1.15,
  /** Below it the pumps draw air. */
  suckM: 0.15,
} as const;

/** What the gutter swallows; the rest runs over the floor, m³/h. */
const gutterM3h = 20;
/** Floor drains, m³/h, with 5 mm of water above them; a film of 0.3 mm stays and dries. */
const drainM3h = 15;
const drainDepthM = 0.005;
const filmM = 0.0003;
/** Evaporation of a wet floor in a ventilated room, m/h. */
const dryingMPerH = 0.0004;
const sillM = 0.15;
/** Ground water through the walls of the sump, m³/h; ramp whose rain runs here, m². */
const seepageM3h = 0.04;
const rampM2 = 60;
const groundWaterM3h = 24;

export function newDrainage(ids: DrainageIds, seed: number): Drainage {
  const random = new Random(seedFor(seed, 'drainage'));
  return {
    sumpM3: 0.45 * sumpData.areaM2,
    floorM3: 0,
    pumps: ids.pumps.map((id) =>
      newSumpPump(id, {
        starts: 900 + random.below(300),
        runS: (60 + random.below(30)) * 3600,
        energyKwh: 150 + random.below(60),
      }),
    ),
    duty: 0,
    wanted: 0,
    inM3: 0,
    pumpedM3: 0,
    driedM3: 0,
    escapedM3: 0,
  };
}

export function sumpLevelM(drainage: Drainage): number {
  return drainage.sumpM3 / sumpData.areaM2;
}

/** Depth on the pump room's floor, m. */
export function floorDepthM(drainage: Drainage): number {
  return drainage.floorM3 / sumpData.floorAreaM2;
}

export function drainagePowerW(drainage: Drainage): number {
  let sum = 0;
  for (const { powerW } of drainage.pumps) sum += powerW;
  return sum;
}

export function stepDrainage(
  before: Drainage,
  ids: DrainageIds,
  { tick, inflow }: { tick: Tick; inflow: Inflow },
): Drainage {
  const { dtS } = tick;
  const hours = dtS / 3600;
  const level = sumpLevelM(before);
  const wanted = floats(before, level, tick.fault(ids.sump, 'sump-float-stuck'));
  const duty = wanted === 0 && before.wanted > 0 ? (before.duty + 1) % before.pumps.length : before.duty;
  const pumps = stepPumps({ ...before, duty, wanted }, { tick, hasWater: level > sumpData.suckM, roomC: inflow.roomC });

  let pumped = 0;
  for (const { flowM3h } of pumps) pumped += flowM3h * hours;
  const toGutter = Math.min(inflow.gutterM3h, gutterM3h);
  const seepage =
    seepageM3h + (tick.around.rainMmPerH * rampM2) / 1000 + groundWaterM3h * tick.fault(ids.sump, 'ground-water');
  const onFloor = (inflow.floorM3h + inflow.gutterM3h - toGutter) * hours;
  const intoSump = (toGutter + seepage) * hours;

  let floorM3 = before.floorM3 + onFloor;
  const drained = draining(floorM3, hours);
  let sumpM3 = Math.max(0, before.sumpM3 + intoSump - pumped);
  pumped = before.sumpM3 + intoSump - sumpM3;
  sumpM3 += drained;
  floorM3 -= drained;
  // A full sump stands on the floor.
  const over = Math.max(0, sumpM3 - sumpData.areaM2 * sumpData.depthM);
  sumpM3 -= over;
  floorM3 += over;
  const dried = Math.min(floorM3, dryingMPerH * hours * sumpData.floorAreaM2);
  floorM3 -= dried;
  const escaped = Math.max(0, floorM3 - sillM * sumpData.floorAreaM2);
  return {
    sumpM3,
    floorM3: floorM3 - escaped,
    pumps,
    duty,
    wanted,
    inM3: before.inM3 + onFloor + intoSump,
    pumpedM3: before.pumpedM3 + pumped,
    driedM3: before.driedM3 + dried,
    escapedM3: before.escapedM3 + escaped,
  };
}

/** How many pumps the floats want. `stuck`: the start floats hang; from 0.5 on the back-up float as well. */
function floats({ wanted }: Drainage, level: number, stuck: number): number {
  if (level <= sumpData.stopM) return 0;
  if (level >= sumpData.backupM && stuck < 0.5) return 2;
  if (stuck > 0) return wanted;
  if (level >= sumpData.assistM) return 2;
  return level >= sumpData.startM ? Math.max(1, wanted) : wanted;
}

/** The duty pump runs first, the other when two are wanted or the first cannot. */
function stepPumps(
  { pumps, duty, wanted }: Drainage,
  { tick, hasWater, roomC }: { tick: Tick; hasWater: boolean; roomC: number },
): SumpPump[] {
  const supply = tick.around.supply('pumps');
  let left = wanted;
  const stepped = [...pumps];
  for (let i = 0; i < pumps.length; i++) {
    const at = (duty + i) % pumps.length;
    const pump = pumps[at];
    if (pump === undefined) continue;
    const isOff = tick.fault(pump.id, 'pump-maintenance') > 0;
    const byHand = tick.fault(pump.id, 'pump-test-run') > 0 && hasWater;
    const next = stepSumpPump(
      pump,
      { calls: !isOff && (byHand || left > 0), hasWater, wear: wearOf(tick, pump.id), supply, roomC },
      tick.dtS,
    );
    stepped[at] = next;
    if (next.running) left--;
  }
  return stepped;
}

function wearOf(tick: Tick, id: string): SumpPumpWear {
  return {
    impeller: tick.fault(id, 'impeller-wear'),
    bearing: tick.fault(id, 'bearing-wear'),
    binding: tick.fault(id, 'motor-overload'),
    trip: tick.fault(id, 'pump-trip') > 0,
  };
}

/** m³ that the floor drains take in a step: more the deeper the water stands. */
function draining(floorM3: number, hours: number): number {
  const above = floorM3 / sumpData.floorAreaM2 - filmM;
  if (above <= 0) return 0;
  const wanted = drainM3h * Math.min(1, above / drainDepthM) * hours;
  return Math.min(wanted, above * sumpData.floorAreaM2);
}
