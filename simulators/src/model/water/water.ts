import { Random, seedFor } from '../random.ts';
import { lag, type Tick } from '../tick.ts';
import { alarmCodes, type BoosterControl, choosePumps, newControl, stepControl } from './booster.ts';
import { type DrawOff, newDrawOff, stepDrawOff } from './draw-off.ts';
import { supplyState } from './motor.ts';
import { type Network, newNetwork, type PumpOnNetwork, stepNetwork } from './network.ts';
import { headLeft, newPump, type Pump, type PumpWear, stepPump, supplyTrip, tripOf } from './pump.ts';
import { cavitation } from './pump-curve.ts';
import { headKpa, levelOf, newTank, stepTank, type Tank, tankData } from './tank.ts';
import { townMainC, townMainKpa } from './town-main.ts';
import { pumpWear, suctionOf, transmitterOf } from './water-faults.ts';

/** Tank, booster set and pumps. */
export interface Water {
  random: number;
  tank: Tank;
  control: BoosterControl;
  pumps: Pump[];
  network: Network;
  drawOff: DrawOff;
  /** At the pumps' suction flange, gauge; below 0 with a clogged strainer. */
  inletKpa: number;
  /** Net flow of the set and what the taps get, m³/h. */
  flowM3h: number;
  drawnM3h: number;
  /** Out of holes in the pump room, onto its floor, m³/h. */
  spillM3h: number;
  /** 0 … 1. */
  cavitation: number;
  controllerW: number;
  roomC: number;
  /** Meter behind the set, and what went where since the model began, m³. */
  volumeM3: number;
  usedM3: number;
  leakedM3: number;
  spilledM3: number;
  poweredS: number;
}

export interface WaterIds {
  booster: string;
  tank: string;
  pumps: readonly string[];
}

/** The suction pipe lies this far under the tank's floor, m. */
const suctionDepthM = 0.3;
const controllerW = 120;
/** m³/h at full severity and the set pressure. */
const burstM3h = 90;
const leakM3h = 2.5;
const sealLeakM3h = 3;
const checkValveM3h = 5;
/** A starting pump gains speed, 1/s. */
const startRamp = 0.25;
const hotWaterK = 22;
/** How far a drifting level transmitter ends below the truth. */
const levelDriftM = 1.9;
/** A changeover test lets each pump lead for so long. */
const changeoverS = 120;
/** Where cold water boils: no suction goes lower, gauge. */
const boilingKpa = -98;

export function newWater(ids: WaterIds, seed: number): Water {
  const random = new Random(seedFor(seed, 'water'));
  const pumps = ids.pumps.map((id) =>
    newPump(id, {
      starts: 6000 + random.below(3000),
      runS: (5200 + random.below(1800)) * 3600,
      energyKwh: 9000 + random.below(3000),
    }),
  );
  const volumeM3 = 152_300 + random.below(4000);
  return {
    random: random.state,
    tank: newTank(2.1, 17),
    control: newControl(),
    pumps: pumps.map((pump, i) => (i === 0 ? { ...pump, running: true, speed: 0.8 } : pump)),
    network: newNetwork(),
    drawOff: newDrawOff(),
    inletKpa: headKpa(2.1 + suctionDepthM),
    flowM3h: 6,
    drawnM3h: 6,
    spillM3h: 0,
    cavitation: 0,
    controllerW,
    roomC: 20,
    volumeM3,
    usedM3: 0,
    leakedM3: 0,
    spilledM3: 0,
    poweredS: 15_000 * 3600,
  };
}

export function stepWater(water: Water, ids: WaterIds, tick: Tick): Water {
  const { dtS, calendar } = tick;
  const random = new Random(water.random);
  const drawOff = stepDrawOff(water.drawOff, calendar, { random, dtS });
  const supply = tick.around.supply('pumps');
  const suction = suctionOf(tick, ids.booster);
  const hasWater = suction.isOpen && levelOf(water.tank) > tankData.emptyM;
  // Air comes in gulps.
  const airIn = tick.fault(ids.booster, 'suction-air');
  const air = airIn > 0 ? Math.min(1, airIn * (1 + 0.3 * random.normal())) : 0;

  const guarded = water.pumps.map((pump) => guard(pump, pumpWear(tick, pump.id), { tick, supply }));
  const usable = guarded.map((one) => one.usable);
  const control = controlSet(water, ids, { tick, guarded, usable, isOpen: suction.isOpen });
  const turning = turnPumps(water, control, { tick, guarded, usable, air });
  const staticKpa = headKpa(levelOf(water.tank) + suctionDepthM);
  const moved = stepNetwork(water.network, turning, {
    suction: { staticKpa, loss: suction.loss, hasWater },
    demandM3h: drawOff.demandM3h,
    burstM3h: holesM3h(ids, tick),
    leakM3h: leakM3h * tick.fault(ids.booster, 'pipe-leak'),
    gasGoal: 1 - 0.97 * tick.fault(ids.booster, 'vessel-precharge-lost'),
    dtS,
  });
  const lossKpa = suction.loss * moved.flowM3h * Math.abs(moved.flowM3h);
  const inletKpa = hasWater ? Math.max(boilingKpa, staticKpa - lossKpa) : 0;
  const roomC = lag(water.roomC, roomFor(tick.around.outdoorC), { dtS, tauS: 7200 });
  const met = {
    riseKpa: moved.network.pressureKpa - inletKpa,
    cavitation: water.cavitation,
    air,
    dry: !hasWater,
    supply,
    roomC,
  };
  const pumps = guarded.map(({ pump, wear }, i) => {
    const { speed, flowM3h } = turning[i] ?? stands;
    return stepPump(pump, { ...met, speed, flowM3h }, { wear, dtS, random });
  });
  const hours = dtS / 3600;
  return {
    random: random.state,
    tank: fillTank(water.tank, ids, { tick, drawM3h: moved.flowM3h, roomC }),
    control,
    pumps,
    network: moved.network,
    drawOff,
    inletKpa,
    flowM3h: moved.flowM3h,
    drawnM3h: moved.drawnM3h,
    spillM3h: moved.burstM3h,
    cavitation: hasWater ? lag(water.cavitation, cavitation(busiestM3h(pumps), inletKpa), { dtS, tauS: 3 }) : 0,
    controllerW: supplyState(supply) === 'none' ? 0 : controllerW,
    roomC,
    volumeM3: water.volumeM3 + Math.max(0, moved.flowM3h) * hours,
    usedM3: water.usedM3 + moved.drawnM3h * hours,
    leakedM3: water.leakedM3 + moved.leakM3h * hours,
    spilledM3: water.spilledM3 + moved.burstM3h * hours,
    poweredS: water.poweredS + dtS,
  };
}

/** The controller, with what its transmitters, electrodes and drives tell it. */
function controlSet(
  water: Water,
  ids: WaterIds,
  now: { tick: Tick; guarded: readonly Guarded[]; usable: readonly boolean[]; isOpen: boolean },
): BoosterControl {
  const { tick, guarded } = now;
  const { network, control, tank, pumps } = water;
  let tripCode = 0;
  for (const one of guarded) tripCode = Math.max(tripCode, one.pump.tripCode);
  return stepControl(control, {
    pressureKpa: transmitterOf(tick, ids.booster, { pressureKpa: network.pressureKpa, lastKpa: control.seenKpa }),
    flowM3h: water.flowM3h,
    backM3h: backOf(pumps),
    dry: !now.isOpen || levelOf(tank) < lowWaterM(control),
    turning: pumps.some((pump) => pump.speed > 0),
    usable: now.usable,
    tripCode,
    sharp: tick.fault(ids.booster, 'pid-hunting'),
    passLead: tick.fault(ids.booster, 'pump-changeover') > 0 && control.leadS > changeoverS,
    dtS: tick.dtS,
  });
}

/** How fast each pump turns, and what is left of its head. */
function turnPumps(
  water: Water,
  control: BoosterControl,
  now: { tick: Tick; guarded: readonly Guarded[]; usable: readonly boolean[]; air: number },
): PumpOnNetwork[] {
  const { tick } = now;
  const runs: boolean[] = [];
  choosePumps(control, now.usable, runs);
  return now.guarded.map(({ pump, wear, usable, bypassed }, i) => {
    const on = (runs[i] === true || bypassed) && usable;
    const goal = bypassed ? 1 : control.speed;
    return {
      speed: on ? Math.min(goal, pump.speed + startRamp * tick.dtS) : 0,
      head: headLeft(wear, water.cavitation, now.air),
      backM3h: checkValveM3h * tick.fault(pump.id, 'check-valve-leak'),
      flowM3h: 0,
    };
  });
}

function fillTank(tank: Tank, ids: WaterIds, now: { tick: Tick; drawM3h: number; roomC: number }): Tank {
  const { tick } = now;
  const { calendar, dtS } = tick;
  const fault = (name: string): number => tick.fault(ids.tank, name);
  return stepTank(tank, {
    drawM3h: now.drawM3h,
    mainKpa: townMainKpa(calendar) * (1 - fault('town-water-outage')),
    mainC: townMainC(calendar) + hotWaterK * fault('hot-water-backflow'),
    roomC: now.roomC,
    stuck: stuckOf(tick, ids.tank),
    cleaning: fault('tank-cleaning') > 0,
    driftM: -levelDriftM * fault('level-sensor-drift'),
    dtS,
  });
}

/** Out of holes in the pump room at the set pressure, m³/h. */
function holesM3h(ids: WaterIds, tick: Tick): number {
  let sum = burstM3h * tick.fault(ids.booster, 'pipe-burst');
  for (const id of ids.pumps) sum += sealLeakM3h * tick.fault(id, 'seal-leak');
  return sum;
}

function busiestM3h(pumps: readonly Pump[]): number {
  let flowM3h = 0;
  for (const pump of pumps) flowM3h = Math.max(flowM3h, pump.flowM3h);
  return flowM3h;
}

const stands: PumpOnNetwork = { speed: 0, head: 1, backM3h: 0, flowM3h: 0 };
interface Guarded {
  /** With its trip code as it is now. */
  pump: Pump;
  wear: PumpWear;
  usable: boolean;
  bypassed: boolean;
}

/** Whether a pump may run: neither tripped, nor without supply, nor switched off locally. */
function guard(pump: Pump, wear: PumpWear, { tick, supply }: { tick: Tick; supply: readonly number[] }): Guarded {
  const bySupply = supplyTrip(pump, supply);
  const own = tripOf(pump, wear);
  const tripCode = own === 0 ? (bySupply?.code ?? 0) : own;
  const isOff = tick.fault(pump.id, 'pump-maintenance') > 0;
  return {
    pump: pump.tripCode === tripCode ? pump : { ...pump, tripCode },
    wear,
    usable: own === 0 && bySupply === undefined && !isOff,
    bypassed: tick.fault(pump.id, 'drive-bypass') > 0,
  };
}

/** Water level below which the set stays off. */
function lowWaterM(control: BoosterControl): number {
  return control.alarmCode === alarmCodes.dryRunning ? tankData.releaseM : tankData.stopM;
}

function backOf(pumps: readonly Pump[]): number {
  let back = 0;
  for (const { flowM3h } of pumps) if (flowM3h < 0) back -= flowM3h;
  return back;
}

function stuckOf(tick: Tick, tank: string): 'open' | 'shut' | undefined {
  if (tick.fault(tank, 'fill-valve-stuck-open') > 0) return 'open';
  return tick.fault(tank, 'fill-valve-stuck-shut') > 0 ? 'shut' : undefined;
}

/** The pump room lies underground: it follows the weather by a third. */
function roomFor(outdoorC: number): number {
  return 15 + 0.35 * outdoorC;
}

export function boosterPowerW(water: Water): number {
  let sum = water.controllerW;
  for (const { powerW } of water.pumps) sum += powerW;
  return sum;
}

export function isAtMaxSpeed(water: Water): boolean {
  return water.control.speed >= 0.995 && water.pumps.some((pump) => pump.running);
}
