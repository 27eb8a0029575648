import type { Random } from '../random.ts';
import { clamp, lag, type Tick } from '../tick.ts';
import { type Actuator, stepActuator } from './actuator.ts';
import { coolingCoil, heatingCoil } from './coil.ts';
import { controlMixingUnit } from './mixing-control.ts';
import type { MixingUnit, MixingUnitSpec } from './mixing-unit.ts';
import { enthalpy, temperatureOf } from './moist-air.ts';
import type { FeederState } from './supply.ts';
import { designDuctPa, stepVavBox } from './vav-box.ts';
import type { Weather } from './weather.ts';
import { outdoorCo2Ppm, type Zone } from './zone.ts';

export interface MixingUnitInput {
  zone: Zone;
  weather: Weather;
  chilled: { c: number; flow: number };
  hot: { c: number; flow: number };
  feeder: FeederState;
  tick: Tick;
  random: Random;
}

/** Shut-off pressure of the fan at full speed, and what filter, coils and duct take at rated flow, Pa. */
const shutOffPa = 1500;
const ductLossPa = 550;
const filterLossPa = 150;
const cloggedTimes = 6;
/** Damper leakage of a closed blade, and of a torn seal. */
const tightLeak = 0.01;
const tornLeak = 0.25;
const frostC = 5;
const frostResetC = 12;

export function stepMixingUnit(unit: MixingUnit, spec: MixingUnitSpec, input: MixingUnitInput): MixingUnit {
  const { tick, feeder, weather, zone } = input;
  const { dtS } = tick;
  const fault = (name: string): number => tick.fault(unit.id, name);
  const serviced = fault('ahu-off') > 0 || fault('filter-change') > 0 || fault('damper-test') > 0;
  const frostTripped = unit.frostC < frostC || (unit.frostTripped && unit.frostC < frostResetC);
  const held = !feeder.powered || serviced || tick.around.linkage.fire || fault('duct-smoke') > 0 || frostTripped;
  const wanted = controlMixingUnit(unit, { zone, outdoorC: weather.outdoorC, tick, held, frostTripped });
  const drive = { tick, powered: feeder.powered };
  const outdoorDamper = stepActuator(unit.outdoorDamper, wanted.outdoorDamperPct, drive);
  const coolingValve = stepActuator(unit.coolingValve, wanted.coolingPct, drive);
  const heatingValve = stepActuator(unit.heatingValve, wanted.heatingPct, drive);

  // Fan and duct: the speed follows the pressure; the pressure follows speed and flow of the step before.
  const runs = wanted.fansOn && feeder.motors && fault('fan-failure') === 0;
  const pressureError = (designDuctPa - unit.ductPa) / designDuctPa;
  const fanIntegral = wanted.fansOn ? clamp(unit.fanIntegral + 1.2 * pressureError * dtS, 0, 100) : 0;
  const fanPct = lag(unit.fanPct, runs ? clamp(fanIntegral + 10 * pressureError, 15, 100) : 0, { dtS, tauS: 8 });
  const speed = (fanPct / 100) * (1 - fault('fan-belt-slipping'));
  const loaded = unit.supply.kgS / spec.ratedKgS;
  const lossPa = (ductLossPa + filterLossPa * (1 + cloggedTimes * fault('filter-clogged'))) * loaded * loaded;
  const ductPa = lag(unit.ductPa, Math.max(0, shutOffPa * speed * speed - lossPa), { dtS, tauS: 6 });
  const boxes = unit.boxes.map((box, i) => {
    const boxSpec = spec.boxes[i];
    return boxSpec === undefined
      ? box
      : stepVavBox(box, boxSpec, { wantedPct: wanted.boxPct, ductPa, tick, powered: feeder.powered });
  });
  const kgS = lag(unit.supply.kgS, speed > 0.02 ? boxes.reduce((sum, box) => sum + box.kgS, 0) : 0, { dtS, tauS: 5 });

  // Mixing section: the shares follow the blades, the return damper works against the outdoor damper.
  const torn = tightLeak + (tornLeak - tightLeak) * torn01(outdoorDamper, tick);
  const outdoorOpen = torn + (1 - torn) * (outdoorDamper.bladePct / 100);
  const returnOpen = tightLeak + (1 - tightLeak) * (1 - outdoorDamper.bladePct / 100);
  const outdoorShare = outdoorOpen / (outdoorOpen + returnOpen);
  const outdoorKgS = kgS * outdoorShare;
  const returnKgS = kgS - outdoorKgS;
  const extractC = lag(unit.extractC, zone.airC, { dtS, tauS: 60 });
  const ratio = outdoorShare * weather.humidityRatio + (1 - outdoorShare) * zone.ratio;
  const mixedC = temperatureOf(
    outdoorShare * enthalpy(weather.outdoorC, weather.humidityRatio) +
      (1 - outdoorShare) * enthalpy(zone.airC, zone.ratio),
    ratio,
  );
  const mixed = {
    kgS,
    c: mixedC,
    ratio,
    co2Ppm: outdoorShare * outdoorCo2Ppm + (1 - outdoorShare) * zone.co2Ppm,
  };

  const foul = 1 - 0.7 * fault('coil-fouled');
  const heated = heatingCoil({
    airKgS: kgS,
    c: mixed.c,
    ratio,
    waterC: input.hot.c,
    waterKgS: (heatingValve.bladePct / 100) * spec.heaterKgS * input.hot.flow,
    designKgS: spec.heaterKgS,
    contact: 0.6,
  });
  const passing = Math.max(coolingValve.bladePct, 30 * fault('cooling-valve-leak'));
  const cooled = coolingCoil({
    airKgS: kgS,
    c: heated.c,
    ratio: heated.ratio,
    waterC: input.chilled.c,
    waterKgS: (passing / 100) * spec.coolerKgS * input.chilled.flow,
    designKgS: spec.coolerKgS,
    contact: 0.85 * foul,
  });
  const moving = kgS > 0.1;
  const supplyC = lag(unit.supply.c, moving ? cooled.c : zone.airC, { dtS, tauS: moving ? 30 : 900 });
  const bathed = (heatingValve.bladePct / 100) * input.hot.flow;
  const coilC = bathed > 0.02 ? (1 - bathed) * heated.c + bathed * 0.6 * input.hot.c : heated.c;
  const supplyFanW = runs ? (spec.supplyFanW * (fanPct / 100) ** 3 * (1 + loaded)) / 2 : 0;
  const extractFanW = runs ? spec.extractFanW * loaded ** 3 : 0;
  return {
    ...unit,
    runMode: wanted.runMode,
    modeS: wanted.modeS,
    fanPct,
    fanIntegral,
    ductPa,
    outdoorDamper,
    coolingValve,
    heatingValve,
    boxes,
    outdoorKgS,
    returnKgS,
    mixed,
    supply: { kgS, c: supplyC, ratio: cooled.ratio, co2Ppm: mixed.co2Ppm },
    supplySetpointC: wanted.supplySetpointC,
    seenSupplyC: lag(unit.seenSupplyC, supplyC + 8 * fault('supply-sensor-drift') + 0.1 * input.random.normal(), {
      dtS,
      tauS: 20,
    }),
    extractC,
    outdoorC: weather.outdoorC,
    integral: wanted.integral,
    frostC: lag(unit.frostC, moving ? coilC : Math.max(coilC, 12), { dtS, tauS: moving ? 120 : 600 }),
    frostTripped,
    supplyRunH: unit.supplyRunH + (fanPct > 10 ? dtS / 3600 : 0),
    extractRunH: unit.extractRunH + (fanPct > 10 ? dtS / 3600 : 0),
    chilledW: cooled.heatW,
    hotW: heated.heatW,
    powerW: (feeder.powered ? 120 : 0) + supplyFanW + extractFanW,
  };
}

/** How far the seals of the outdoor damper are torn. */
function torn01({ id }: Actuator, tick: Tick): number {
  return tick.fault(id, 'damper-leaking');
}
