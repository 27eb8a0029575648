import type { AlarmDefinition } from '@plantroom/contracts';
import { equipmentDefinitions } from '../domain/definitions.ts';
import type { StoredLimit } from '../repositories/alarm-repository.ts';
import type { ServerCatalog } from './catalog.ts';
import type { Plant } from './plant.ts';

/** What a site has set about alarms, laid over those of the classes. */
export class AlarmSettings {
  readonly #plant: Plant;
  readonly #catalog: ServerCatalog;
  readonly #limits = new Map<string, StoredLimit[]>();

  constructor(plant: Plant, catalog: ServerCatalog) {
    this.#plant = plant;
    this.#catalog = catalog;
  }

  restore(limits: readonly StoredLimit[]): void {
    for (const stored of limits) {
      const equipment = stored.point.split('/').slice(0, 2).join('/');
      this.#limits.set(equipment, [...this.limitsOf(equipment), stored]);
    }
  }

  limitsOf(equipment: string): readonly StoredLimit[] {
    return this.#limits.get(equipment) ?? [];
  }

  replaceLimits(equipment: string, limits: readonly StoredLimit[]): void {
    this.#limits.set(equipment, [...limits]);
  }

  /** Also those that are disabled. */
  definitionsOf(equipment: string): AlarmDefinition[] {
    const place = this.#plant.equipment.get(equipment);
    const equipmentClass = place === undefined ? undefined : this.#catalog.classes.get(place.class);
    return equipmentDefinitions({ id: equipment, class: equipmentClass }, this.limitsOf(equipment));
  }
}
