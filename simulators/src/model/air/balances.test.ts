import { describe, expect, it } from 'vitest';
import { airPowerW, airStepS } from './air.ts';
import { loopKg } from './chilled-plant.ts';
import { basinKg, chilledKgS, condenserKgS } from './chiller.ts';
import { demoAir } from './demo-air.ts';
import { hotLoopKg } from './heat-pump.ts';
import { airDensityKgM3, enthalpy, waterHeatJPerKgK } from './moist-air.ts';
import { runAir } from './test-helpers/run-air.ts';
import { airJPerKM2, massJPerKM2, outdoorCo2Ppm, personCo2M3S, personVapourKgS, vapourStores } from './zone.ts';

/** A hot working day, and a cold one. */
const days = ['2026-07-20T06:00:00+08:00', '2026-01-19T06:00:00+08:00'] as const;

describe.each(days)('on %s', (from) => {
  it('the heat that goes into each zone is what it stores', () => {
    runAir({
      from,
      hours: 14,
      each: (now, before) =>
        now.zones.forEach((zone, i) => {
          const was = before.zones[i]!;
          const { areaM2 } = demoAir.zones[i]!;
          const storedJ = areaM2 * (airJPerKM2 * (zone.airC - was.airC) + massJPerKM2 * (zone.massC - was.massC));
          const flowedJ = Object.values(zone.flowsW).reduce((sum, watts) => sum + watts, 0) * airStepS;
          expect(Math.abs(storedJ - flowedJ), zone.id).toBeLessThan(1);
        }),
    });
  });

  it('zones give to each other what they lose to each other', () => {
    runAir({
      from,
      hours: 2,
      each: ({ zones }) => expect(zones.reduce((sum, zone) => sum + zone.flowsW.links, 0)).toBeCloseTo(0, 6),
    });
  });

  it('CO₂ of a zone is what people breathe out less what air carries off', () => {
    const at = demoAir.zones.findIndex(({ id }) => id === 'zone-high');
    const { areaM2, heightM, infiltrationPerH } = demoAir.zones[at]!;
    const volumeM3 = areaM2 * heightM;
    runAir({
      from,
      hours: 12,
      each: (now, before) => {
        const was = before.zones[at]!;
        const zone = now.zones[at]!;
        const airM3S = (now.ahus[1]!.supply.kgS * 0.73) / airDensityKgM3 + (volumeM3 * infiltrationPerH) / 3600;
        const change = zone.people * personCo2M3S * 1e6 + airM3S * (outdoorCo2Ppm - was.co2Ppm);
        expect(((zone.co2Ppm - was.co2Ppm) * volumeM3) / airStepS).toBeCloseTo(change, 4);
      },
    });
  });

  it('vapour of a room without coils of its own is what air and people bring in', () => {
    const at = demoAir.zones.findIndex(({ id }) => id === 'zone-lobby');
    const { areaM2, heightM, infiltrationPerH } = demoAir.zones[at]!;
    const airKg = areaM2 * heightM * airDensityKgM3;
    runAir({
      from,
      hours: 12,
      each: (now, before) => {
        const was = before.zones[at]!;
        const zone = now.zones[at]!;
        const { supply } = now.mixingUnits[0]!;
        const leakKgS = (airKg * infiltrationPerH) / 3600;
        const byAir = supply.kgS * (supply.ratio - was.ratio) + leakKgS * (now.weather.humidityRatio - was.ratio);
        const storedKg = (zone.ratio - was.ratio) * airKg * vapourStores;
        expect(storedKg / airStepS).toBeCloseTo(byAir + zone.people * personVapourKgS, 9);
      },
    });
  });

  it('the mixing section takes in as much air as it gives, and mixes it by mass and enthalpy', () => {
    runAir({
      from,
      hours: 12,
      each: ({ mixingUnits, weather }, before) => {
        const [unit] = mixingUnits;
        const lobby = before.zones[0]!;
        expect(unit!.outdoorKgS + unit!.returnKgS).toBeCloseTo(unit!.supply.kgS, 9);
        const outdoorH = enthalpy(weather.outdoorC, weather.humidityRatio);
        const inW = unit!.outdoorKgS * outdoorH + unit!.returnKgS * enthalpy(lobby.airC, lobby.ratio);
        expect(unit!.mixed.kgS * enthalpy(unit!.mixed.c, unit!.mixed.ratio)).toBeCloseTo(inW, 3);
      },
    });
  });

  it('what coils take is what the chilled water carries to the chillers and what stays in its loop', () => {
    const restTauS = 8 * 3600;
    runAir({
      from,
      hours: 12,
      each: (now, before) => {
        const loadW =
          now.zones.reduce((sum, { chilledW }) => sum + chilledW, 0) +
          [...now.ahus, ...now.mixingUnits].reduce((sum, { chilledW }) => sum + chilledW, 0);
        const carriedW = now.chilled.chillers.reduce(
          (sum, c, i) =>
            sum +
            (c.chilledPump ? chilledKgS(demoAir.chillers[i]!) * waterHeatJPerKgK * (c.enteringC - c.leavingC) : 0),
          0,
        );
        const heatCapacity = loopKg * waterHeatJPerKgK;
        const restW = ((22 - before.chilled.returnC) * heatCapacity) / restTauS;
        const storedW = ((now.chilled.returnC - before.chilled.returnC) * heatCapacity) / airStepS;
        expect(Math.abs(storedW - (loadW + restW - carriedW))).toBeLessThan(1);
      },
    });
  });

  it('a chiller gives to its condenser what it takes from the water and from the mains', () => {
    runAir({
      from,
      hours: 12,
      each: (now, before) =>
        now.chilled.chillers.forEach((chiller, i) => {
          expect(chiller.condenserW).toBeCloseTo(chiller.coolingW + chiller.compressorW, 6);
          if (!chiller.condenserPump) return;
          const was = before.chilled.chillers[i]!;
          const rate = condenserKgS(demoAir.chillers[i]!) * waterHeatJPerKgK;
          expect(rate * (chiller.condenserLeavingC - was.condenserEnteringC)).toBeCloseTo(was.condenserW, 3);
          // What the tower does not take warms its basin.
          const basinJPerK = basinKg(demoAir.chillers[i]!) * waterHeatJPerKgK;
          const storedW = ((chiller.condenserEnteringC - was.condenserEnteringC) * basinJPerK) / airStepS;
          expect(Math.abs(storedW - (was.condenserW - chiller.towerW))).toBeLessThan(1);
        }),
    });
  });

  it('what the heat pump gives is what coils take and what stays in its loop, but for what warm pipes lose', () => {
    runAir({
      from,
      hours: 12,
      each: (now, before) => {
        const taken = [...now.zones, ...now.ahus, ...now.mixingUnits].reduce((sum, { hotW }) => sum + hotW, 0);
        const heldC = now.heatPump.returnC - before.heatPump.returnC;
        const lostW = now.heatPump.heatW - taken - (heldC * hotLoopKg * waterHeatJPerKgK) / airStepS;
        expect(lostW).toBeGreaterThan(-100);
        expect(lostW).toBeLessThan(700);
      },
    });
  });

  it('the heat pump gives what it takes from outdoors and from the mains', () => {
    runAir({
      from,
      hours: 6,
      each: ({ heatPump }) => {
        const compressorW = heatPump.heatW - heatPump.sourceW;
        expect(heatPump.powerW).toBeCloseTo(compressorW + (heatPump.on ? 2300 : 0) + 200, 6);
        expect(compressorW).toBeGreaterThanOrEqual(0);
      },
    });
  });
});

it('no machine runs without three phases, and the feeder of a dead board carries nothing', () => {
  const dead = runAir({
    from: days[0],
    hours: 4,
    supply: (hour) => (hour > 3.9 ? [0, 0, 0] : [1, 1, 1]),
  });
  expect(airPowerW(dead)).toBeLessThan(100);
  expect(dead.ahus.every(({ supplyFanAlarm }) => !supplyFanAlarm)).toBe(true);
  const lame = runAir({
    from: days[0],
    hours: 4,
    supply: (hour) => (hour > 3.5 ? [1, 0.08, 1] : [1, 1, 1]),
  });
  expect(lame.ahus.every(({ supplyFanAlarm }) => supplyFanAlarm)).toBe(true);
  expect(lame.chilled.chillers.filter(({ tripped }) => tripped === 'phase').length).toBeGreaterThan(0);
  expect(lame.mixingUnits[0]!.supply.kgS).toBeLessThan(0.2);
});

it('fire stops all fans and the rooms with refrigerant coils, and they come back after it', () => {
  const during = runAir({ from: days[0], hours: 4.1, fire: (hour) => hour > 4 });
  expect(during.ahus.every(({ fireInput, supply }) => fireInput && supply.kgS < 0.1)).toBe(true);
  expect(during.mixingUnits[0]!.supply.kgS).toBeLessThan(0.2);
  expect(during.vrf.units.every(({ forcedOff, running }) => forcedOff && !running)).toBe(true);
  const after = runAir({ from: days[0], hours: 5, fire: (hour) => hour > 4 && hour < 4.5 });
  expect(after.ahus.every(({ fireInput, supply }) => !fireInput && supply.kgS > 1)).toBe(true);
  expect(after.mixingUnits[0]!.supply.kgS).toBeGreaterThan(2);
});
