import { Random, seedFor } from '../random.ts';
import { byHour, occupancy, type Tick } from '../tick.ts';
import { type Meter, newMeter, phases, stepMeter, sum } from './meter.ts';

/** The low-voltage switchboard: an incomer and the feeders under it. */
export interface Power {
  random: number;
  incomer: Meter;
  feeders: Meter[];
  /** Slow wander of each feeder's tenants around their daily course. */
  wander: number[];
  frequencyHz: number;
  gridV: number;
}

export type FeederLoad = 'elevators' | 'pumps' | 'hvac' | 'lighting' | 'tenants' | 'data-room';

export interface FeederSpec {
  id: string;
  load: FeederLoad;
  powerFactor: number;
  /** Share of each phase, about 1/3. */
  shares: readonly [number, number, number];
  /** Its usual full load, W: what an overload multiplies up from. */
  ratedW: number;
}

export interface PowerIds {
  incomer: string;
  feeders: readonly FeederSpec[];
}

/** Loads that the other models have. */
export interface ModelLoads {
  elevatorsW: number;
  pumpsW: number;
  hvacW: number;
}

export function newPower(ids: PowerIds, seed: number): Power {
  const random = new Random(seedFor(seed, 'power'));
  const feeders = ids.feeders.map((feeder) => newMeter(feeder.id, 40_000 + random.below(300_000)));
  return {
    random: random.state,
    incomer: newMeter(ids.incomer, sum(feeders.map((feeder) => feeder.importKwh))),
    feeders,
    wander: feeders.map(() => 0),
    frequencyHz: 50,
    gridV: 226,
  };
}

function activeW(spec: FeederSpec, loads: ModelLoads, tick: Tick): number {
  const people = occupancy(tick.calendar);
  switch (spec.load) {
    case 'elevators':
      return loads.elevatorsW;
    case 'pumps':
      return loads.pumpsW;
    case 'hvac':
      return loads.hvacW;
    case 'lighting':
      return (
        4000 +
        byHour(tick.calendar.hour, [
          [5.5, 2000],
          [7, 14_000],
          [10, 11_000],
          [16.5, 12_000],
          [18, 20_000],
          [22, 7000],
          [23.5, 2000],
        ])
      );
    case 'tenants':
      return 9000 + 62_000 * people;
    case 'data-room':
      return 17_500;
  }
}

/** Models of other equipment are exact; only the rest wanders. */
const wandering: ReadonlySet<FeederLoad> = new Set(['lighting', 'tenants', 'data-room']);

export function stepPower(power: Power, ids: PowerIds, input: { loads: ModelLoads; tick: Tick }): Power {
  const { tick } = input;
  const random = new Random(power.random);
  const frequencyHz = 50 + (power.frequencyHz - 50) * Math.exp(-tick.dtS / 30) + 0.003 * random.normal();
  const gridV = 226 + (power.gridV - 226) * Math.exp(-tick.dtS / 600) + 0.03 * random.normal();
  const upstreamLoss = tick.fault(ids.incomer, 'phase-loss');
  const droopV = sum(power.incomer.activeW) / 60_000;
  const wander: number[] = [];
  const feeders = ids.feeders.map((spec, i) => {
    const step = (power.wander[i] ?? 0) * Math.exp(-tick.dtS / 120) + 0.004 * random.normal();
    wander.push(step);
    const before = power.feeders[i] ?? newMeter(spec.id, 0);
    const overload = 1 + 1.2 * tick.fault(spec.id, 'overload');
    const floor = overload > 1 ? spec.ratedW * (overload - 1) : 0;
    const total = activeW(spec, input.loads, tick) * (wandering.has(spec.load) ? 1 + step : 1) + floor;
    const lost = Math.max(upstreamLoss, tick.fault(spec.id, 'phase-loss'));
    const voltsV = phaseVolts(gridV - droopV, { lost, jitter: random.normal() });
    const power3 = phases.map((p) => total * (spec.shares[p] ?? 1 / 3) * (p === 1 ? 1 - lost : 1));
    const tangent = Math.tan(Math.acos(spec.powerFactor));
    return stepMeter(
      before,
      {
        activeW: power3,
        reactiveVar: power3.map((w) => w * tangent),
        voltsV,
        thdU: before.thdU.map((_, p) => 1.5 + 0.15 * p + 0.05 * random.normal()),
        thdI: before.thdI.map((_, p) => (spec.load === 'data-room' ? 14 : 8) + 0.5 * p + 0.2 * random.normal()),
      },
      tick.dtS,
    );
  });
  const total = (of: (meter: Meter) => number[]): number[] => phases.map((p) => sum(feeders.map((f) => of(f)[p] ?? 0)));
  const incomer = stepMeter(
    power.incomer,
    {
      activeW: total((f) => f.activeW),
      reactiveVar: total((f) => f.reactiveVar),
      voltsV: phaseVolts(gridV - droopV * 0.7, { lost: upstreamLoss, jitter: random.normal() }),
      thdU: phases.map((p) => 1.4 + 0.1 * p + 0.05 * random.normal()),
      thdI: phases.map((p) => 9 + 0.4 * p + 0.2 * random.normal()),
    },
    tick.dtS,
  );
  return { random: random.state, incomer, feeders, wander, frequencyHz, gridV };
}

/** Phase L2 is the one that is lost; motors on the other two keep a little voltage on it. */
function phaseVolts(mean: number, phase: { lost: number; jitter: number }): number[] {
  return [
    mean + 0.6 + 0.08 * phase.jitter,
    (mean - 0.3 - 0.05 * phase.jitter) * (1 - 0.92 * phase.lost),
    mean - 0.4 + 0.06 * phase.jitter,
  ];
}
