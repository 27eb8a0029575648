import type { Random } from '../random.ts';
import { clamp, lag, type Tick } from '../tick.ts';
import { type Ahu, type AhuSpec, filterLifeS, ratedRpm, userModes } from './ahu.ts';
import { protect } from './ahu-protection.ts';
import { coolingCoil, heatingCoil } from './coil.ts';
import { airHeatJPerKgK } from './moist-air.ts';
import type { FeederState } from './supply.ts';
import type { Weather } from './weather.ts';
import { outdoorCo2Ppm } from './zone.ts';

export interface AhuInput {
  weather: Weather;
  /** Mixed return air of its zones. */
  back: { c: number; ratio: number; co2Ppm: number; rh: number };
  chilled: { c: number; flow: number };
  hot: { c: number; flow: number };
  feeder: FeederState;
  tick: Tick;
  random: Random;
}

/** Of temperature and of moisture that the turning wheel hands over. */
const rotorHeat = 0.72;
const rotorMoisture = 0.5;
/** A clogged filter at full severity: resistance of the duct times this. */
const cloggedTimes = 3.9;
/** Cooling of an electric element without wind, W/K. */
const elementStillWPerK = 40;
const valveTravelS = 90;

export function stepAhu(ahu: Ahu, spec: AhuSpec, input: AhuInput): Ahu {
  const { tick, feeder, weather, back } = input;
  const { dtS, calendar } = tick;
  const fault = (name: string): number => tick.fault(ahu.id, name);
  const isWater = spec.heater.kind === 'water';
  const guard = protect(ahu, { tick, motors: feeder.motors, isWater });
  const serviced = fault('ahu-off') > 0 || fault('filter-change') > 0 || fault('damper-test') > 0;
  const stopped =
    !feeder.powered || serviced || guard.fireInput || guard.fireAlarm || guard.supplyFanAlarm || guard.frostAlarm;

  // Air: by schedule, more of it when the return air is stale; the controller makes up for a dirty filter as far as it can.
  const open = calendar.workday && calendar.hour >= 6.5 && calendar.hour < 20;
  const scheduled = open ? 70 : 25;
  const stale = clamp(25 + ((back.co2Ppm - 700) / 200) * 75, 0, 100);
  const purge = fault('night-purge') > 0 && back.c > (ahu.userMode === userModes.refresh ? 19 : 20.5);
  const manual = fault('ahu-manual') > 0;
  const wanted = stopped ? 0 : manual ? 50 : purge ? 80 : Math.max(scheduled, stale);
  const resistance = 1 + cloggedTimes * fault('filter-clogged');
  const fanTau = { dtS, tauS: 15 };
  const supplyFanPct = lag(ahu.supplyFanPct, Math.min(100, wanted * Math.sqrt(resistance)), fanTau);
  const extractFanPct = lag(ahu.extractFanPct, guard.extractFanAlarm ? 0 : wanted, fanTau);
  const supplyRuns = feeder.motors && fault('fan-failure') === 0;
  const extractRuns = feeder.motors && fault('extract-fan-failure') === 0;
  const supplyRpm = lag(ahu.supplyRpm, supplyRuns ? (supplyFanPct / 100) * ratedRpm : 0, { dtS, tauS: 4 });
  const extractRpm = lag(ahu.extractRpm, extractRuns ? (extractFanPct / 100) * ratedRpm : 0, { dtS, tauS: 4 });
  const slip = fault('fan-belt-slipping');
  const flow = ((supplyRpm / ratedRpm) * (1 - slip)) / Math.sqrt(resistance);
  const kgS = flow * spec.ratedKgS;
  const extractShare = flow > 0.02 ? clamp(extractRpm / ratedRpm / flow, 0, 1) : 0;

  // Control: one output from full cooling (-100) to full heating (100), the wheel first where it helps.
  const humid = weather.humidityRatio > 0.0115;
  const followed = clamp(20 + 0.9 * (22.5 - back.c), 15, 24);
  const supplySetpointC = ahu.givenSetpointC ?? (humid ? Math.min(followed, 16.5) : followed);
  const hunting = 1 + 40 * fault('control-hunting');
  const error = supplySetpointC - ahu.seenSupplyC;
  const idle = stopped || kgS < 0.05 || purge;
  const integral = idle ? 0 : clamp(ahu.integral + 0.05 * hunting * error * dtS, -100, 100);
  const demand = idle ? 0 : clamp(integral + 3 * hunting * error, -100, 100);
  const wheelHelps = (ahu.extractC - weather.outdoorC) * demand > 0;
  const exchangerPct = wheelHelps ? Math.min(100, Math.abs(demand) * 2) : 0;
  const rest = Math.max(0, Math.abs(demand) - (wheelHelps ? 50 : 0)) * (wheelHelps ? 2 : 1);
  const heaterPct = guard.frostAlarm ? 100 : demand > 0 ? rest : 0;
  const coolerPct = demand < 0 ? rest : 0;
  const coolerValvePct = valve(ahu.coolerValvePct, coolerPct, { dtS, stuck: fault('cooling-valve-stuck') > 0 });
  const heaterValvePct =
    fault('heating-valve-stuck') > 0 ? 0 : valve(ahu.heaterValvePct, heaterPct, { dtS, stuck: false });

  // Wheel, heater, cooler.
  const turning = fault('rotor-stopped') > 0 ? 0 : (exchangerPct / 100) * extractShare;
  const wheelC = weather.outdoorC + rotorHeat * turning * (ahu.extractC - weather.outdoorC);
  const wheelRatio = weather.humidityRatio + rotorMoisture * turning * (back.ratio - weather.humidityRatio);
  const welded = fault('heater-welded') > 0;
  const electricPct = guard.overheatAlarm || fault('heater-failed') > 0 ? 0 : welded ? 100 : supplyRuns ? heaterPct : 0;
  const electricW = spec.heater.kind === 'electric' && feeder.motors ? (spec.heater.w * electricPct) / 100 : 0;
  const airHeat = airHeatJPerKgK * kgS;
  const elementC = lag(ahu.elementC, wheelC + electricW / (airHeat + elementStillWPerK), { dtS, tauS: 60 });
  const designKgS = spec.heater.kind === 'water' ? spec.heater.designKgS : 1;
  const heated = isWater
    ? heatingCoil({
        airKgS: kgS,
        c: wheelC,
        ratio: wheelRatio,
        waterC: input.hot.c,
        waterKgS: (heaterValvePct / 100) * designKgS * input.hot.flow,
        designKgS,
        contact: 0.6,
      })
    : // Air leaves the elements as warm as they are; what they hold is spent in a minute.
      { c: kgS > 0.05 ? elementC : wheelC, ratio: wheelRatio, heatW: 0 };
  const leak = fault('cooling-valve-leak') * 30;
  const cooled = coolingCoil({
    airKgS: kgS,
    c: heated.c,
    ratio: heated.ratio,
    waterC: input.chilled.c,
    waterKgS: (Math.max(coolerValvePct, leak) / 100) * spec.coolerKgS * input.chilled.flow,
    designKgS: spec.coolerKgS,
    contact: 0.85 * (1 - 0.7 * fault('coil-fouled')),
  });
  const moving = kgS > 0.05;
  const outC = moving ? cooled.c : back.c;
  const supplyC = lag(ahu.supply.c, outC, { dtS, tauS: moving ? 45 : 600 });
  const supplyRatio = lag(ahu.supply.ratio, moving ? cooled.ratio : back.ratio, { dtS, tauS: 45 });
  // The thermostat lies on the coil: hot water keeps it warm, standing water takes the temperature of the air.
  const bathed = (heaterValvePct / 100) * input.hot.flow;
  const coilC = bathed > 0.02 ? (1 - bathed) * heated.c + bathed * 0.6 * input.hot.c : heated.c;
  const frostC = lag(ahu.frostC, moving ? coilC : Math.max(coilC, 12), { dtS, tauS: moving ? 120 : 600 });

  const fansW = supplyRuns ? spec.fanW * (supplyRpm / ratedRpm) ** 3 : 0;
  const extractW = extractRuns ? spec.fanW * (extractRpm / ratedRpm) ** 3 : 0;
  return {
    ...ahu,
    ...guard,
    userMode:
      manual || serviced
        ? userModes.manual
        : purge
          ? userModes.refresh
          : stale > 70
            ? userModes.crowded
            : open
              ? userModes.auto
              : userModes.away,
    supplyFanPct,
    extractFanPct,
    supplyRpm,
    extractRpm,
    supply: { kgS, c: supplyC, ratio: supplyRatio, co2Ppm: outdoorCo2Ppm },
    supplySetpointC,
    seenSupplyC: lag(ahu.seenSupplyC, supplyC + 8 * fault('supply-sensor-drift') + 0.1 * input.random.normal(), {
      dtS,
      tauS: 20,
    }),
    extractC: lag(ahu.extractC, back.c, { dtS, tauS: 60 }),
    extractRh: lag(ahu.extractRh, back.rh, { dtS, tauS: 60 }),
    outdoorC: weather.outdoorC,
    frostC,
    elementC,
    heaterPct,
    coolerPct,
    exchangerPct,
    coolerValvePct,
    heaterValvePct,
    integral,
    filterLeftS: fault('filter-change') > 0 ? filterLifeS : Math.max(0, ahu.filterLeftS - (supplyFanPct > 5 ? dtS : 0)),
    chilledW: cooled.heatW,
    hotW: heated.heatW,
    powerW: (feeder.powered ? 150 : 0) + fansW + extractW + electricW,
  };
}

function valve(beforePct: number, wantedPct: number, { dtS, stuck }: { dtS: number; stuck: boolean }): number {
  if (stuck) return beforePct;
  const reach = (100 / valveTravelS) * dtS;
  return beforePct + clamp(wantedPct - beforePct, -reach, reach);
}
