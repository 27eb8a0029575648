import { isMeasured, type Meter, sum } from '../power/meter.ts';
import type { PointValues } from './point-values.ts';

export function meterPoints(meter: Meter): PointValues {
  const l1 = phaseOf(meter, 0);
  const l2 = phaseOf(meter, 1);
  const l3 = phaseOf(meter, 2);
  const [l12 = 0, l23 = 0, l31 = 0] = meter.lineV;
  const activeW = l1.active + l2.active + l3.active;
  const reactiveVar = l1.reactive + l2.reactive + l3.reactive;
  const apparentVa = l1.apparent + l2.apparent + l3.apparent;
  const current = l1.current + l2.current + l3.current;
  return {
    'voltage-l1': l1.volts,
    'current-l1': l1.current,
    'power-l1': l1.active,
    'apparent-power-l1': l1.apparent,
    'reactive-power-l1': l1.reactive,
    'power-factor-l1': factor(l1.active, l1.apparent),
    'energy-import-l1': l1.importKwh,
    'energy-export-l1': 0,
    'thd-voltage-l1': l1.thdU,
    'thd-current-l1': l1.thdI,
    'voltage-l2': l2.volts,
    'current-l2': l2.current,
    'power-l2': l2.active,
    'apparent-power-l2': l2.apparent,
    'reactive-power-l2': l2.reactive,
    'power-factor-l2': factor(l2.active, l2.apparent),
    'energy-import-l2': l2.importKwh,
    'energy-export-l2': 0,
    'thd-voltage-l2': l2.thdU,
    'thd-current-l2': l2.thdI,
    'voltage-l3': l3.volts,
    'current-l3': l3.current,
    'power-l3': l3.active,
    'apparent-power-l3': l3.apparent,
    'reactive-power-l3': l3.reactive,
    'power-factor-l3': factor(l3.active, l3.apparent),
    'energy-import-l3': l3.importKwh,
    'energy-export-l3': 0,
    'thd-voltage-l3': l3.thdU,
    'thd-current-l3': l3.thdI,
    'voltage-ln-average': sum(meter.voltsV) / 3,
    'voltage-l12': l12,
    'voltage-l23': l23,
    'voltage-l31': l31,
    'voltage-ll-average': (l12 + l23 + l31) / 3,
    'current-n': neutral([l1.current, l2.current, l3.current], meter.thdI),
    'current-average': current / 3,
    'current-sum': current,
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

interface Phase {
  volts: number;
  active: number;
  reactive: number;
  apparent: number;
  current: number;
  importKwh: number;
  thdU: number;
  thdI: number;
}

function phaseOf(meter: Meter, phase: 0 | 1 | 2): Phase {
  const volts = meter.voltsV[phase] ?? 0;
  // A meter counts what comes through its current inputs.
  const measured = isMeasured(meter, phase);
  const active = measured ? (meter.activeW[phase] ?? 0) : 0;
  const reactive = measured ? (meter.reactiveVar[phase] ?? 0) : 0;
  const thdI = meter.thdI[phase] ?? 0;
  // Harmonic currents carry no power over a clean voltage, but make amperes and volt-amperes.
  const apparent = Math.hypot(active, reactive) * Math.hypot(1, thdI / 100);
  return {
    volts,
    active,
    reactive,
    apparent,
    current: volts > 1 ? apparent / volts : 0,
    importKwh: meter.importKwhByPhase[phase] ?? 0,
    thdU: meter.thdU[phase] ?? 0,
    thdI,
  };
}

function factor(activeW: number, apparentVa: number): number {
  return apparentVa < 1 ? 1 : activeW / apparentVa;
}

/** Share of the harmonics of single-phase rectifiers that is of the third order and adds up in the neutral. */
const tripletShare = 0.5;

/** Neutral current: the unbalance of three phases 120° apart, and three times their third harmonics, which are in phase. */
function neutral([a = 0, b = 0, c = 0]: readonly number[], thdI: readonly number[]): number {
  const fundamental = Math.sqrt(Math.max(0, a * a + b * b + c * c - a * b - b * c - c * a));
  const triplet = (tripletShare / 100) * (a * (thdI[0] ?? 0) + b * (thdI[1] ?? 0) + c * (thdI[2] ?? 0));
  return Math.hypot(fundamental, triplet);
}
