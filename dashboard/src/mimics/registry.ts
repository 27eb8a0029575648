import { AhuMimic } from './ahu.tsx';
import { BoosterPumpSetMimic } from './booster-pump-set.tsx';
import { ElevatorMimic } from './elevator.tsx';
import { FireMimic } from './fire-zone.tsx';
import { GenericMimic } from './generic.tsx';
import { PowerMimic } from './power.tsx';
import { TankMimic } from './tank.tsx';
import type { Mimic } from './unit.ts';

const byName: Record<string, Mimic> = {
  ahu: AhuMimic,
  'booster-pump-set': BoosterPumpSetMimic,
  pump: BoosterPumpSetMimic,
  elevator: ElevatorMimic,
  'fire-panel': FireMimic,
  'fire-zone': FireMimic,
  'power-meter': PowerMimic,
  switchboard: PowerMimic,
  transformer: PowerMimic,
  sump: TankMimic,
  tank: TankMimic,
};

/** The drawing that the class names; a class without one gets the faceplate. */
export function mimicFor(equipment: { class: string; mimic: string | null }): Mimic {
  return byName[equipment.mimic ?? ''] ?? byName[equipment.class] ?? GenericMimic;
}
