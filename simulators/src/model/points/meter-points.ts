import { type Meter, phases, sum } from '../power/meter.ts';
import type { PointValues } from './point-values.ts';

export function meterPoints(meter: Meter, frequencyHz: number): PointValues {
  const names = ['l1', 'l2', 'l3'] as const;
  const values: Record<string, number> = {};
  const volts = (p: number): number => meter.voltsV[p] ?? 0;
  const apparent = phases.map((p) => Math.hypot(meter.activeW[p] ?? 0, meter.reactiveVar[p] ?? 0));
  const current = phases.map((p) => (volts(p) > 1 ? (apparent[p] ?? 0) / volts(p) : 0));
  phases.forEach((p) => {
    const name = names[p];
    values[`voltage-${name}`] = volts(p);
    values[`current-${name}`] = current[p] ?? 0;
    values[`power-${name}`] = meter.activeW[p] ?? 0;
    values[`apparent-power-${name}`] = apparent[p] ?? 0;
    values[`reactive-power-${name}`] = meter.reactiveVar[p] ?? 0;
    values[`power-factor-${name}`] = factor(meter.activeW[p] ?? 0, apparent[p] ?? 0);
    values[`energy-import-${name}`] = meter.importKwhByPhase[p] ?? 0;
    values[`energy-export-${name}`] = 0;
    values[`thd-voltage-${name}`] = meter.thdU[p] ?? 0;
    values[`thd-current-${name}`] = meter.thdI[p] ?? 0;
  });
  const lines = [between(volts(0), volts(1)), between(volts(1), volts(2)), between(volts(2), volts(0))];
  const activeW = sum(meter.activeW);
  const reactiveVar = sum(meter.reactiveVar);
  const apparentVa = Math.hypot(activeW, reactiveVar);
  return {
    ...values,
    'voltage-ln-average': sum(meter.voltsV) / 3,
    'voltage-l12': lines[0] ?? 0,
    'voltage-l23': lines[1] ?? 0,
    'voltage-l31': lines[2] ?? 0,
    'voltage-ll-average': sum(lines) / 3,
    'current-n': neutral(current),
    'current-average': sum(current) / 3,
    'current-sum': sum(current),
    power: activeW,
    'apparent-power': apparentVa,
    'reactive-power': reactiveVar,
    'power-factor': factor(activeW, apparentVa),
    'phase-angle': (Math.atan2(reactiveVar, activeW) * 180) / Math.PI,
    frequency: frequencyHz,
    'energy-import': meter.importKwh,
    'energy-export': 0,
    'energy-total': meter.importKwh,
    'reactive-energy-import': meter.importKvarh,
    'reactive-energy-export': 0,
    'reactive-energy-total': meter.importKvarh,
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

/** Neutral current of three phases 120° apart. */
function neutral([a = 0, b = 0, c = 0]: readonly number[]): number {
  return Math.sqrt(Math.max(0, a * a + b * b + c * c - a * b - b * c - c * a));
}
