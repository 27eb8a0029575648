import type { Building } from './building.ts';
import type { BuildingSpec } from './building-spec.ts';
import { burningZones, type Fire } from './fire/fire.ts';
import type { FeederLoad } from './power/feeder-load.ts';
import { perPhase } from './power/meter.ts';

/** What a system feels of the others: their state at the end of the last step, so that none depends on who is stepped first. */
export interface Surroundings {
  /** Voltage of L1, L2, L3 at the feeder of a load, per unit of the nominal 230 V; all 1 for a load without a feeder. */
  supply(load: FeederLoad): readonly number[];
  /** The generator carries the emergency feeders: elevators come down one at a time. */
  onGenerator: boolean;
  /** Outputs of the fire panel. */
  linkage: Linkage;
  /** The building is being emptied, by a confirmed fire or for a drill. */
  evacuated: boolean;
  outdoorC: number;
  /** %. */
  outdoorRh: number;
  /** Rain on roofs and yards. */
  rainMmPerH: number;
  windMPerS: number;
}

/** What the fire panel orders of other equipment (linkage, 消防联动). */
export interface Linkage {
  /** A fire is confirmed: elevators return to the main floor, ventilation stops. */
  fire: boolean;
  /** Feeders that are cut off because of it, by the id of their meter. */
  shed: readonly string[];
}

const nominalV = 230;
const full = [1, 1, 1];

export function surroundingsOf(building: Building, spec: BuildingSpec): Surroundings {
  const { power, fire, air } = building;
  const supplies: Partial<Record<FeederLoad, readonly number[]>> = {};
  for (let i = 0; i < spec.power.feeders.length; i++) {
    const load = spec.power.feeders[i]?.load;
    const volts = power.feeders[i]?.voltsV;
    if (load !== undefined && volts !== undefined) supplies[load] ??= perPhase((p) => (volts[p] ?? 0) / nominalV);
  }
  return {
    supply: (load) => supplies[load] ?? full,
    onGenerator: power.transfer.position === 'generator',
    linkage: { fire: fire.panel.confirmedS > 0, shed: shedBy(fire, spec) },
    evacuated: fire.panel.evacuation,
    outdoorC: air.weather.outdoorC,
    outdoorRh: air.weather.outdoorRh,
    rainMmPerH: air.weather.rainMmPerH,
    windMPerS: air.weather.windMPerS,
  };
}

/** Somebody has to see the place before the power of the people there is cut. */
const shedAfterS = 60;
const nothing: readonly string[] = [];

function shedBy(fire: Fire, spec: BuildingSpec): readonly string[] {
  if (fire.panel.confirmedS <= shedAfterS) return nothing;
  const zones = burningZones(fire);
  return spec.power.feeders
    .filter(({ shedByFireIn = [] }) => shedByFireIn.some((zone) => zones.has(zone)))
    .map(({ id }) => id);
}
