import { hypotenuse } from './meter.ts';
import { transformerData } from './transformer.ts';

/** What the medium voltage brings along, %. */
const backgroundThd = 1;
/** The mix of drives, lamps and power supplies lies around the sixth harmonic. */
const meanOrder = 6;
/** Harmonics of different loads cancel each other in part. */
const diversity = 0.7;
/** Without its filter the capacitor bank resonates with the transformer. */
const resonance = 3.5;
/** Subtransient reactance of the set, Ω: 12 % of 0.8 Ω. */
const generatorOhm = 0.096;

/** Harmonic current of a load on a phase, A. `thd` in % of its fundamental. */
export function harmonicAmperes(load: { w: number; var: number; volts: number; thd: number }): number {
  return load.volts < 50 ? 0 : (hypotenuse(load.w, load.var) / load.volts) * (load.thd / 100);
}

/** Distortion of the busbar's voltage by the harmonic currents through the transformer, %. `unfiltered`: 0 … 1. */
export function voltageThd(of: { amperes: number; volts: number; unfiltered: number }): number {
  const ohm = transformerData.reactanceOhm * meanOrder * (1 + resonance * of.unfiltered);
  return backgroundThd + (100 * diversity * of.amperes * ohm) / of.volts;
}

/** The same behind the generator, %. */
export function generatorThd(amperes: number, volts: number): number {
  return volts < 50 ? 0 : 0.5 + (100 * diversity * amperes * generatorOhm * meanOrder) / volts;
}
