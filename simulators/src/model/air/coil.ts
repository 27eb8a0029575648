import { enthalpy, saturationRatio, waterHeatJPerKgK } from './moist-air.ts';

/** What a coil does to the air, and the heat that the water takes from it (cooling) or gives to it (heating), W, positive. */
export interface CoilResult {
  c: number;
  ratio: number;
  heatW: number;
}

export interface CoilInput {
  airKgS: number;
  c: number;
  ratio: number;
  waterC: number;
  /** Through the valve. */
  waterKgS: number;
  /** Water at the open valve, kg/s. */
  designKgS: number;
  /** Share of the air that touches the surface with all its water; less when it is fouled. */
  contact: number;
}

/** Water leaves at best this near to the temperature of the air that comes. */
const waterShare = 0.9;
/** Of the way from the water to the air, where the wet surface lies. */
const surfaceShare = 0.25;

/** Air that meets the surface leaves as cold as it, and no moister than saturated; the rest passes by. */
export function coolingCoil(input: CoilInput): CoilResult {
  const { airKgS, c, ratio, waterC, waterKgS } = input;
  if (airKgS < 1e-3 || waterKgS < 1e-3 || waterC >= c) return { c, ratio, heatW: 0 };
  const surfaceC = waterC + surfaceShare * (c - waterC);
  const contact = touched(input);
  const dropK = c - surfaceC;
  const drop = Math.max(0, ratio - saturationRatio(surfaceC));
  // A little above linear in the contact for the heat of the vapour; bounded by what the water can carry.
  const whole = airKgS * (enthalpy(c, ratio) - enthalpy(c - contact * dropK, ratio - contact * drop));
  const limit = waterKgS * waterHeatJPerKgK * (c - waterC) * waterShare;
  const share = whole > limit ? (contact * limit) / whole : contact;
  const outC = c - share * dropK;
  const outRatio = ratio - share * drop;
  return { c: outC, ratio: outRatio, heatW: airKgS * (enthalpy(c, ratio) - enthalpy(outC, outRatio)) };
}

export function heatingCoil(input: CoilInput): CoilResult {
  const { airKgS, c, ratio, waterC, waterKgS } = input;
  if (airKgS < 1e-3 || waterKgS < 1e-3 || waterC <= c) return { c, ratio, heatW: 0 };
  const contact = touched(input);
  const whole = airKgS * (enthalpy(c + contact * (waterC - c), ratio) - enthalpy(c, ratio));
  const limit = waterKgS * waterHeatJPerKgK * (waterC - c) * waterShare;
  const share = whole > limit ? (contact * limit) / whole : contact;
  const outC = c + share * (waterC - c);
  return { c: outC, ratio, heatW: airKgS * (enthalpy(outC, ratio) - enthalpy(c, ratio)) };
}

/** Half of the water already does most of the work. */
function touched({ contact, waterKgS, designKgS }: CoilInput): number {
  return (contact * (1 - Math.exp((-2.5 * waterKgS) / designKgS))) / (1 - Math.exp(-2.5));
}
