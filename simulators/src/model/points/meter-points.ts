import { isMeasured, type Meter, phases, sum } from '../power/meter.ts';
import type { PointValues } from './point-values.ts';

export function meterPoints(meter: Meter): PointValues {
  const names = ['l1', 'l2', 'l3'] as const;
  const values: Record<string, number> = {};
  const volts = (p: number): number => meter.voltsV[p] ?? 0;
  // A meter counts what comes through its current inputs.
  const active = phases.map((p) => (isMeasured(meter, p) ? (meter.activeW[p] ?? 0) : 0));
  const reactive = phases.map((p) => (isMeasured(meter, p) ? (meter.reactiveVar[p] ?? 0) : 0));
  // Harmonic currents carry no power over a clean voltage, but make amperes and volt-amperes.
  const apparent = phases.map(
    (p) => Math.hypot(active[p] ?? 0, reactive[p] ?? 0) * Math.hypot(1, (meter.thdI[p] ?? 0) / 100),
  );
  const current = phases.map((p) => (volts(p) > 1 ? (apparent[p] ?? 0) / volts(p) : 0));
  phases.forEach((p) => {
    const name = names[p];
    values[`voltage-${name}`] = volts(p);
    values[`current-${name}`] = current[p] ?? 0;
    values[`power-${name}`] = active[p] ?? 0;
    values[`apparent-power-${name}`] = apparent[p] ?? 0;
    values[`reactive-power-${name}`] = reactive[p] ?? 0;
    values[`power-factor-${name}`] = factor(active[p] ?? 0, apparent[p] ?? 0);
    values[`energy-import-${name}`] = meter.importKwhByPhase[p] ?? 0;
    values[`energy-export-${name}`] = 0;
    values[`thd-voltage-${name}`] = meter.thdU[p] ?? 0;
    values[`thd-current-${name}`] = meter.thdI[p] ?? 0;
  });
  const lines = [between(volts(0), volts(1)), between(volts(1), volts(2)), between(volts(2), volts(0))];
  const activeW = sum(active);
  const reactiveVar = sum(reactive);
  const apparentVa = sum(apparent);
  return {
    ...values,
    'voltage-ln-average': sum(meter.voltsV) / 3,
    'voltage-l12': lines[0] ?? 0,
    'voltage-l23': lines[1] ?? 0,
    'voltage-l31': lines[2] ?? 0,
    'voltage-ll-average': sum(lines) / 3,
    'current-n': neutral(current, meter.thdI),
    'current-average': sum(current) / 3,
    'current-sum': sum(current),
    power: activeW,
    'apparent-power': apparentVa,
    'reactive-power': reactiveVar,
    'power-factor': factor(activeW, apparentVa),
    'phase-angle': (Math.atan2(reactiveVar, activeW) * 180) / Math.PI,
    frequency: meter.frequencyHz,
    'energy-import': meter.importKwh,
    'energy-export': 0,
    'energy-total': meter.importKwh,
    'reactive-energy-import': meter.importKvarh,
    'reactive-energy-export': meter.exportKvarh,
    'reactive-energy-total': meter.importKvarh + meter.exportKvarh,
    'power-demand': meter.demandW,
    'power-demand-max': meter.maxDemandW,
    'thd-voltage-average': sum(meter.thdU) / 3,
  };
}

function factor(activeW: number, apparentVa: number): number {
  return apparentVa < 1 ? 1 : activeW / apparentVa;
}

/** Line voltage between two phases 120° apart. */
function between(a: number, b: number): number {
  return Math.sqrt(a * a + b * b + a * b);
}

/** Share of the harmonics of single-phase rectifiers that is of the third order and adds up in the neutral. */
const tripletShare = 0.5;

/** Neutral current: the unbalance of three phases 120° apart, and three times their third harmonics, which are in phase. */
function neutral([a = 0, b = 0, c = 0]: readonly number[], thdI: readonly number[]): number {
  const fundamental = Math.sqrt(Math.max(0, a * a + b * b + c * c - a * b - b * c - c * a));
  const triplet = (tripletShare / 100) * (a * (thdI[0] ?? 0) + b * (thdI[1] ?? 0) + c * (thdI[2] ?? 0));
  return Math.hypot(fundamental, triplet);
}
