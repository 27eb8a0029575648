import type { EquipmentClass } from './class-schema.ts';

/** Whether anything of this class may ever be written: never elevators and fire, whatever profile, binding or operator says. */
export function mayBeWritten({ readOnly, system }: Pick<EquipmentClass, 'readOnly' | 'system'>): boolean {
  return readOnly !== true && system !== 'elevators' && system !== 'fire';
}
