import { Random, seedFor } from '../random.ts';
import type { Tick } from '../tick.ts';
import { type Ahu, type AhuSpec, newAhu } from './ahu.ts';
import { type ChilledPlant, chilledFlow, newChilledPlant, stepChilledPlant } from './chilled-plant.ts';
import type { ChillerSpec } from './chiller.ts';
import { type HeatPump, newHeatPump, stepHeatPump } from './heat-pump.ts';
import { type MixingUnit, type MixingUnitSpec, newMixingUnit } from './mixing-unit.ts';
import { relativePct, type Stream } from './moist-air.ts';
import { newPeople, type People, present, stepPeople } from './people.ts';
import { stepAhu } from './step-ahu.ts';
import { stepMixingUnit } from './step-mixing-unit.ts';
import { feederState } from './supply.ts';
import { newVrf, stepVrf, type Vrf, type VrfSpec } from './vrf.ts';
import { newWeather, stepWeather, type Weather } from './weather.ts';
import { newZone, outdoorCo2Ppm, stepZone, type Zone, type ZoneSpec } from './zone.ts';

/** Weather, zones and everything that conditions them. */
export interface Air {
  random: number;
  /** Since the last step, s. */
  sinceS: number;
  weather: Weather;
  people: People;
  zones: Zone[];
  ahus: Ahu[];
  mixingUnits: MixingUnit[];
  vrf: Vrf;
  chilled: ChilledPlant;
  heatPump: HeatPump;
}

export interface AirSpec {
  zones: readonly ZoneSpec[];
  /** Zones side by side, and what passes between them, W/K. */
  links: readonly { a: string; b: string; wPerK: number }[];
  ahus: readonly AhuSpec[];
  mixingUnits: readonly MixingUnitSpec[];
  chillers: readonly ChillerSpec[];
  vrf: VrfSpec;
}

export function newAir(spec: AirSpec, seed: number): Air {
  return {
    random: new Random(seedFor(seed, 'air')).state,
    sinceS: 0,
    weather: newWeather(seedFor(seed, 'weather')),
    people: newPeople(spec.zones.length, seedFor(seed, 'people')),
    zones: spec.zones.map(({ id }, i) => newZone(id, 87 - 4 * i)),
    ahus: spec.ahus.map(({ id }) => newAhu(id)),
    mixingUnits: spec.mixingUnits.map(newMixingUnit),
    vrf: newVrf(spec.vrf),
    chilled: newChilledPlant(spec.chillers),
    heatPump: newHeatPump(),
  };
}

/** Air and water are slow: controllers and physics go in steps of at least this, s. */
export const airStepS = 5;

export function stepAir(air: Air, spec: AirSpec, tick: Tick): Air {
  const sinceS = air.sinceS + tick.dtS;
  return sinceS < airStepS ? { ...air, sinceS } : step(air, spec, { ...tick, dtS: sinceS });
}

/** Units first, with the zones as they were; then the zones with their air; then the plant that carried the heat. */
function step(air: Air, spec: AirSpec, tick: Tick): Air {
  const random = new Random(air.random);
  const weather = stepWeather(air.weather, tick);
  const rhythms = spec.zones.map(({ rhythm }) => rhythm);
  const people = stepPeople(air.people, rhythms, tick);
  const feeder = feederState(tick.around.supply('hvac'));
  const chilled = { c: air.chilled.supplyC, flow: chilledFlow(air.chilled) };
  const hot = { c: air.heatPump.supplyC, flow: air.heatPump.on ? 1 : 0 };
  const common = { weather, chilled, hot, feeder, tick, random };
  const ahus = air.ahus.map((ahu, i) => {
    const ahuSpec = spec.ahus[i];
    return ahuSpec === undefined ? ahu : stepAhu(ahu, ahuSpec, { ...common, back: backOf(air.zones, ahuSpec) });
  });
  const mixingUnits = air.mixingUnits.map((unit, i) => {
    const unitSpec = spec.mixingUnits[i];
    const zone = air.zones.find(({ id }) => id === unitSpec?.zone);
    return unitSpec === undefined || zone === undefined ? unit : stepMixingUnit(unit, unitSpec, { ...common, zone });
  });
  const zones = air.zones.map((zone, i) => {
    const zoneSpec = spec.zones[i];
    if (zoneSpec === undefined) return zone;
    return stepZone(zone, zoneSpec, {
      ...common,
      supply: supplyOf(zone.id, { ahus, mixingUnits, spec }),
      present: present(people, { id: zone.id, index: i }, tick),
      linksW: linksOf(zone, air.zones, spec),
      direct: noDirect,
      powered: feeder.motors,
    });
  });
  const vrf = stepVrf(air.vrf, spec.vrf, common);
  const loads = waterLoads(zones, ahus, mixingUnits);
  return {
    random: random.state,
    sinceS: 0,
    weather,
    people,
    zones,
    ahus,
    mixingUnits,
    vrf,
    chilled: stepChilledPlant(air.chilled, spec.chillers, {
      loadW: loads.chilledW,
      callPct: loads.coolCallPct,
      outdoorC: weather.outdoorC,
      wetBulbC: weather.wetBulbC,
      feeder,
      tick,
    }),
    heatPump: stepHeatPump(air.heatPump, {
      loadW: loads.hotW,
      callPct: loads.heatCallPct,
      outdoorC: weather.outdoorC,
      feeder,
      dtS: tick.dtS,
    }),
  };
}

const noDirect = { sensibleW: 0, vapourKgS: 0 };
const still: Stream = { kgS: 0, c: 20, ratio: 0.008, co2Ppm: outdoorCo2Ppm };

function supplyOf(
  zone: string,
  { ahus, mixingUnits, spec }: { ahus: readonly Ahu[]; mixingUnits: readonly MixingUnit[]; spec: AirSpec },
): Stream {
  for (const [i, ahu] of ahus.entries()) {
    const served = spec.ahus[i]?.zones.find(({ id }) => id === zone);
    if (served !== undefined) return { ...ahu.supply, kgS: ahu.supply.kgS * served.share };
  }
  const at = spec.mixingUnits.findIndex((unit) => unit.zone === zone);
  return mixingUnits[at]?.supply ?? still;
}

function backOf(zones: readonly Zone[], { zones: served }: AhuSpec) {
  const back = { c: 0, ratio: 0, co2Ppm: 0, rh: 0 };
  for (const { id, share } of served) {
    const zone = zones.find((one) => one.id === id);
    if (zone === undefined) continue;
    back.c += share * zone.airC;
    back.ratio += share * zone.ratio;
    // The worst of the rooms calls for air.
    back.co2Ppm = Math.max(back.co2Ppm, zone.seenCo2Ppm);
  }
  back.rh = relativePct(back.c, back.ratio);
  return back;
}

function linksOf(zone: Zone, zones: readonly Zone[], { links }: AirSpec): number {
  let watts = 0;
  for (const { a, b, wPerK } of links) {
    if (a !== zone.id && b !== zone.id) continue;
    const other = zones.find(({ id }) => id === (a === zone.id ? b : a));
    if (other !== undefined) watts += wPerK * (other.airC - zone.airC);
  }
  return watts;
}

/** What coils and fan coils take from the two waters, and how much the keenest of them calls for, %. */
function waterLoads(zones: readonly Zone[], ahus: readonly Ahu[], units: readonly MixingUnit[]) {
  const loads = { chilledW: 0, hotW: 0, coolCallPct: 0, heatCallPct: 0 };
  for (const { chilledW, hotW, coil } of zones) {
    loads.chilledW += chilledW;
    loads.hotW += hotW;
    loads.coolCallPct = Math.max(loads.coolCallPct, -100 * coil);
    loads.heatCallPct = Math.max(loads.heatCallPct, 100 * coil);
  }
  for (const { chilledW, hotW, coolerPct, heaterPct } of ahus) {
    loads.chilledW += chilledW;
    loads.hotW += hotW;
    loads.coolCallPct = Math.max(loads.coolCallPct, coolerPct);
    loads.heatCallPct = Math.max(loads.heatCallPct, heaterPct);
  }
  for (const { chilledW, hotW, coolingValve, heatingValve } of units) {
    loads.chilledW += chilledW;
    loads.hotW += hotW;
    loads.coolCallPct = Math.max(loads.coolCallPct, coolingValve.setpointPct);
    loads.heatCallPct = Math.max(loads.heatCallPct, heatingValve.setpointPct);
  }
  return loads;
}

/** Everything on the feeder of the air-conditioning, W. */
export function airPowerW(air: Air): number {
  let watts = air.vrf.powerW + air.heatPump.powerW;
  for (const { powerW } of air.ahus) watts += powerW;
  for (const { powerW } of air.mixingUnits) watts += powerW;
  for (const { powerW } of air.chilled.chillers) watts += powerW;
  for (const { fanW } of air.zones) watts += fanW;
  return watts;
}
