import { flowAgainst } from './pump-curve.ts';

/** Pressure vessel and risers behind the set. */
export interface Network {
  /** Water in vessel and pipes beyond what stands there without pressure, m³: the state that the pressure follows from, so that no water is lost. */
  waterM3: number;
  pressureKpa: number;
  /** Share of the vessel's gas that is left. */
  gas: number;
}

export const setpointKpa = 600;
const atmosphereKpa = 101.3;
const vesselM3 = 0.5;
/** Gas pressure of the empty vessel, 0.7 of the set pressure, gauge. */
const prechargeKpa = 420;
/** Stretch of pipes and bubbles in them, m³/kPa. */
const pipesM3PerKpa = 0.00005;

/** Static height of the taps above the set, a third of the draw-off each, kPa: lower, middle and upper floors. */
const tapsKpa = [130, 290, 450] as const;
/** Rise of a leak in the risers above the set, kPa. */
const leakKpa = 250;
/** How fast gas leaves a torn bladder, or is pumped in, share of a full charge in 1/s. */
const gasPerS = 1 / 900;
const subSteps = 10;

export interface PumpOnNetwork {
  /** Per unit; 0: stands. */
  speed: number;
  /** Share of the head that wear, air and cavitation leave. */
  head: number;
  /** m³/h that flows back through the standing pump at the set pressure; 0: its check valve is tight. */
  backM3h: number;
  /** Out: mean flow of the step, m³/h, negative backwards. */
  flowM3h: number;
}

export interface NetworkInput {
  /** Static pressure at the inlet, gauge, and the suction pipe's loss in kPa/(m³/h)². */
  suction: { staticKpa: number; loss: number; hasWater: boolean };
  demandM3h: number;
  /** A hole in the pump room and one in the risers: flow at the set pressure, m³/h. */
  burstM3h: number;
  leakM3h: number;
  /** Share of the vessel's gas that will be left; it escapes slowly. */
  gasGoal: number;
  dtS: number;
}

export interface NetworkStep {
  network: Network;
  /** Net flow out of the tank, and where it went, mean of the step, m³/h. */
  flowM3h: number;
  drawnM3h: number;
  burstM3h: number;
  leakM3h: number;
}

export function newNetwork(): Network {
  const pressureKpa = setpointKpa;
  return { pressureKpa, waterM3: waterAt(pressureKpa, 1), gas: 1 };
}

/** One step in short ones; writes each pump's flow. */
export function stepNetwork(before: Network, pumps: PumpOnNetwork[], input: NetworkInput): NetworkStep {
  const { suction, dtS } = input;
  const gas = before.gas + Math.max(-gasPerS * dtS, Math.min(gasPerS * dtS, input.gasGoal - before.gas));
  const hours = dtS / subSteps / 3600;
  const curve = { head: 1, suctionLoss: suction.loss, together: 0 };
  for (const pump of pumps) {
    pump.flowM3h = 0;
    if (pump.speed > 0) curve.together++;
  }
  let { waterM3, pressureKpa } = before;
  pressureKpa = pressureAt(waterM3, gas);
  let drawn = 0;
  let burst = 0;
  let leak = 0;
  for (let i = 0; i < subSteps; i++) {
    const riseKpa = pressureKpa - suction.staticKpa;
    let flow = 0;
    for (const pump of pumps) {
      let q = 0;
      if (pump.speed > 0 && suction.hasWater) {
        curve.head = pump.head;
        q = flowAgainst(riseKpa, pump.speed, curve);
      }
      if (q === 0 && pump.backM3h > 0 && riseKpa > 0) q = -pump.backM3h * Math.sqrt(riseKpa / setpointKpa);
      pump.flowM3h += q / subSteps;
      flow += q;
    }
    const taps = input.demandM3h * tapShare(pressureKpa);
    const hole = input.burstM3h * Math.sqrt(Math.max(0, pressureKpa) / setpointKpa);
    const seep = input.leakM3h * Math.sqrt(Math.max(0, pressureKpa - leakKpa) / (setpointKpa - leakKpa));
    waterM3 += (flow - taps - hole - seep) * hours;
    pressureKpa = pressureAt(waterM3, gas);
    drawn += taps / subSteps;
    burst += hole / subSteps;
    leak += seep / subSteps;
  }
  let flowM3h = 0;
  for (const pump of pumps) flowM3h += pump.flowM3h;
  return { network: { waterM3, pressureKpa, gas }, flowM3h, drawnM3h: drawn, burstM3h: burst, leakM3h: leak };
}

/** Draw-off as a share of that at the set pressure: the upper floors fall dry first. */
function tapShare(pressureKpa: number): number {
  let share = 0;
  for (const taps of tapsKpa)
    if (pressureKpa > taps) share += Math.sqrt((pressureKpa - taps) / (setpointKpa - taps)) / tapsKpa.length;
  return share;
}

/** m³ at a gauge pressure above the vessel's precharge. */
function waterAt(pressureKpa: number, gas: number): number {
  const absoluteKpa = pressureKpa + atmosphereKpa;
  return pipesM3PerKpa * pressureKpa + vesselM3 * (1 - emptyKpa(gas) / absoluteKpa);
}

/** Absolute gas pressure at which the vessel is empty of water. */
function emptyKpa(gas: number): number {
  return (prechargeKpa + atmosphereKpa) * gas;
}

/** Inverse of `waterAt`: gas at constant temperature, and the pipes alone below the precharge. Gauge kPa, not below 0. */
function pressureAt(waterM3: number, gas: number): number {
  const empty = emptyKpa(gas);
  if (waterM3 <= pipesM3PerKpa * (empty - atmosphereKpa)) return Math.max(0, waterM3 / pipesM3PerKpa);
  const b = vesselM3 - waterM3 - atmosphereKpa * pipesM3PerKpa;
  const absoluteKpa = (Math.sqrt(b * b + 4 * pipesM3PerKpa * vesselM3 * empty) - b) / (2 * pipesM3PerKpa);
  return Math.max(0, absoluteKpa - atmosphereKpa);
}
