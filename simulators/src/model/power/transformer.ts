import { lag, type Tick } from '../tick.ts';
import type { Meter } from './meter.ts';
import { hypotenuse, perPhase, phases } from './meter.ts';

/** A dry-type transformer of 10/0.4 kV with fans. */
export interface Transformer {
  windingC: number;
  fan: boolean;
  /** Opened by its temperature protection; the whole low voltage is dead. */
  tripped: boolean;
  /** Magnetising, and copper, W. */
  noLoadLossW: number;
  loadLossW: number;
}

/** 315 kVA, uk 4 %: 0.508 Ω rated impedance, of which 1.1 % resistive and 3.85 % inductive. */
export const transformerData = {
  ratedVa: 315_000,
  resistanceOhm: 0.0056,
  reactanceOhm: 0.0196,
  noLoadLossW: 880,
  /** At rated current, winding warm (GB/T 10228, SCB10). */
  loadLossW: 3470,
  /** Insulation class F: mean rise at rated load, K. */
  ratedRiseK: 100,
  tauS: 2700,
} as const;

const fanOnC = 90;
const fanOffC = 75;
/** Fans take a third of the rise away. */
const fanShare = 0.67;
const tripC = 150;
const closeAgainC = 100;
const roomC = 30;
/** With its vents shut the transformer's cell warms up by this much. */
const shutCellK = 20;

export function newTransformer(): Transformer {
  return { windingC: 70, fan: false, tripped: false, noLoadLossW: transformerData.noLoadLossW, loadLossW: 1000 };
}

/** Voltage behind it for a load, one step ago. */
export function behindTransformer(volts: readonly number[], load: Meter): number[] {
  return perPhase((p) => {
    const v = load.voltsV[p] ?? 0;
    const drop =
      v < 50
        ? 0
        : (transformerData.resistanceOhm * (load.activeW[p] ?? 0) +
            transformerData.reactanceOhm * (load.reactiveVar[p] ?? 0)) /
          v;
    return Math.max(0, (volts[p] ?? 0) - drop);
  });
}

/** Losses and temperature by the load; `id`: the incomer's meter, whom its faults befall. */
export function stepTransformer(
  before: Transformer,
  load: Meter,
  { id, tick }: { id: string; tick: Tick },
): Transformer {
  const { dtS } = tick;
  const failed = tick.fault(id, 'transformer-fan-failed');
  let squared = 0;
  for (const p of phases) {
    const va = hypotenuse(load.activeW[p] ?? 0, load.reactiveVar[p] ?? 0);
    squared += (va / (transformerData.ratedVa / 3)) ** 2 / 3;
  }
  const fan = failed === 0 && before.windingC > (before.fan ? fanOffC : fanOnC);
  // IEC 60076-12: the rise goes with the load to the 1.6th power.
  const riseK = transformerData.ratedRiseK * squared ** 0.8 * (fan ? fanShare : 1);
  const windingC = lag(before.windingC, roomC + shutCellK * failed + riseK, { dtS, tauS: transformerData.tauS });
  const tripped = before.tripped ? windingC > closeAgainC || failed > 0 : windingC > tripC;
  return {
    windingC,
    fan,
    tripped,
    noLoadLossW: tripped ? 0 : transformerData.noLoadLossW,
    loadLossW: transformerData.loadLossW * squared,
  };
}
