/** Three-phase electricity as a meter sees it. Arrays hold L1, L2, L3; watts, volts, amperes. */
export interface Meter {
  id: string;
  activeW: number[];
  reactiveVar: number[];
  voltsV: number[];
  importKwh: number;
  importKwhByPhase: number[];
  importKvarh: number;
  /** 15-minute demand, W, and its highest. */
  demandW: number;
  maxDemandW: number;
  thdU: number[];
  thdI: number[];
}

export const phases = [0, 1, 2] as const;

export function newMeter(id: string, importKwh: number): Meter {
  const zero = (): number[] => [0, 0, 0];
  return {
    id,
    activeW: zero(),
    reactiveVar: zero(),
    voltsV: [226, 226, 226],
    importKwh,
    importKwhByPhase: [importKwh / 3, importKwh / 3, importKwh / 3],
    importKvarh: importKwh * 0.35,
    demandW: 0,
    maxDemandW: 0,
    thdU: [1.6, 1.7, 1.5],
    thdI: [8, 9, 7],
  };
}

export function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

/** Integrates energy and demand over a step with the powers that `load` gives. */
export function stepMeter(
  meter: Meter,
  load: { activeW: number[]; reactiveVar: number[]; voltsV: number[]; thdU: number[]; thdI: number[] },
  dtS: number,
): Meter {
  const hours = dtS / 3600;
  const total = sum(load.activeW);
  const demandW = meter.demandW === 0 ? total : total + (meter.demandW - total) * Math.exp(-dtS / 900);
  return {
    ...meter,
    ...load,
    importKwh: meter.importKwh + (total / 1000) * hours,
    importKwhByPhase: meter.importKwhByPhase.map((kwh, i) => kwh + ((load.activeW[i] ?? 0) / 1000) * hours),
    importKvarh: meter.importKvarh + (sum(load.reactiveVar) / 1000) * hours,
    demandW,
    maxDemandW: Math.max(meter.maxDemandW, demandW),
  };
}
