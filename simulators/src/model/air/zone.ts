import type { Random } from '../random.ts';
import { lag } from '../tick.ts';

/** A group of rooms as one resistance and one capacity, with fan coils of its own that hold it. */
export interface Zone {
  id: string;
  temperatureC: number;
  humidityPct: number;
  batteryPct: number;
}

export function newZone(id: string): Zone {
  return { id, temperatureC: 22.5, humidityPct: 48, batteryPct: 87 };
}

/** Per m² of floor: to the outside, by people and machines, by sun, air mass with furniture. */
const lossWPerK = 1.6;
const gainW = 22;
const sunW = 18;
const capacityJPerK = 45_000;
/** Rated supply air, W/K. */
const airWPerK = 3.4;
/** The zone's fan coils hold it between these; the wider band is for an empty building. */
const coilW = 45;

export function stepZone(
  zone: Zone,
  input: {
    areaM2: number;
    outsideC: number;
    outsideRh: number;
    sun: number;
    people: number;
    supplyC: number;
    airflow: number;
    dtS: number;
    random: Random;
  },
): Zone {
  const { dtS, people } = input;
  const wantC = people > 0.15 ? 23 : 21;
  const band = people > 0.15 ? 1 : 3;
  const off = zone.temperatureC - wantC;
  const coil = Math.abs(off) < band ? 0 : -Math.sign(off) * Math.min(1, (Math.abs(off) - band) / 1.5) * coilW;
  const heatW =
    lossWPerK * (input.outsideC - zone.temperatureC) +
    gainW * people +
    sunW * input.sun +
    airWPerK * input.airflow * (input.supplyC - zone.temperatureC) +
    coil;
  const humidGoal = 38 + 0.16 * (input.outsideRh - 40) + 6 * people;
  return {
    ...zone,
    temperatureC: zone.temperatureC + (heatW / capacityJPerK) * dtS + 0.002 * input.random.normal(),
    humidityPct: lag(zone.humidityPct, humidGoal, { dtS, tauS: 1800 }) + 0.02 * input.random.normal(),
  };
}
