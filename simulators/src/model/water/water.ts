import { Random, seedFor } from '../random.ts';
import { lag, type Tick } from '../tick.ts';
import { alarmCodes, type BoosterControl, choosePumps, newControl, stepControl } from './booster.ts';
import { type DrawOff, newDrawOff, stepDrawOff } from './draw-off.ts';
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
    pumps: pumps.map((pump, i) => (i === 0 ? { ...pump, running: true, stateS: 0, speed: 0.8 } : pump)),
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
  const air = tick.fault(ids.booster, 'suction-air');

  const wears = ids.pumps.map((id) => pumpWear(tick, id));
  const guarded = water.pumps.map((pump, i) => guard(pump, wears[i] ?? noWear, { tick, supply }));
  const control = stepControl(water.control, {
    pressureKpa: transmitterOf(tick, ids.booster, {
      pressureKpa: water.network.pressureKpa,
      lastKpa: water.control.seenKpa,
    }),
    flowM3h: water.flowM3h,
    backM3h: backOf(water.pumps),
    dry: !suction.isOpen || levelOf(water.tank) < lowWaterM(water),
    turning: water.pumps.some((pump) => pump.speed > 0),
    usable: guarded.map(({ usable }) => usable),
    tripCode: Math.max(...guarded.map(({ tripCode }) => tripCode)),
    sharp: tick.fault(ids.booster, 'pid-hunting'),
    passLead: tick.fault(ids.booster, 'pump-changeover') > 0 && water.control.leadS > 120,
    dtS,
  });
  const runs: boolean[] = [];
  choosePumps(
    control,
    guarded.map(({ usable }) => usable),
    runs,
  );

  // Air comes in gulps.
  const gulp = air > 0 ? Math.min(1, air * (1 + 0.3 * random.normal())) : 0;
  const onNetwork = guarded.map(({ pump, usable, bypassed }, i): PumpOnNetwork => {
    const on = (runs[i] === true || bypassed) && usable;
    const goal = bypassed ? 1 : control.speed;
    return {
      speed: on ? Math.min(goal, pump.speed + startRamp * dtS) : 0,
      head: headLeft(wears[i] ?? noWear, water.cavitation, gulp),
      backM3h: checkValveM3h * tick.fault(pump.id, 'check-valve-leak'),
      flowM3h: 0,
    };
  });
  let sealLeak = 0;
  for (const id of ids.pumps) sealLeak += sealLeakM3h * tick.fault(id, 'seal-leak');
  const staticKpa = headKpa(levelOf(water.tank) + suctionDepthM);
  const moved = stepNetwork(water.network, onNetwork, {
    suction: { staticKpa, loss: suction.loss, hasWater },
    demandM3h: drawOff.demandM3h,
    burstM3h: burstM3h * tick.fault(ids.booster, 'pipe-burst') + sealLeak,
    leakM3h: leakM3h * tick.fault(ids.booster, 'pipe-leak'),
    gasGoal: 1 - 0.97 * tick.fault(ids.booster, 'vessel-precharge-lost'),
    dtS,
  });
  const inletKpa = hasWater
    ? Math.max(boilingKpa, staticKpa - suction.loss * moved.flowM3h * Math.abs(moved.flowM3h))
    : 0;

  const roomC = lag(water.roomC, roomFor(tick.around.outdoorC), { dtS, tauS: 7200 });
  let busiest = 0;
  const pumps = guarded.map(({ pump }, i) => {
    const { speed, flowM3h } = onNetwork[i] ?? stands;
    if (flowM3h > busiest) busiest = flowM3h;
    const on = speed > 0;
    return stepPump(
      {
        ...pump,
        running: on,
        starts: pump.starts + (on && !pump.running ? 1 : 0),
        stateS: on === pump.running ? pump.stateS : 0,
      },
      {
        speed,
        flowM3h,
        riseKpa: moved.network.pressureKpa - inletKpa,
        cavitation: on ? water.cavitation : 0,
        air: on ? gulp : 0,
        dry: !hasWater,
        supply,
        roomC,
      },
      { wear: wears[i] ?? noWear, dtS, random },
    );
  });
  const hours = dtS / 3600;
  const tank = stepTank(water.tank, {
    drawM3h: moved.flowM3h,
    mainKpa: townMainKpa(calendar) * (1 - tick.fault(ids.tank, 'town-water-outage')),
    mainC: townMainC(calendar) + hotWaterK * tick.fault(ids.tank, 'hot-water-backflow'),
    roomC,
    stuck: stuckOf(tick, ids.tank),
    cleaning: tick.fault(ids.tank, 'tank-cleaning') > 0,
    driftM: -1.9 * tick.fault(ids.tank, 'level-sensor-drift'),
    dtS,
  });
  return {
    random: random.state,
    tank,
    control,
    pumps,
    network: moved.network,
    drawOff,
    inletKpa,
    flowM3h: moved.flowM3h,
    drawnM3h: moved.drawnM3h,
    spillM3h: moved.burstM3h,
    cavitation: hasWater ? lag(water.cavitation, cavitation(busiest, inletKpa), { dtS, tauS: 3 }) : 0,
    controllerW: supply.some((v) => v > 0.7) ? controllerW : 0,
    roomC,
    volumeM3: water.volumeM3 + Math.max(0, moved.flowM3h) * hours,
    usedM3: water.usedM3 + moved.drawnM3h * hours,
    leakedM3: water.leakedM3 + moved.leakM3h * hours,
    spilledM3: water.spilledM3 + moved.burstM3h * hours,
    poweredS: water.poweredS + dtS,
  };
}

const stands: PumpOnNetwork = { speed: 0, head: 1, backM3h: 0, flowM3h: 0 };
const noWear: PumpWear = {
  bearing: 0,
  motorBearing: 0,
  impeller: 0,
  unbalance: 0,
  misalignment: 0,
  binding: 0,
  motorCooling: 0,
  driveCooling: 0,
  trip: false,
};

interface Guarded {
  pump: Pump;
  tripCode: number;
  usable: boolean;
  bypassed: boolean;
}

/** Whether a pump may run: neither tripped, nor without supply, nor switched off locally. Pumps come back one after the other. */
function guard(pump: Pump, wear: PumpWear, { tick, supply }: { tick: Tick; supply: readonly number[] }): Guarded {
  const bySupply = supplyTrip(pump, supply);
  const own = tripOf(pump, wear);
  const tripCode = own === 0 ? (bySupply?.code ?? 0) : own;
  const isOff = tick.fault(pump.id, 'pump-maintenance') > 0;
  return {
    pump: pump.tripCode === tripCode ? pump : { ...pump, tripCode },
    tripCode,
    usable: own === 0 && bySupply === undefined && !isOff,
    bypassed: tick.fault(pump.id, 'drive-bypass') > 0,
  };
}

function lowWaterM({ control }: Water): number {
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
