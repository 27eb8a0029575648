import type { Tick } from '../tick.ts';
import { type Controller, newController, stepController } from './generator-control.ts';
import { type Engine, engineData, newEngine, stepEngine } from './generator-engine.ts';
import { isTripped } from './generator-protection.ts';
import { hypotenuse, perPhase, sum } from './meter.ts';
import { mainsFailS, retransferS, type TransferSwitch } from './transfer-switch.ts';

/** Diesel generator set with its controller (AMF: starts by itself when the mains fail). */
export interface Generator {
  id: string;
  engine: Engine;
  control: Controller;
  voltsV: number[];
  frequencyHz: number;
  activeW: number[];
  reactiveVar: number[];
  currentA: number[];
  energyKwh: number;
  /** As its controller measures them. */
  mainsV: number[];
  mainsHz: number;
}

export const generatorData = { ratedW: 160_000, nominalV: 230, ratedRpm: 1500 } as const;

export function newGenerator(id: string, history: { starts: number; runS: number; energyKwh: number }): Generator {
  const zero = (): number[] => [0, 0, 0];
  return {
    id,
    engine: newEngine(history),
    control: newController(),
    voltsV: zero(),
    frequencyHz: 0,
    activeW: zero(),
    reactiveVar: zero(),
    currentA: zero(),
    energyKwh: history.energyKwh,
    mainsV: [226, 226, 226],
    mainsHz: 50,
  };
}

/** Fit to take the load: up to speed, excited, and not tripped. */
export function isReady({ control, voltsV, frequencyHz }: Generator): boolean {
  return control.state === 'running' && !isTripped(control.protection) && (voltsV[0] ?? 0) > 190 && frequencyHz > 45;
}

export const isTestOnLoad = (id: string, tick: Tick): boolean => tick.fault(id, 'generator-load-test') > 0;

export interface GeneratorInput {
  transfer: TransferSwitch;
  /** What the emergency feeders took of it, one step ago. */
  load: { activeW: readonly number[]; reactiveVar: readonly number[] };
  mains: { voltsV: readonly number[]; frequencyHz: number };
  /** The charger and the coolant heater hang on the emergency busbar. */
  auxiliarySupply: boolean;
  tick: Tick;
}

export function stepGenerator(before: Generator, input: GeneratorInput): Generator {
  const { id } = before;
  const { tick, transfer } = input;
  const loaded = transfer.position === 'generator';
  const loadW = loaded ? sum(input.load.activeW) : 0;
  const control = stepController(before.control, {
    id,
    engine: before.engine,
    volts: before.voltsV[0] ?? 0,
    frequencyHz: before.frequencyHz,
    loadShare: loadW / generatorData.ratedW,
    loaded,
    mainsFailed: transfer.badS >= mainsFailS,
    mainsBack: transfer.goodS >= retransferS,
    tick,
  });
  const engine = stepEngine(before.engine, {
    id,
    cranking: control.state === 'cranking',
    fuelOn: control.state === 'cranking' || control.state === 'running' || control.state === 'cooling',
    loadW,
    ratedW: generatorData.ratedW,
    auxiliarySupply: input.auxiliarySupply,
    tick,
  });
  const speed = engine.speedRpm / generatorData.ratedRpm;
  // The regulator holds the voltage from about two thirds of the speed on; without excitation the remanence is left.
  const excited = speed > 0.66 ? Math.min(1, speed * 1.05) * (1 - 0.4 * tick.fault(id, 'voltage-regulator-failed')) : 0;
  const v = generatorData.nominalV * excited;
  const voltsV = [v, v * 0.999, v * 1.001];
  const activeW = perPhase((p) => (loaded ? (input.load.activeW[p] ?? 0) : 0));
  const reactiveVar = perPhase((p) => (loaded ? (input.load.reactiveVar[p] ?? 0) : 0));
  return {
    id,
    engine,
    control,
    voltsV,
    frequencyHz: engine.speedRpm > 300 ? speed * 50 : 0,
    activeW,
    reactiveVar,
    currentA: perPhase((p) => (v > 1 ? hypotenuse(activeW[p] ?? 0, reactiveVar[p] ?? 0) / v : 0)),
    energyKwh: before.energyKwh + (sum(activeW) * tick.dtS) / 3_600_000,
    mainsV: [...input.mains.voltsV],
    mainsHz: input.mains.frequencyHz,
  };
}

/** Level of the day tank, %. */
export const fuelPct = ({ engine }: Generator): number => (engine.fuelL / engineData.tankL) * 100;
