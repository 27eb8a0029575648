import type { Building } from './building.ts';
import type { BuildingSpec } from './building-spec.ts';
import type { FeederLoad } from './power/power.ts';

/** What a system feels of the others: their state at the end of the last step, so that none depends on who is stepped first. */
export interface Surroundings {
  /** Voltage of L1, L2, L3 at the feeder of a load, per unit of the nominal 230 V; all 1 for a load without a feeder. */
  supply(load: FeederLoad): readonly number[];
  /** Outputs of the fire panel. */
  linkage: Linkage;
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
}

const nominalV = 230;
const full = [1, 1, 1];

export function surroundingsOf(building: Building, spec: BuildingSpec): Surroundings {
  const { power, fire, air } = building;
  const supplies = new Map<FeederLoad, number[]>();
  spec.power.feeders.forEach(({ load }, i) => {
    const volts = power.feeders[i]?.voltsV;
    if (volts !== undefined && !supplies.has(load))
      supplies.set(
        load,
        volts.map((v) => v / nominalV),
      );
  });
  return {
    supply: (load) => supplies.get(load) ?? full,
    linkage: { fire: fire.detectors.some(({ state }) => state === 'fire') },
    outdoorC: air.weather.outdoorC,
    outdoorRh: air.weather.outdoorRh,
    rainMmPerH: air.weather.rainMmPerH,
    windMPerS: air.weather.windMPerS,
  };
}
