import type { Random } from '../random.ts';
import type { Tick } from '../tick.ts';
import { type Breaker, stepBreaker } from './breaker.ts';
import {
  currentThd,
  type FeederSpec,
  type ModelLoads,
  reactiveOf,
  splitOverPhases,
  wanders,
  wantedW,
} from './feeder-load.ts';
import { harmonicAmperes } from './harmonics.ts';
import { hypotenuse, type Meter, perPhase, stepMeter, sum } from './meter.ts';
import { dead, jointOhm, supplied } from './supply-faults.ts';

/** What a busbar offers. */
export interface Source {
  voltsV: readonly number[];
  lineV: readonly number[];
  frequencyHz: number;
  thdU: readonly number[];
}

/** A feeder after a step, and what it takes of its busbar beyond what its meter sees. */
export interface SteppedFeeder {
  meter: Meter;
  breaker: Breaker;
  wander: number;
  /** Heat of a loose joint between busbar and meter, W in L2. */
  jointW: number;
  harmonicA: number[];
}

/** A check shorts the current inputs one after the other for so long. */
const shortedForMs = 60_000;
/** Breakers are set to 1.25 times the usual full load. */
const settingShare = 1.25;

export function stepFeeder(
  before: { meter: Meter; breaker: Breaker; wander: number },
  input: { spec: FeederSpec; source: Source; loads: ModelLoads; random: Random; tick: Tick },
): SteppedFeeder {
  const { spec, source, tick, random } = input;
  const { dtS } = tick;
  const wander = before.wander * Math.exp(-dtS / 120) + 0.004 * random.normal();
  const lastVa = hypotenuse(sum(before.meter.activeW), sum(before.meter.reactiveVar));
  const breaker = stepBreaker(before.breaker, { id: spec.id, load: lastVa / (settingShare * spec.ratedW), tick });
  const shed = tick.around.linkage.shed.includes(spec.id);
  const { voltsV, lineV } = breaker.open || shed ? dead : supplied(source, before.meter, tick);
  const usualW = wantedW(spec.load, input.loads, tick) * (wanders[spec.load] ? 1 + wander : 1);
  const totalW = usualW + 1.2 * spec.ratedW * tick.fault(spec.id, 'overload');
  const activeW = splitOverPhases(totalW, { spec, volts: voltsV, unbalance: tick.fault(spec.id, 'load-unbalance') });
  const reactiveVar = reactiveOf(activeW, { spec, tick });
  const thd = currentThd(spec, tick) + 0.2 * random.normal();
  const harmonicA = perPhase((p) =>
    harmonicAmperes({ w: activeW[p] ?? 0, var: reactiveVar[p] ?? 0, volts: voltsV[p] ?? 0, thd }),
  );
  const v2 = voltsV[1] ?? 0;
  const a2 = v2 < 50 ? 0 : hypotenuse(activeW[1] ?? 0, reactiveVar[1] ?? 0) / v2;
  const meter = stepMeter(
    before.meter,
    {
      activeW,
      reactiveVar,
      voltsV,
      lineV,
      frequencyHz: sum(voltsV) < 50 ? 0 : source.frequencyHz,
      thdU: perPhase((p) => ((voltsV[p] ?? 0) < 50 ? 0 : (source.thdU[p] ?? 0))),
      thdI: perPhase((p) => ((activeW[p] ?? 0) > 1 ? thd + 0.5 * p : 0)),
    },
    { dtS, shortedInput: shortedInput(spec.id, tick) },
  );
  return { meter, breaker, wander, jointW: jointOhm(spec.id, tick) * a2 * a2, harmonicA };
}

/** Phase whose current input is shorted while a meter is checked; -1: none. */
export function shortedInput(id: string, tick: Tick): number {
  return tick.fault(id, 'meter-check') > 0 ? Math.floor(tick.nowMs / shortedForMs) % 3 : -1;
}
