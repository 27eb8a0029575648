import { Random } from '../random.ts';
import { type Calendar, clamp, type Tick } from '../tick.ts';
import { ratioOf, relativePct, saturationRatio, wetBulbC } from './moist-air.ts';
import { facadeSunW } from './sun.ts';

/** Outdoor air. Its random course is its own, so that a fault indoors leaves the weather as it was. */
export interface Weather {
  random: number;
  /** Seconds until it is reckoned anew; the sky changes slowly. */
  dueS: number;
  /** How much warmer than the season the present air mass is, K; comes and goes with fronts. */
  frontK: number;
  /** Drives cloud; about -2 clear to 2 overcast. */
  sky: number;
  /** Drives showers under a closed sky. */
  shower: number;
  /** 0 clear to 1 overcast. */
  cloud: number;
  outdoorC: number;
  /** %. */
  outdoorRh: number;
  /** kg/kg. */
  humidityRatio: number;
  wetBulbC: number;
  rainMmPerH: number;
  windMPerS: number;
  /** Sunshine on north, east, south and west façades, W/m². */
  sunW: number[];
}

/** Shanghai: mean of the coldest and the hottest month, and half the swing of a clear day, °C. */
const yearMeanC = 17;
const yearSwingC = 12;
const clearSwingC = 4.5;
const stepS = 60;
/** Fronts pass every few days, cloud fields within a day, showers within an hour. */
const frontTauS = 2.5 * 86_400;
const skyTauS = 18 * 3600;
const showerTauS = 1800;
const dewTauS = 6 * 3600;

export function newWeather(seed: number): Weather {
  const random = new Random(seed);
  const frontK = 2.5 * random.normal();
  const sky = random.normal();
  return {
    random: random.state,
    dueS: 0,
    frontK,
    sky,
    shower: 0,
    cloud: 0.5,
    outdoorC: yearMeanC,
    outdoorRh: 0,
    humidityRatio: 0,
    wetBulbC: yearMeanC,
    rainMmPerH: 0,
    windMPerS: 3,
    sunW: [0, 0, 0, 0],
  };
}

/** Mean of the day by the season, before fronts. */
function seasonC({ dayOfYear }: Calendar): number {
  return yearMeanC + yearSwingC * Math.cos(((dayOfYear - 208) / 365) * 2 * Math.PI);
}

export function stepWeather(before: Weather, tick: Tick): Weather {
  if (before.dueS > tick.dtS) return { ...before, dueS: before.dueS - tick.dtS };
  const random = new Random(before.random);
  const frontK = clamp(wander(before.frontK, 2.8, { tauS: frontTauS, random }), -5, 5);
  const sky = wander(before.sky, 1, { tauS: skyTauS, random });
  const shower = wander(before.shower, 1, { tauS: showerTauS, random });
  const windMPerS = Math.max(0.2, 3 + wander(before.windMPerS - 3, 1.4, { tauS: 3600, random }));
  const cloud = 1 / (1 + Math.exp(-1.8 * sky));
  const { hour } = tick.calendar;
  const meanC = seasonC(tick.calendar) + frontK;
  const swingK = clearSwingC * (1 - 0.6 * cloud);
  const outdoorC = meanC + swingK * Math.cos(((hour - 15) / 24) * 2 * Math.PI) + 0.05 * random.normal();
  // Clear air is dry, a closed sky stands near saturation; what the air cannot hold falls as dew.
  const goal = ratioOf(meanC, 60 + 30 * cloud);
  const ratio = before.humidityRatio === 0 ? goal : goal + (before.humidityRatio - goal) * Math.exp(-stepS / dewTauS);
  const humidityRatio = Math.min(ratio, 0.99 * saturationRatio(outdoorC));
  const outdoorRh = relativePct(outdoorC, humidityRatio);
  const closed = Math.max(0, (cloud - 0.78) / 0.22);
  // The warm half of the year has the downpours.
  const heaviest = 6 + 18 * clamp((meanC - 8) / 20, 0, 1);
  return {
    random: random.state,
    dueS: stepS,
    frontK,
    sky,
    shower,
    cloud,
    outdoorC,
    outdoorRh,
    humidityRatio,
    wetBulbC: wetBulbC(outdoorC, outdoorRh),
    rainMmPerH: heaviest * closed * clamp(shower, 0, 2) ** 2 * 0.25,
    windMPerS,
    sunW: facadeSunW(tick.calendar, cloud),
  };
}

/** One step of a value that wanders around 0 with this standard deviation and memory. */
function wander(value: number, deviation: number, { tauS, random }: { tauS: number; random: Random }): number {
  const keep = Math.exp(-stepS / tauS);
  return value * keep + deviation * Math.sqrt(1 - keep * keep) * random.normal();
}
