import { byHour, occupancy, type Tick } from '../tick.ts';
import { perPhase, phases } from './meter.ts';

export type FeederLoad = 'elevators' | 'pumps' | 'hvac' | 'lighting' | 'tenants' | 'data-room' | 'fire';

export interface FeederSpec {
  id: string;
  load: FeederLoad;
  /** Of the fundamental. */
  powerFactor: number;
  /** Share of each phase, about 1/3. */
  shares: readonly [number, number, number];
  /** Its usual full load, W: what an overload multiplies up from. */
  ratedW: number;
  /** Carried by the generator when the grid fails. */
  emergency?: boolean;
  /** Opened by the fire panel when a fire is confirmed in one of these zones (切非: power that no one needs there must not feed a fire). */
  shedByFireIn?: readonly string[];
}

/** Loads that the other models have, W. */
export interface ModelLoads {
  elevatorsW: number;
  pumpsW: number;
  hvacW: number;
  fireW: number;
  upsW: number;
}

/** Current distortion of the usual mix behind a feeder, %: drives most, office equipment with its own correction least. */
const usualThdI: Record<FeederLoad, number> = {
  elevators: 26,
  pumps: 28,
  hvac: 14,
  lighting: 15,
  tenants: 12,
  'data-room': 10,
  fire: 8,
};
/** Rectifiers without choke or filter. */
const bareThdI = 105;

/** Cooling and what stands in the data room beside the UPS, W. */
const dataRoomBesideUpsW = 10_500;
/** Emptied for a drill or a fire, offices draw this share. */
const nobodyShare = 0.35;

/** Models of other equipment are exact; only the rest wanders. */
export const wanders: Record<FeederLoad, boolean> = {
  elevators: false,
  pumps: false,
  hvac: false,
  lighting: true,
  tenants: true,
  'data-room': false,
  fire: false,
};

/** What the loads behind a feeder would take at nominal voltage, W. */
export function wantedW(load: FeederLoad, loads: ModelLoads, tick: Tick): number {
  switch (load) {
    case 'elevators':
      return loads.elevatorsW;
    case 'pumps':
      return loads.pumpsW;
    case 'hvac':
      return loads.hvacW;
    case 'fire':
      return loads.fireW;
    case 'lighting':
      return 4000 + byHour(tick.calendar.hour, lightingByHour);
    case 'tenants': {
      const people = occupancy(tick.calendar);
      return 9000 + 62_000 * people * (tick.around.evacuated ? nobodyShare : 1);
    }
    case 'data-room':
      return dataRoomBesideUpsW + loads.upsW;
  }
}

const lightingByHour = [
  [5.5, 2000],
  [7, 14_000],
  [10, 11_000],
  [16.5, 12_000],
  [18, 20_000],
  [22, 7000],
  [23.5, 2000],
] as const;

/** These draw what the others' models say at any voltage (drives, rectifiers, motors); the rest draws less as it falls. */
const constantPower: Record<FeederLoad, boolean> = {
  elevators: true,
  pumps: true,
  hvac: true,
  lighting: false,
  tenants: false,
  'data-room': true,
  fire: true,
};
const nominalV = 220;
/** Contactors have dropped out and power supplies switched off. */
const deadV = 0.4 * nominalV;

/** W of each phase: what has no voltage takes nothing; three-phase loads go on on the phases that are left. */
export function splitOverPhases(
  totalW: number,
  of: { spec: FeederSpec; volts: readonly number[]; unbalance: number },
): number[] {
  const { spec, volts, unbalance } = of;
  const [a, b, c] = spec.shares;
  const moved = 0.45 * a * unbalance;
  const shares = [a - moved, b, c + moved];
  let alive = 0;
  for (const p of phases) if ((volts[p] ?? 0) > deadV) alive += shares[p] ?? 0;
  return perPhase((p) => {
    const v = volts[p] ?? 0;
    const share = shares[p] ?? 0;
    if (v <= deadV) return 0;
    return constantPower[spec.load] ? (totalW * share) / alive : totalW * share * Math.min(1.5, (v / nominalV) ** 1.4);
  });
}

/** var of each phase. Motors whose own capacitors have failed draw their magnetising current from the grid. */
export function reactiveOf(activeW: readonly number[], { spec, tick }: { spec: FeederSpec; tick: Tick }): number[] {
  const failed = tick.fault(spec.id, 'capacitors-failed');
  const cosine = spec.powerFactor - 0.15 * failed;
  const tangent = Math.sqrt(1 - cosine * cosine) / cosine;
  return perPhase((p) => (activeW[p] ?? 0) * tangent);
}

/** %. */
export function currentThd({ id, load }: FeederSpec, tick: Tick): number {
  const usual = usualThdI[load];
  return usual + (bareThdI - usual) * tick.fault(id, 'harmonic-filter-failed');
}
