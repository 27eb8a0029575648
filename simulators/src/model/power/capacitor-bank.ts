import type { Tick } from '../tick.ts';
import { type Meter, sum } from './meter.ts';

/** Automatic compensation at the main busbar: so many equal steps on. */
export interface CapacitorBank {
  steps: number;
  /** Since its controller last looked, s. */
  sinceS: number;
}

export const bankData = { steps: 6, stepVar: 15_000, nominalV: 230, lookEveryS: 20, lossShare: 0.002 } as const;

export function newCapacitorBank(): CapacitorBank {
  return { steps: 2, sinceS: 0 };
}

/** Takes one step in when more than 70 % of one is missing, one out when the whole would be too much. */
export function stepCapacitorBank(bank: CapacitorBank, incomer: Meter, tick: Tick): CapacitorBank {
  if (tick.fault(incomer.id, 'capacitors-stuck') > 0) return { steps: bankData.steps, sinceS: 0 };
  if (tick.fault(incomer.id, 'capacitors-failed') > 0) return { steps: 0, sinceS: 0 };
  const sinceS = bank.sinceS + tick.dtS;
  if (sinceS < bankData.lookEveryS) return { steps: bank.steps, sinceS };
  const missing = sum(incomer.reactiveVar);
  if (missing > 0.7 * bankData.stepVar && bank.steps < bankData.steps) return { steps: bank.steps + 1, sinceS: 0 };
  if (missing < -0.4 * bankData.stepVar && bank.steps > 0) return { steps: bank.steps - 1, sinceS: 0 };
  return { steps: bank.steps, sinceS: 0 };
}

/** What it gives back on a phase of this voltage, var. */
export function bankVar(bank: CapacitorBank, volts: number): number {
  return ((bank.steps * bankData.stepVar) / 3) * (volts / bankData.nominalV) ** 2;
}
