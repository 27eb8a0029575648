import type { Random } from '../random.ts';
import { clamp, lag, type Tick } from '../tick.ts';
import {
  airDensityKgM3,
  airHeatJPerKgK,
  evaporationJPerKg,
  relativePct,
  type Stream,
  saturationRatio,
} from './moist-air.ts';
import type { Rhythm } from './people.ts';
import type { Weather } from './weather.ts';

export interface ZoneSpec {
  id: string;
  areaM2: number;
  heightM: number;
  /** Glass on the north, east, south and west façade. */
  windowM2: readonly [number, number, number, number];
  /** Through walls and glass. */
  lossWPerK: number;
  /** Outdoor air that leaks in, changes an hour. */
  infiltrationPerH: number;
  people: number;
  rhythm: Rhythm;
  /** Lights and machines with everyone there, and with nobody. */
  equipmentW: number;
  idleW: number;
  /** Fan coils of the zone; left out: all its heat goes by air. */
  coils?: { coolWPerK: number; heatWPerK: number; fanW: number };
}

/** One node of air with furniture, one of the building's mass. */
export interface Zone {
  id: string;
  airC: number;
  massC: number;
  ratio: number;
  co2Ppm: number;
  people: number;
  occupied: boolean;
  /** Fan coils: -1 full cooling to 1 full heating. */
  coil: number;
  /** Heat into the zone in the last step, W. */
  flowsW: {
    outdoor: number;
    sun: number;
    people: number;
    equipment: number;
    supply: number;
    coil: number;
    links: number;
  };
  /** Taken from the chilled water and from the hot water by its fan coils, and their fans, W. */
  chilledW: number;
  hotW: number;
  fanW: number;
  /** What its sensors say. */
  seenC: number;
  seenRh: number;
  seenCo2Ppm: number;
  batteryPct: number;
}

export const airJPerKM2 = 20_000;
export const massJPerKM2 = 150_000;
const couplingWPerKM2 = 4;
/** Walls, furniture and paper hold this many times the vapour of the air. */
export const vapourStores = 4;
const shading = 0.35;
const sunOnMass = 0.6;
const personW = 70;
export const personVapourKgS = 0.06 / 3600;
/** CO₂ of a person at a desk. */
export const personCo2M3S = 5.2e-6;
export const outdoorCo2Ppm = 420;
const openWindowPerH = 10;
/** Fan coils: of their air the share that meets the wet surface. */
const coilContact = 0.6;
/** A coin cell lasts some three years. */
const batteryPctPerS = 100 / (3 * 365 * 86_400);

export function newZone(id: string, batteryPct = 87): Zone {
  return {
    id,
    airC: 23,
    massC: 23,
    ratio: 0.0085,
    co2Ppm: 480,
    people: 0,
    occupied: false,
    coil: 0,
    flowsW: { outdoor: 0, sun: 0, people: 0, equipment: 0, supply: 0, coil: 0, links: 0 },
    chilledW: 0,
    hotW: 0,
    fanW: 0,
    seenC: 23,
    seenRh: 48,
    seenCo2Ppm: 480,
    batteryPct,
  };
}

export interface ZoneInput {
  weather: Weather;
  supply: Stream;
  /** Share of its people who are there. */
  present: number;
  /** From zones beside it, W. */
  linksW: number;
  /** Taken out by a refrigerant coil in the room: sensible heat, W (negative: heated), and vapour, kg/s. */
  direct: { sensibleW: number; vapourKgS: number };
  /** Water for the fan coils; flow as a share of what they need. */
  chilled: { c: number; flow: number };
  hot: { c: number; flow: number };
  powered: boolean;
  tick: Tick;
  random: Random;
}

export function stepZone(zone: Zone, spec: ZoneSpec, input: ZoneInput): Zone {
  const { tick, weather, supply, direct } = input;
  const { dtS } = tick;
  const people = spec.people * input.present;
  const occupied = input.present > 0.15;
  const volumeM3 = spec.areaM2 * spec.heightM;
  const leakM3S = (volumeM3 * (spec.infiltrationPerH + openWindowPerH * tick.fault(zone.id, 'window-open'))) / 3600;
  const coil = spec.coils === undefined ? 0 : lag(zone.coil, coilDemand(zone.seenC, occupied), { dtS, tauS: 120 });
  const water = coilHeat(zone, spec, { coil, ...input });

  const sunW = shading * spec.windowM2.reduce((sum, m2, i) => sum + m2 * (weather.sunW[i] ?? 0), 0);
  const lossToAirW = 0.7 * spec.lossWPerK * (weather.outdoorC - zone.airC);
  const lossToMassW = 0.3 * spec.lossWPerK * (weather.outdoorC - zone.massC);
  const leakW = leakM3S * airDensityKgM3 * airHeatJPerKgK * (weather.outdoorC - zone.airC);
  const equipmentW = spec.idleW + (spec.equipmentW - spec.idleW) * Math.min(1, input.present);
  const supplyW = supply.kgS * airHeatJPerKgK * (supply.c - zone.airC);
  const coupledW = couplingWPerKM2 * spec.areaM2 * (zone.massC - zone.airC);
  const coilW = water.sensibleW - direct.sensibleW;
  const toAirW =
    lossToAirW +
    leakW +
    (1 - sunOnMass) * sunW +
    people * personW +
    equipmentW +
    supplyW +
    coilW +
    input.linksW +
    coupledW;
  const airC = zone.airC + (toAirW * dtS) / (airJPerKM2 * spec.areaM2);
  const toMassW = lossToMassW + sunOnMass * sunW - coupledW;
  const massC = zone.massC + (toMassW * dtS) / (massJPerKM2 * spec.areaM2);

  const vapourKgS =
    supply.kgS * (supply.ratio - zone.ratio) +
    leakM3S * airDensityKgM3 * (weather.humidityRatio - zone.ratio) +
    people * personVapourKgS -
    water.vapourKgS -
    direct.vapourKgS;
  const ratio = Math.max(0.0005, zone.ratio + (vapourKgS * dtS) / (airDensityKgM3 * volumeM3 * vapourStores));
  const freshM3S = supply.kgS / airDensityKgM3;
  const co2 =
    freshM3S * (supply.co2Ppm - zone.co2Ppm) + leakM3S * (outdoorCo2Ppm - zone.co2Ppm) + people * personCo2M3S * 1e6;
  const co2Ppm = zone.co2Ppm + (co2 * dtS) / volumeM3;

  const stuck = tick.fault(zone.id, 'zone-sensor-stuck') > 0;
  return {
    id: zone.id,
    airC,
    massC,
    ratio,
    co2Ppm,
    people,
    occupied,
    coil,
    flowsW: {
      outdoor: lossToAirW + lossToMassW + leakW,
      sun: sunW,
      people: people * personW,
      equipment: equipmentW,
      supply: supplyW,
      coil: coilW,
      links: input.linksW,
    },
    chilledW: water.chilledW,
    hotW: water.hotW,
    fanW: water.fanW,
    seenC: stuck ? zone.seenC : lag(zone.seenC, airC + 0.2 * input.random.normal(), { dtS, tauS: 60 }),
    seenRh: lag(zone.seenRh, relativePct(airC, ratio), { dtS, tauS: 60 }),
    seenCo2Ppm: lag(zone.seenCo2Ppm, co2Ppm + 600 * tick.fault(zone.id, 'co2-sensor-drift'), { dtS, tauS: 60 }),
    batteryPct: battery(zone, tick),
  };
}

/** A cell that goes bad loses all it has within an hour at full severity. */
function battery(zone: Zone, tick: Tick): number {
  if (tick.fault(zone.id, 'battery-change') > 0) return 100;
  const bad = tick.fault(zone.id, 'sensor-battery-empty');
  return Math.max(0, zone.batteryPct - (batteryPctPerS + (bad * 100) / 3600) * tick.dtS);
}

/** Cooling above 24.5 °C and heating below 21 °C with people there, 27 and 16.5 °C without. */
function coilDemand(seenC: number, occupied: boolean): number {
  const coolC = occupied ? 24.5 : 27;
  const heatC = occupied ? 21 : 16.5;
  return clamp(heatC - seenC, 0, 1) - clamp(seenC - coolC, 0, 1);
}

function coilHeat(zone: Zone, { coils }: ZoneSpec, input: ZoneInput & { coil: number }) {
  const none = { sensibleW: 0, vapourKgS: 0, chilledW: 0, hotW: 0, fanW: 0 };
  if (coils === undefined || !input.powered) return none;
  const { coil, chilled, hot } = input;
  const fanW = coils.fanW * Math.abs(coil);
  if (coil < -0.01 && chilled.c < zone.airC) {
    const share = -coil * chilled.flow;
    const sensibleW = share * coils.coolWPerK * (zone.airC - chilled.c);
    const surfaceC = chilled.c + 0.4 * (zone.airC - chilled.c);
    const airKgS = coils.coolWPerK / airHeatJPerKgK / coilContact;
    const vapourKgS = share * coilContact * airKgS * Math.max(0, zone.ratio - saturationRatio(surfaceC));
    return {
      ...none,
      fanW,
      sensibleW: -sensibleW,
      vapourKgS,
      chilledW: sensibleW + vapourKgS * evaporationJPerKg,
    };
  }
  if (coil > 0.01 && hot.c > zone.airC) {
    const hotW = coil * hot.flow * coils.heatWPerK * (hot.c - zone.airC);
    return { ...none, fanW, sensibleW: hotW, hotW };
  }
  return none;
}
