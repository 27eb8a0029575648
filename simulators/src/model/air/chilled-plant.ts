import type { Tick } from '../tick.ts';
import { type Chiller, type ChillerSpec, chilledKgS, chilledSetpointC, newChiller, stepChiller } from './chiller.ts';
import { waterHeatJPerKgK } from './moist-air.ts';
import type { FeederState } from './supply.ts';

/** Two or more chillers on one loop of chilled water. */
export interface ChilledPlant {
  chillers: Chiller[];
  /** Water to the building and back. */
  supplyC: number;
  returnC: number;
  /** How many chillers may run, and since when more or fewer are called for, s. */
  staged: number;
  callS: number;
  idleS: number;
  moreS: number;
  fewerS: number;
}

export function newChilledPlant(specs: readonly ChillerSpec[]): ChilledPlant {
  return {
    chillers: specs.map(({ id }) => newChiller(id)),
    supplyC: 16,
    returnC: 16,
    staged: 0,
    callS: 0,
    idleS: 0,
    moreS: 0,
    fewerS: 0,
  };
}

export const loopKg = 3600;
/** Cooled rooms keep standing water from warming beyond this. */
const restC = 22;
const restTauS = 8 * 3600;
/** Towers would freeze: below the first no chiller starts, below the second they stop. */
const lockoutC = { start: 10, stop: 8 };
const startS = 120;
const idleLimitS = 1200;
const moreLimitS = 600;
const fewerLimitS = 1200;

export interface PlantInput {
  /** Heat that coils and fan coils give to the water, W, and how far the widest of their valves is open, %. */
  loadW: number;
  callPct: number;
  outdoorC: number;
  wetBulbC: number;
  feeder: FeederState;
  tick: Tick;
}

export function stepChilledPlant(before: ChilledPlant, specs: readonly ChillerSpec[], input: PlantInput): ChilledPlant {
  const { dtS } = input.tick;
  const called = input.callPct > 15;
  const callS = called ? before.callS + dtS : 0;
  const idleS = input.callPct > 4 ? 0 : before.idleS + dtS;
  const usable = before.chillers.filter(isUsable).length;
  const busy = before.chillers.filter(({ running }) => running);
  const full = busy.length > 0 && before.supplyC > chilledSetpointC + 1 && busy.every((c) => c.phaseS > 300);
  const coolingW = busy.reduce((sum, { coolingW }) => sum + coolingW, 0);
  const oneLess = specs.slice(0, Math.max(1, before.staged - 1)).reduce((sum, { capacityW }) => sum + capacityW, 0);
  const moreS = full && before.staged < specs.length ? before.moreS + dtS : 0;
  const fewerS = before.staged > 1 && coolingW < 0.75 * oneLess ? before.fewerS + dtS : 0;
  let staged = before.staged;
  if (staged === 0) staged = callS > startS && input.outdoorC > lockoutC.start ? 1 : 0;
  else if (input.outdoorC < lockoutC.stop) staged = 0;
  else if (idleS > idleLimitS) staged = 0;
  else if (moreS > moreLimitS) staged = Math.min(specs.length, staged + 1);
  else if (fewerS > fewerLimitS) staged -= 1;
  const isNew = staged !== before.staged;

  // The first ones of those that are whole; a tripped one stays enabled so that it shows what is wrong.
  let left = usable === 0 ? 0 : staged;
  const enabled = before.chillers.map((chiller) => {
    if (!isUsable(chiller)) return staged > 0;
    left -= 1;
    return left >= 0;
  });
  const chillers = before.chillers.map((chiller, i) => {
    const spec = specs[i];
    if (spec === undefined) return chiller;
    const { returnC } = before;
    return stepChiller(chiller, spec, { ...input, returnC, enabled: enabled[i] === true });
  });
  let flowKgS = 0;
  let rate = 0;
  let takenW = 0;
  chillers.forEach((chiller, i) => {
    const spec = specs[i];
    if (spec === undefined || !chiller.chilledPump) return;
    flowKgS += chilledKgS(spec);
    rate += chilledKgS(spec) * chiller.leavingC;
    takenW += chiller.coolingW;
  });
  const restW = ((restC - before.returnC) * loopKg * waterHeatJPerKgK) / restTauS;
  const returnC = before.returnC + ((input.loadW + restW - takenW) * dtS) / (loopKg * waterHeatJPerKgK);
  return {
    chillers,
    supplyC: flowKgS > 0 ? rate / flowKgS : returnC,
    returnC,
    staged,
    callS,
    idleS,
    moreS: isNew ? 0 : moreS,
    fewerS: isNew ? 0 : fewerS,
  };
}

function isUsable({ tripped, local }: Chiller): boolean {
  return tripped === 'none' && !local;
}

/** Share of the flow that the building's coils get: none without a pump. */
export function chilledFlow({ chillers }: ChilledPlant): number {
  return chillers.some(({ chilledPump }) => chilledPump) ? 1 : 0;
}
