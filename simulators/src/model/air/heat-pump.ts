import { clamp, lag } from '../tick.ts';
import { waterHeatJPerKgK } from './moist-air.ts';
import type { FeederState } from './supply.ts';

/** Hot water for coils and fan coils: an air-source heat pump with its circulation pump. */
export interface HeatPump {
  /** Water that it gives and that comes back. */
  supplyC: number;
  returnC: number;
  on: boolean;
  /** Nothing has called for this long, s. */
  idleS: number;
  heatW: number;
  /** From the outdoor air. */
  sourceW: number;
  powerW: number;
}

export const newHeatPump = (): HeatPump => ({
  supplyC: 45,
  returnC: 44,
  on: false,
  idleS: 0,
  heatW: 0,
  sourceW: 0,
  powerW: 0,
});

const capacityW = 240_000;
const flowKgS = 11.5;
export const hotLoopKg = 2400;
const setpointC = 45;
const pumpW = 2300;
const standbyW = 200;
/** It stops when nobody has called for a quarter of an hour. */
const idleLimitS = 900;

export function stepHeatPump(
  before: HeatPump,
  input: { loadW: number; callPct: number; outdoorC: number; feeder: FeederState; dtS: number },
): HeatPump {
  const { dtS, outdoorC, feeder } = input;
  const idleS = input.callPct > 5 ? 0 : before.idleS + dtS;
  const on = feeder.motors && (before.on ? idleS < idleLimitS : input.callPct > 15);
  const wanted = on ? flowKgS * waterHeatJPerKgK * Math.max(0, setpointC - before.returnC) : 0;
  const available = capacityW * clamp(1 + 0.015 * (outdoorC - 7), 0.5, 1.1);
  const heatW = lag(before.heatW, Math.min(wanted, available), { dtS, tauS: on ? 60 : 5 });
  const cop = clamp(3.3 + 0.07 * (outdoorC - 7), 1.8, 4.5);
  const compressorW = heatW / cop;
  const lossW = 20 * (before.returnC - 20);
  const returnC = before.returnC + ((heatW - input.loadW - lossW) * dtS) / (hotLoopKg * waterHeatJPerKgK);
  return {
    supplyC: returnC + heatW / (flowKgS * waterHeatJPerKgK),
    returnC,
    on,
    idleS,
    heatW,
    sourceW: heatW - compressorW,
    powerW: compressorW + (on ? pumpW : 0) + (feeder.powered ? standbyW : 0),
  };
}
