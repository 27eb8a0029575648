import { lag, type Tick } from '../tick.ts';

/** Diesel engine with tank and starter battery. */
export interface Engine {
  speedRpm: number;
  oilKpa: number;
  oilC: number;
  coolantC: number;
  fuelL: number;
  /** Totals since the model began: tank = start + filled − used − leaked, always. */
  filledL: number;
  usedL: number;
  leakedL: number;
  /** Until the tanker that was ordered comes, s; 0: none is. */
  tankerS: number;
  batteryCharge: number;
  /** How far it has aged; back at 0: it was replaced, and is full. */
  batteryAged: number;
  batteryV: number;
  alternatorV: number;
  runS: number;
  starts: number;
}

export const engineData = {
  tankL: 500,
  /** Willans line: what it takes at speed without load, and for each kWh on top. */
  idleLPerH: 7,
  litresPerKwh: 0.235,
  /** Below it the pump sucks air. */
  unusableL: 10,
  heaterC: 40,
  roomC: 20,
} as const;

const crankRpm = 190;
/** Slower than this it does not fire. */
const firingRpm = 100;
const orderBelow = 0.5;
const fillTo = 0.85;
const tankerAfterS = 4 * 3600;
const fillLPerS = 1;
/** 100 mm hole at the bottom valve is theft, a dripping joint is not: at full severity 4 L/min. */
const leakLPerS = 4 / 60;
const batteryAh = 120;
const standingA = 1;
const crankA = 550;
const batteryOhm = 0.009;
/** With the charger; at rest empty and full. */
const floatV = 27.2;
const emptyV = 23.2;
const fullV = 25.6;

export function newEngine({ starts, runS }: { starts: number; runS: number }): Engine {
  return {
    speedRpm: 0,
    oilKpa: 0,
    oilC: engineData.roomC,
    coolantC: engineData.heaterC,
    fuelL: engineData.tankL * fillTo,
    filledL: 0,
    usedL: 0,
    leakedL: 0,
    tankerS: 0,
    batteryCharge: 1,
    batteryAged: 0,
    batteryV: floatV,
    alternatorV: 0,
    runS,
    starts,
  };
}

export interface EngineInput {
  id: string;
  cranking: boolean;
  fuelOn: boolean;
  loadW: number;
  ratedW: number;
  auxiliarySupply: boolean;
  tick: Tick;
}

export function stepEngine(before: Engine, input: EngineInput): Engine {
  const { id, tick, cranking } = input;
  const { dtS } = tick;
  const atRest = before.speedRpm < 1 && !cranking;
  const battery = stepBattery(before, input);
  const fires = input.fuelOn && before.fuelL > engineData.unusableL && before.speedRpm > firingRpm;
  const share = input.loadW / input.ratedW;
  const target = fires ? 1500 * (1 - governorDroop(id, share, tick)) : cranking ? battery.crankRpm : 0;
  const tauS = fires ? 2 : cranking ? 1.5 : 4;
  const speedRpm = target === 0 && before.speedRpm < 5 ? 0 : lag(before.speedRpm, target, { dtS, tauS });
  const turning = speedRpm / 1500;
  const running = fires && speedRpm > 600;
  const fuel = stepFuel(before, { id, usedL: fires ? burntL(turning, input.loadW, dtS) : 0, tick });
  const blocked = tick.fault(id, 'radiator-blocked');
  const hotC = 80 + 8 * share + blocked * (30 + 40 * share);
  const restC = input.auxiliarySupply ? engineData.heaterC : engineData.roomC;
  const coolantC =
    atRest && Math.abs(before.coolantC - restC) < 0.01
      ? restC
      : lag(before.coolantC, running ? hotC : restC, { dtS, tauS: running ? 240 : 3600 });
  const oilGoal = turning < 0.05 ? 0 : 430 * Math.min(1, turning * 1.05) * (1 - 0.85 * tick.fault(id, 'oil-leak'));
  return {
    ...fuel,
    speedRpm,
    oilKpa: oilGoal === 0 && before.oilKpa < 0.1 ? 0 : lag(before.oilKpa, oilGoal, { dtS, tauS: 1.5 }),
    oilC: lag(before.oilC, running ? coolantC + 8 : engineData.roomC + 2, { dtS, tauS: running ? 400 : 3600 }),
    coolantC,
    batteryCharge: battery.charge,
    batteryAged: battery.aged,
    batteryV: battery.volts,
    alternatorV: running ? 28 : 0,
    runS: before.runS + (running ? dtS : 0),
    starts: before.starts + (running && before.speedRpm <= 600 ? 1 : 0),
  };
}

/** Litres over a step: energy × specific consumption, which falls with the load. */
export function burntL(turning: number, loadW: number, dtS: number): number {
  return ((engineData.idleLPerH * turning + (engineData.litresPerKwh * loadW) / 1000) * dtS) / 3600;
}

/** A weak governor lets the speed sag, the more the more load there is; one that is set too high lets it race. */
function governorDroop(id: string, share: number, tick: Tick): number {
  return tick.fault(id, 'governor-fault') * (0.015 + 0.1 * share) - 0.04 * tick.fault(id, 'governor-set-high');
}

type Fuel = Pick<Engine, 'fuelL' | 'filledL' | 'usedL' | 'leakedL' | 'tankerS'>;

function stepFuel(before: Engine, { id, usedL, tick }: { id: string; usedL: number; tick: Tick }): Fuel {
  const { dtS } = tick;
  const leak = tick.fault(id, 'fuel-leak');
  const leakedL = leak === 0 ? 0 : Math.min(before.fuelL, leak * leakLPerS * dtS);
  const left = Math.max(0, before.fuelL - usedL - leakedL);
  // Nobody fills a tank that leaks.
  const low = left < orderBelow * engineData.tankL && leak === 0;
  const filling = before.tankerS > tankerAfterS && left < fillTo * engineData.tankL && leak === 0;
  const filledL = filling ? fillLPerS * dtS : 0;
  return {
    fuelL: left + filledL,
    filledL: before.filledL + filledL,
    usedL: before.usedL + Math.min(usedL, before.fuelL - leakedL),
    leakedL: before.leakedL + leakedL,
    tankerS: low || filling ? before.tankerS + dtS : 0,
  };
}

function stepBattery(
  before: Engine,
  { id, cranking, auxiliarySupply, tick }: EngineInput,
): { charge: number; aged: number; volts: number; crankRpm: number } {
  const { dtS } = tick;
  const aged = tick.fault(id, 'starter-battery-aged');
  const ah = batteryAh * (1 - 0.97 * aged);
  const charging = before.speedRpm > 600 || (auxiliarySupply && tick.fault(id, 'battery-charger-failed') === 0);
  const amps = cranking ? crankA : charging && before.batteryCharge >= 1 ? 0 : charging ? -8 : standingA;
  const replaced = aged === 0 && before.batteryAged > 0;
  const left = Math.min(1, Math.max(0, before.batteryCharge - (amps * dtS) / 3600 / ah));
  const charge = amps === 0 || replaced ? 1 : left;
  const restV = emptyV + (fullV - emptyV) * charge;
  if (!cranking) {
    const goal = charging ? floatV : restV;
    return {
      charge,
      aged,
      volts: before.batteryV === goal ? goal : lag(before.batteryV, goal, { dtS, tauS: 20 }),
      crankRpm: 0,
    };
  }
  // The current falls with the voltage: half of the crank current's drop at most is felt at the terminals.
  const volts = Math.max(4, restV - batteryOhm * (1 + 3 * aged) * crankA);
  return {
    charge,
    aged,
    volts,
    crankRpm: volts < 11 ? 0 : crankRpm * Math.min(1, volts / 19) * (charge > 0.15 ? 1 : 0),
  };
}
