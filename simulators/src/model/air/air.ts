import { Random, seedFor } from '../random.ts';
import { occupancy, type Tick } from '../tick.ts';
import { type Ahu, newAhu, stepAhu } from './ahu.ts';
import { newWeather, stepWeather, type Weather } from './weather.ts';
import { newZone, stepZone, type Zone } from './zone.ts';

export interface Air {
  random: number;
  weather: Weather;
  ahus: Ahu[];
  zones: Zone[];
}

export interface AirIds {
  ahus: readonly { id: string; zones: readonly ZoneSpec[] }[];
}

export interface ZoneSpec {
  id: string;
  areaM2: number;
}

export function newAir(ids: AirIds, seed: number): Air {
  const random = new Random(seedFor(seed, 'air'));
  return {
    random: random.state,
    weather: newWeather(seedFor(seed, 'weather')),
    ahus: ids.ahus.map((ahu) => newAhu(ahu.id)),
    zones: ids.ahus.flatMap((ahu) => ahu.zones.map((zone) => newZone(zone.id))),
  };
}

export function stepAir(air: Air, ids: AirIds, tick: Tick): Air {
  const random = new Random(air.random);
  const weather = stepWeather(air.weather, tick);
  const { outdoorC, outdoorRh } = weather;
  const sun = Math.max(...weather.sunW) / 700;
  const people = occupancy(tick.calendar);
  const ahus: Ahu[] = [];
  const zones: Zone[] = [];
  ids.ahus.forEach((spec, i) => {
    const served = air.zones.filter((zone) => spec.zones.some((z) => z.id === zone.id));
    const before = air.ahus[i] ?? newAhu(spec.id);
    const returnC = served.reduce((sum, zone) => sum + zone.temperatureC, 0) / Math.max(1, served.length);
    const ahu = stepAhu(before, { outsideC: outdoorC, returnC, occupied: people > 0.15, tick, random });
    ahus.push(ahu);
    for (const zoneSpec of spec.zones) {
      const zone = served.find((z) => z.id === zoneSpec.id) ?? newZone(zoneSpec.id);
      zones.push(
        stepZone(zone, {
          areaM2: zoneSpec.areaM2,
          outsideC: outdoorC,
          outsideRh: outdoorRh,
          sun,
          people,
          supplyC: ahu.supplyC,
          airflow: ahu.airflow,
          dtS: tick.dtS,
          random,
        }),
      );
    }
  });
  return { random: random.state, weather, ahus, zones };
}

export function airPowerW(air: Air): number {
  // Circulation pumps and the fan coils of the zones run with the air units.
  return air.ahus.reduce((sum, ahu) => sum + ahu.powerW, 0) + 2500;
}
