import { lag } from '../tick.ts';
import type { Step } from './step.ts';

/** The machine room on the roof. Plain data. */
export interface MachineRoom {
  temperatureC: number;
  fan: boolean;
  cooler: boolean;
  energyKwh: number;
  /** Heat of the machines since the last second, J. */
  heatJ: number;
}

/** Heat through walls and roof, and what the fan carries out, W/K; what air and equipment store, J/K. */
const wallsWk = 110;
const fanWk = 900;
const storeJk = 1_500_000;
const coolerW = 3500;
const fanPowerW = 180;
const coolerPowerW = 1200;
/** 5 to 40 °C are allowed (GB/T 7588.1); the fan comes first, the cooler where outdoor air no longer helps. */
const fanOnC = 29;
const fanOffC = 26;
const coolerOnC = 33;
const coolerOffC = 30;

export function newMachineRoom(energyKwh: number): MachineRoom {
  return { temperatureC: 27, fan: false, cooler: false, energyKwh, heatJ: 0 };
}

/** Once a second. */
export function stepRoom(step: Step, dtS: number): void {
  const { group, tick, supplyMean } = step;
  const room = { ...group.room };
  const { outdoorC } = tick.around;
  let broken = 0;
  for (const { condition } of group.cars) broken = Math.max(broken, condition.roomCooling);
  const isLive = supplyMean > 0.8;
  const isFanOn = room.fan ? room.temperatureC > fanOffC : room.temperatureC > fanOnC;
  room.fan = isLive && broken < 0.5 && isFanOn && outdoorC < room.temperatureC;
  room.cooler = isLive && broken === 0 && room.temperatureC > (room.cooler ? coolerOffC : coolerOnC);
  const conductance = wallsWk + (room.fan ? fanWk : 0);
  const gainW = room.heatJ / dtS - (room.cooler ? coolerW : 0);
  room.temperatureC = lag(room.temperatureC, outdoorC + gainW / conductance, { dtS, tauS: storeJk / conductance });
  room.energyKwh += (((room.fan ? fanPowerW : 0) + (room.cooler ? coolerPowerW : 0)) * dtS) / 3_600_000;
  room.heatJ = 0;
  group.room = room;
}
