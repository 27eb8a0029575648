import type { EquipmentPart } from '../faults/fault-spec.ts';
import type { BuildingSpec } from './building-spec.ts';
import type { ModuleSpec } from './fire/module.ts';

/** What each equipment is or has that others of its class are not or have not, by equipment id. */
export function partsOf({ power, water, drainage, air, fire }: BuildingSpec): Map<string, Set<EquipmentPart>> {
  const parts = new Map<string, Set<EquipmentPart>>();
  const has = (part: EquipmentPart, ids: readonly string[]): void => {
    for (const id of ids) parts.set(id, new Set([...(parts.get(id) ?? []), part]));
  };
  const heatedBy = (kind: 'electric' | 'water'): string[] =>
    air.ahus.filter(({ heater }) => heater.kind === kind).map(({ id }) => id);
  has('incomer', [power.incomer]);
  has(
    'feeder',
    power.feeders.map(({ id }) => id),
  );
  has('booster pump', water.pumps);
  has('sump pump', drainage.pumps);
  has(
    'fresh-air unit',
    air.ahus.map(({ id }) => id),
  );
  has('electric heater', heatedBy('electric'));
  has('water heater', heatedBy('water'));
  has(
    'damper',
    air.mixingUnits.map(({ actuators }) => actuators.outdoorDamper),
  );
  const watchedBy = (kind: ModuleSpec['kind']): string[] =>
    fire.modules.filter((module) => module.kind === kind).map(({ of }) => of);
  has('sprinklers', watchedBy('flow-switch'));
  has('carbon monoxide detector', watchedBy('co-detector'));
  return parts;
}
