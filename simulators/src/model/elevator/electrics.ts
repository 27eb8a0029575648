import { lag } from '../tick.ts';
import { type Car, machineOf } from './car.ts';
import { balance, gravityMs2, machines, ratedForceN } from './machine.ts';
import type { Step } from './step.ts';

/** Controller and drive at rest; light and fan of the car; coil of the lifted brake; door motor. */
const controllerW = 120;
const lightW = 180;
const brakeCoilW = 160;
const doorMotorW = 220;
/** Light and fan go out when nobody has called for so long. */
export const savingAfterS = 300;
const motorEfficiency = 0.86;
/** Share of what passes the drive that becomes heat in it, and what it makes at rest and by switching. */
const driveLoss = 0.045;
const driveRestW = 45;
const driveSwitchingW = 80;
/** Heatsink: K/W with a clean duct, and J/K. */
const heatsinkKw = 0.065;
const heatsinkJk = 6500;
const coolingLost = 5;
const motorTauS = 400;
/** 1.35 of 398 V between the phases at 230 V. */
const busAtNominalV = 538;
/** The chopper holds the bus here while the motor brakes. */
const chopperV = 700;
const dragN = 5000;
const guideN = 3500;
const forceOf = { passenger: ratedForceN(machines.passenger), goods: ratedForceN(machines.goods) } as const;

/** Power, current, bus voltage, heat and counters of a step. Returns the heat that it leaves in the machine room, J. */
export function electrics(car: Car, { dtS, supplyMean }: Step, roomC: number): number {
  const machine = machineOf(car);
  const isLive = supplyMean > 0.3;
  const runs = car.phase === 'moving' && car.velocityMs !== 0;
  const sign = Math.sign(car.velocityMs);
  let motorW = 0;
  let backW = 0;
  let share = 0;
  if (runs) {
    const { brakeDrag, guideFriction } = car.condition;
    const friction = machine.frictionN + dragN * brakeDrag + guideN * guideFriction;
    const unbalanceN = (car.loadKg - balance * machine.ratedLoadKg) * gravityMs2;
    const massKg = machine.movingMassKg + car.loadKg;
    const forceN = unbalanceN + massKg * car.accelerationMs2 + friction * sign;
    const shaftW = forceN * car.velocityMs;
    motorW = shaftW > 0 ? shaftW / motorEfficiency : 0;
    backW = shaftW < 0 ? -shaftW * motorEfficiency : 0;
    share = Math.abs(forceN) / forceOf[car.kind];
  }
  const throughW = motorW + backW;
  const lossW = driveRestW + (runs ? driveSwitchingW + driveLoss * throughW : 0);
  const isDark = car.phase === 'idle' && car.phaseS > savingAfterS && car.riders.length === 0;
  const doorW = car.phase === 'opening' || car.phase === 'closing' ? doorMotorW : 0;
  const runW = runs ? brakeCoilW + motorW * (1 + driveLoss) + driveSwitchingW : 0;
  car.powerW = isLive ? controllerW + (isDark ? 0 : lightW) + doorW + runW : 0;
  car.energyKwh += (car.powerW * dtS) / 3_600_000;
  car.brakedKwh += (backW * dtS) / 3_600_000;
  car.currentA = runs ? machine.ratedCurrentA * Math.max(0.12, share) : 0;
  const restV = busAtNominalV * supplyMean - motorW / 1200;
  const braking = Math.min(1, backW / 900);
  // Without its resistor nothing stops the rise.
  car.busV = restV + (car.condition.resistorOpen > 0 ? backW / 8 : (chopperV - restV) * braking);
  const resistance = heatsinkKw * (1 + coolingLost * car.condition.coolingBlocked);
  car.heatsinkC = lag(car.heatsinkC, roomC + (isLive ? lossW * resistance : 0), {
    dtS,
    tauS: resistance * heatsinkJk,
  });
  car.motorHeat = lag(car.motorHeat, share * share, { dtS, tauS: motorTauS });
  if (runs) car.runS += dtS;
  return (lossW + backW + motorW * (1 - motorEfficiency)) * dtS;
}
