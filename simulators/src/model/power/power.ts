import { Random, seedFor } from '../random.ts';
import type { Tick } from '../tick.ts';
import { type Breaker, newBreaker } from './breaker.ts';
import { bankData, bankVar, type CapacitorBank, newCapacitorBank, stepCapacitorBank } from './capacitor-bank.ts';
import { type Source, shortedInput, stepFeeder } from './feeder.ts';
import type { FeederSpec, ModelLoads } from './feeder-load.ts';
import { type Generator, isReady, isTestOnLoad, newGenerator, stepGenerator } from './generator.ts';
import { type Grid, newGrid, stepGrid } from './grid.ts';
import { generatorThd, voltageThd } from './harmonics.ts';
import { type Flow, hypotenuse, lineVoltsOf, type Meter, newMeter, perPhase, phases, stepMeter, sum } from './meter.ts';
import { dead, supplied } from './supply-faults.ts';
import { newTransferSwitch, stepTransferSwitch, type TransferSwitch } from './transfer-switch.ts';
import { behindTransformer, newTransformer, stepTransformer, type Transformer } from './transformer.ts';
import { newUps, stepUps, type Ups } from './ups.ts';

/** Transformer, low-voltage switchboard (an incomer, feeders on the main or the emergency busbar), generator and UPS. */
export interface Power {
  random: number;
  grid: Grid;
  transformer: Transformer;
  bank: CapacitorBank;
  transfer: TransferSwitch;
  incomer: Meter;
  feeders: Meter[];
  breakers: Breaker[];
  /** Slow wander of each feeder's loads around their daily course. */
  wander: number[];
  /** What the switchboard turns into heat: busbars, capacitors, loose joints of feeders. Incomer + generator = feeders + this. */
  boardLossW: number[];
  boardLossKwh: number;
  generator: Generator;
  ups: Ups;
}

export interface PowerIds {
  incomer: string;
  feeders: readonly FeederSpec[];
  generator: string;
  ups: string;
}

/** Busbars between the incomer and the feeders, Ω. */
const busbarOhm = 0.0004;

export function newPower(ids: PowerIds, seed: number): Power {
  const random = new Random(seedFor(seed, 'power'));
  const feeders = ids.feeders.map((feeder) => newMeter(feeder.id, 40_000 + random.below(300_000)));
  const backup = new Random(seedFor(seed, 'backup-power'));
  return {
    random: random.state,
    grid: newGrid(),
    transformer: newTransformer(),
    bank: newCapacitorBank(),
    transfer: newTransferSwitch(),
    incomer: newMeter(ids.incomer, sum(feeders.map((feeder) => feeder.importKwh))),
    feeders,
    breakers: feeders.map(() => newBreaker()),
    wander: feeders.map(() => 0),
    boardLossW: [0, 0, 0],
    boardLossKwh: 0,
    generator: newGenerator(ids.generator, {
      starts: 150 + backup.below(100),
      runS: (60 + backup.below(60)) * 3600,
      energyKwh: 2000 + backup.below(2000),
    }),
    ups: newUps(ids.ups, backup),
  };
}

/** What is taken of a busbar. */
interface Taken {
  activeW: number[];
  reactiveVar: number[];
  harmonicA: number[];
}

const nothingTaken = (): Taken => ({ activeW: [0, 0, 0], reactiveVar: [0, 0, 0], harmonicA: [0, 0, 0] });

/** Pure. Voltages and the generator's load are those of the loads one step ago; powers and energies balance within the step. */
export function stepPower(
  power: Power,
  ids: PowerIds,
  { loads, tick }: { loads: Omit<ModelLoads, 'upsW'>; tick: Tick },
): Power {
  const { dtS } = tick;
  const random = new Random(power.random);
  const grid = stepGrid(power.grid, tick, random);
  const transformer = stepTransformer(power.transformer, power.incomer, { id: ids.incomer, tick });
  const behindV = transformer.tripped ? [0, 0, 0] : behindTransformer(grid.voltsV, power.incomer);
  const bus = supplied({ voltsV: behindV, lineV: lineVoltsOf(behindV) }, power.incomer, tick);
  const busV = bus.voltsV;
  const main: Source = { ...bus, frequencyHz: sum(busV) < 50 ? 0 : grid.frequencyHz, thdU: power.incomer.thdU };
  const transfer = stepTransferSwitch(power.transfer, {
    grid: main,
    generator: { ...power.generator, isReady: isReady(power.generator) },
    testOnLoad: isTestOnLoad(ids.generator, tick),
    dtS,
  });
  const emergency = emergencySource(transfer, main, power.generator);

  const withUps = { ...loads, upsW: power.ups.inputW };
  const ofGrid = nothingTaken();
  const ofGenerator = nothingTaken();
  const feeders: Meter[] = [];
  const breakers: Breaker[] = [];
  const wander: number[] = [];
  const boardLossW = [0, 0, 0];
  let dataRoom: Source = main;
  ids.feeders.forEach((spec, i) => {
    const source = spec.emergency === true ? emergency : main;
    const stepped = stepFeeder(
      {
        meter: power.feeders[i] ?? newMeter(spec.id, 0),
        breaker: power.breakers[i] ?? newBreaker(),
        wander: power.wander[i] ?? 0,
      },
      { spec, source, loads: withUps, random, tick },
    );
    const { meter, jointW, harmonicA } = stepped;
    feeders.push(meter);
    breakers.push(stepped.breaker);
    wander.push(stepped.wander);
    take(source === emergency && transfer.position === 'generator' ? ofGenerator : ofGrid, {
      meter,
      jointW,
      harmonicA,
    });
    boardLossW[1] = (boardLossW[1] ?? 0) + jointW;
    if (spec.load === 'data-room') dataRoom = { ...source, voltsV: meter.voltsV };
  });

  const bank = stepCapacitorBank(power.bank, power.incomer, tick);
  for (const p of phases)
    boardLossW[p] = (boardLossW[p] ?? 0) + takeBoard(ofGrid, { phase: p, volts: busV[p] ?? 0, bank });
  const unfiltered = tick.fault(ids.incomer, 'harmonic-filter-failed');
  const incomer = stepMeter(power.incomer, incomerFlow(ofGrid, main, { unfiltered, random }), {
    dtS,
    shortedInput: shortedInput(ids.incomer, tick),
  });
  return {
    random: random.state,
    grid,
    transformer,
    bank,
    transfer,
    incomer,
    feeders,
    breakers,
    wander,
    boardLossW,
    boardLossKwh: power.boardLossKwh + (sum(boardLossW) * dtS) / 3_600_000,
    generator: stepGenerator(power.generator, {
      transfer,
      load: ofGenerator,
      mains: main,
      auxiliarySupply: (emergency.voltsV[0] ?? 0) > 180,
      tick,
    }),
    ups: stepUps(power.ups, {
      volts: dataRoom.voltsV,
      frequencyHz: dataRoom.frequencyHz,
      wander: 0.3 * (wander[0] ?? 0),
      tick,
    }),
  };
}

function emergencySource(
  { position }: TransferSwitch,
  main: Source,
  { voltsV, frequencyHz, currentA }: Generator,
): Source {
  if (position === 'grid') return main;
  if (position === 'off') return { ...dead, frequencyHz: 0, thdU: [0, 0, 0] };
  // A fifth of what the emergency feeders draw is harmonic.
  return {
    voltsV,
    lineV: lineVoltsOf(voltsV),
    frequencyHz,
    thdU: perPhase((p) => generatorThd(0.2 * (currentA[p] ?? 0), voltsV[p] ?? 0)),
  };
}

function take(from: Taken, what: { meter: Meter; jointW: number; harmonicA: readonly number[] }): void {
  for (const p of phases) {
    from.activeW[p] = (from.activeW[p] ?? 0) + (what.meter.activeW[p] ?? 0) + (p === 1 ? what.jointW : 0);
    from.reactiveVar[p] = (from.reactiveVar[p] ?? 0) + (what.meter.reactiveVar[p] ?? 0);
    from.harmonicA[p] = (from.harmonicA[p] ?? 0) + (what.harmonicA[p] ?? 0);
  }
}

/** Capacitors and busbars of the main board on one phase; hands back their heat, W. */
function takeBoard(from: Taken, { phase, volts, bank }: { phase: number; volts: number; bank: CapacitorBank }): number {
  const given = volts < 50 ? 0 : bankVar(bank, volts);
  const w = from.activeW[phase] ?? 0;
  const q = (from.reactiveVar[phase] ?? 0) - given;
  const amperes = volts < 50 ? 0 : hypotenuse(w, q) / volts;
  const loss = busbarOhm * amperes * amperes + bankData.lossShare * given;
  from.reactiveVar[phase] = q;
  from.activeW[phase] = w + loss;
  return loss;
}

function incomerFlow(
  { activeW, reactiveVar, harmonicA }: Taken,
  { voltsV, lineV, frequencyHz }: Source,
  { unfiltered, random }: { unfiltered: number; random: Random },
): Flow {
  const thdU = [0, 0, 0];
  const thdI = [0, 0, 0];
  for (const p of phases) {
    const volts = voltsV[p] ?? 0;
    if (volts < 50) continue;
    const amperes = harmonicA[p] ?? 0;
    thdU[p] = voltageThd({ amperes, volts, unfiltered }) + 0.03 * random.normal();
    const fundamental = hypotenuse(activeW[p] ?? 0, reactiveVar[p] ?? 0) / volts;
    thdI[p] = fundamental < 0.1 ? 0 : (100 * amperes) / fundamental;
  }
  return { activeW, reactiveVar, voltsV: [...voltsV], lineV: [...lineV], frequencyHz, thdU, thdI };
}
