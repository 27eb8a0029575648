/** Three-phase electricity as a meter sees it. Arrays hold L1, L2, L3; watts, volts, amperes. */
export interface Meter {
  id: string;
  activeW: number[];
  reactiveVar: number[];
  voltsV: number[];
  /** L1-L2, L2-L3, L3-L1: a star point that drifts moves none of them. */
  lineV: number[];
  /** 0: there is nothing to measure it on. */
  frequencyHz: number;
  importKwh: number;
  importKwhByPhase: number[];
  /** Inductive, and capacitive (a bank that compensates too much). */
  importKvarh: number;
  exportKvarh: number;
  demand: Demand;
  /** Mean of the last 15 whole minutes, W, and its highest. */
  demandW: number;
  maxDemandW: number;
  thdU: number[];
  thdI: number[];
  /** Phase whose current input is shorted for a check and reads nothing, 0-2; -1: none. */
  shortedInput: number;
}

/** Sliding window of a demand meter: means of the last minutes, oldest first, and the minute under way. */
interface Demand {
  minutesW: number[];
  minuteWs: number;
  minuteS: number;
}

export const phases = [0, 1, 2] as const;
const demandMinutes = 15;

/** One value for each phase. */
export function perPhase(of: (phase: number) => number): number[] {
  return [of(0), of(1), of(2)];
}

/** Of right-angled sides: Math.hypot takes ten times as long. */
export function hypotenuse(a: number, b: number): number {
  return Math.sqrt(a * a + b * b);
}

/** Line voltages of three phases 120° apart. */
export function lineVoltsOf([a = 0, b = 0, c = 0]: readonly number[]): number[] {
  return [lineVolts(a, b), lineVolts(b, c), lineVolts(c, a)];
}

/** Line voltage between two phases 120° apart. */
export function lineVolts(a: number, b: number): number {
  return Math.sqrt(a * a + b * b + a * b);
}

export function newMeter(id: string, importKwh: number): Meter {
  const zero = (): number[] => [0, 0, 0];
  return {
    id,
    activeW: zero(),
    reactiveVar: zero(),
    voltsV: [226, 226, 226],
    lineV: lineVoltsOf([226, 226, 226]),
    frequencyHz: 50,
    importKwh,
    importKwhByPhase: [importKwh / 3, importKwh / 3, importKwh / 3],
    importKvarh: importKwh * 0.35,
    exportKvarh: 0,
    demand: { minutesW: Array.from({ length: demandMinutes }, () => 0), minuteWs: 0, minuteS: 0 },
    demandW: 0,
    maxDemandW: 0,
    thdU: [1.6, 1.7, 1.5],
    thdI: [8, 9, 7],
    shortedInput: -1,
  };
}

export function sum(values: readonly number[]): number {
  let total = 0;
  for (let i = 0; i < values.length; i++) total += values[i] ?? 0;
  return total;
}

/** What flows through a meter's place. */
export interface Flow {
  activeW: number[];
  reactiveVar: number[];
  voltsV: number[];
  lineV: number[];
  frequencyHz: number;
  thdU: number[];
  thdI: number[];
}

export const isMeasured = (meter: Pick<Meter, 'shortedInput'>, phase: number): boolean => meter.shortedInput !== phase;

/** Integrates energy and demand over a step. A shorted current input counts nothing; what flows stays what it is. */
export function stepMeter(meter: Meter, flow: Flow, options: { dtS: number; shortedInput?: number }): Meter {
  const { dtS, shortedInput = -1 } = options;
  const kilohours = dtS / 3_600_000;
  const byPhase = [0, 0, 0];
  let seenW = 0;
  let seenVar = 0;
  for (const p of phases) {
    const measured = shortedInput !== p;
    const w = measured ? (flow.activeW[p] ?? 0) : 0;
    seenW += w;
    seenVar += measured ? (flow.reactiveVar[p] ?? 0) : 0;
    byPhase[p] = (meter.importKwhByPhase[p] ?? 0) + w * kilohours;
  }
  const demand = stepDemand(meter.demand, seenW, dtS);
  const demandW = demand.minutesW === meter.demand.minutesW ? meter.demandW : sum(demand.minutesW) / demandMinutes;
  return {
    id: meter.id,
    activeW: flow.activeW,
    reactiveVar: flow.reactiveVar,
    voltsV: flow.voltsV,
    lineV: flow.lineV,
    frequencyHz: flow.frequencyHz,
    thdU: flow.thdU,
    thdI: flow.thdI,
    importKwh: meter.importKwh + seenW * kilohours,
    importKwhByPhase: byPhase,
    importKvarh: meter.importKvarh + Math.max(0, seenVar) * kilohours,
    exportKvarh: meter.exportKvarh + Math.max(0, -seenVar) * kilohours,
    demand,
    demandW,
    maxDemandW: Math.max(meter.maxDemandW, demandW),
    shortedInput,
  };
}

function stepDemand(demand: Demand, powerW: number, dtS: number): Demand {
  const minuteWs = demand.minuteWs + powerW * dtS;
  const minuteS = demand.minuteS + dtS;
  if (minuteS < 60) return { minutesW: demand.minutesW, minuteWs, minuteS };
  return { minutesW: [...demand.minutesW.slice(1), minuteWs / minuteS], minuteWs: 0, minuteS: 0 };
}
