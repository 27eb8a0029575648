import { type Air, airPowerW, newAir, stepAir } from './air/air.ts';
import type { BuildingSpec } from './building-spec.ts';
import { type Drainage, drainagePowerW, floorDepthM, newDrainage, stepDrainage } from './drainage/drainage.ts';
import { type Leaks, newLeaks, stepLeaks } from './drainage/leaks.ts';
import { type ElevatorGroup, meterGroup, newElevatorGroup, stepElevatorGroup } from './elevator/group.ts';
import { type Fire, newFire, stepFire } from './fire/fire.ts';
import { type Gas, newGas, stepGas } from './gas/gas.ts';
import { newPower, type Power, stepPower } from './power/power.ts';
import type { Tick } from './tick.ts';
import { boosterPowerW, newWater, stepWater, type Water } from './water/water.ts';

/** The whole state of the model; plain data, so that it is the snapshot as well. */
export interface Building {
  version: 1;
  seed: number;
  /** UTC ms of the last step. */
  timeMs: number;
  elevators: ElevatorGroup;
  water: Water;
  power: Power;
  fire: Fire;
  air: Air;
  drainage: Drainage;
  leaks: Leaks;
  gas: Gas;
}

export function newBuilding(spec: BuildingSpec, seed: number, nowMs: number): Building {
  return {
    version: 1,
    seed,
    timeMs: nowMs,
    elevators: newElevatorGroup(spec.elevators, seed),
    water: newWater(spec.water, seed),
    power: newPower(spec.power, seed),
    fire: newFire(spec.fire),
    air: newAir(spec.air, seed),
    drainage: newDrainage(spec.drainage, seed),
    leaks: newLeaks(spec.leaks),
    gas: newGas(spec.gas, seed),
  };
}

/** Cars move in short steps; everything else follows in `stepSlow`. */
export function stepMotion(building: Building, tick: Tick): Building {
  return { ...building, timeMs: tick.nowMs, elevators: stepElevatorGroup(building.elevators, tick) };
}

/** Pure: water, air and fire first, then the power that they and the cars take. */
export function stepSlow(building: Building, spec: BuildingSpec, tick: Tick): Building {
  const water = stepWater(building.water, spec.water, tick);
  const drainage = stepDrainage(building.drainage, spec.drainage, {
    tick,
    inflow: {
      gutterM3h: water.tank.overflowM3h + water.tank.drainM3h,
      floorM3h: water.spillM3h,
      roomC: water.roomC,
    },
  });
  const air = stepAir(building.air, spec.air, tick);
  const elevators = meterGroup(building.elevators, tick.dtS);
  const loads = {
    elevatorsW: elevators.powerW,
    pumpsW: boosterPowerW(water) + drainagePowerW(drainage),
    hvacW: airPowerW(air),
    fireW: building.fire.emergencyW,
  };
  return {
    ...building,
    timeMs: tick.nowMs,
    elevators: elevators.group,
    water,
    air,
    power: stepPower(building.power, spec.power, { loads, tick }),
    fire: stepFire(building.fire, spec.fire, tick),
    drainage,
    leaks: stepLeaks(building.leaks, tick, { sensor: spec.drainage.floorSensor, depthM: floorDepthM(drainage) }),
    gas: stepGas(building.gas, tick),
  };
}
