import type { EquipmentClass } from './class-schema.ts';

/**
 * The classes of fire, gas and elevators by name, for those who have no catalogue at hand or were handed something else than ours: the driver and
 * the command desk of a gateway. A test holds it against the class files.
 */
export const lifeSafetyClasses: ReadonlySet<string> = new Set([
  'aspirating-detector',
  'elevator',
  'fire-panel',
  'fire-zone',
  'gas-detector',
  'smoke-detector',
]);

/** Whether anything of this class may ever be written: never elevators, fire and gas, whatever profile, binding or operator says. */
export function mayBeWritten(of: Pick<EquipmentClass, 'class' | 'readOnly' | 'system'>): boolean {
  return of.readOnly !== true && of.system !== 'elevators' && of.system !== 'fire' && !lifeSafetyClasses.has(of.class);
}
