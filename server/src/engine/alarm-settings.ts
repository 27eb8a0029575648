import type { AlarmDefinition, AlarmSetting } from '@plantroom/contracts';
import { raisedToLifeSafety } from '../domain/alarms/life-safety.ts';
import { overridden } from '../domain/alarms/overrides.ts';
import { equipmentDefinitions } from '../domain/definitions.ts';
import type { StoredLimit } from '../repositories/alarm-repository.ts';
import type { StoredOverride } from '../repositories/override-repository.ts';
import type { SiteGroups } from '../site/site-suppression.ts';
import type { ServerCatalog } from './catalog.ts';
import type { Plant } from './plant.ts';

/** What a site has set about alarms, laid over those of the classes: limits of points first, then overrides. */
export class AlarmSettings {
  readonly #plant: Plant;
  readonly #catalog: ServerCatalog;
  readonly #limits = new Map<string, StoredLimit[]>();
  readonly #overrides = new Map<string, StoredOverride[]>();
  #groups: SiteGroups = { add: new Map(), removed: new Set() };
  #lifeSafety: ReadonlySet<string> = new Set();

  constructor(plant: Plant, catalog: ServerCatalog) {
    this.#plant = plant;
    this.#catalog = catalog;
  }

  /** Groups of sites, laid over all else. */
  setGroups(groups: SiteGroups): void {
    this.#groups = groups;
  }

  /** Ids of alarms that are about life at their site, though their class does not say so. */
  setLifeSafety(alarms: ReadonlySet<string>): void {
    this.#lifeSafety = alarms;
  }

  restore(limits: readonly StoredLimit[], overrides: readonly StoredOverride[]): void {
    for (const stored of limits) {
      const equipment = stored.point.split('/').slice(0, 2).join('/');
      this.#limits.set(equipment, [...this.limitsOf(equipment), stored]);
    }
    for (const stored of overrides)
      this.#overrides.set(stored.equipment, [...this.overridesOf(stored.equipment), stored]);
  }

  limitsOf(equipment: string): readonly StoredLimit[] {
    return this.#limits.get(equipment) ?? [];
  }

  replaceLimits(equipment: string, limits: readonly StoredLimit[]): void {
    this.#limits.set(equipment, [...limits]);
  }

  overridesOf(equipment: string): readonly StoredOverride[] {
    return this.#overrides.get(equipment) ?? [];
  }

  replaceOverrides(equipment: string, overrides: readonly StoredOverride[]): void {
    this.#overrides.set(equipment, [...overrides]);
  }

  /** Also those that are disabled. */
  definitionsOf(equipment: string): AlarmDefinition[] {
    const bases = this.basesOf(equipment);
    const definitions = [...bases];
    for (const stored of this.overridesOf(equipment)) {
      const at = definitions.findIndex(({ id }) => id === stored.id);
      const made = overridden(stored, definitions[at]);
      if (made === null) continue;
      if (at === -1) definitions.push(made);
      else definitions[at] = made;
    }
    return definitions.map((definition) =>
      this.#raised(
        this.#grouped(definition),
        bases.find(({ id }) => id === definition.id),
      ),
    );
  }

  #raised(definition: AlarmDefinition, base?: AlarmDefinition): AlarmDefinition {
    return this.#lifeSafety.has(definition.id) ? raisedToLifeSafety(definition, base) : definition;
  }

  #grouped(definition: AlarmDefinition): AlarmDefinition {
    const { add, removed } = this.#groups;
    const [more = [], isRemoved] = [add.get(definition.id), removed.has(definition.id)];
    if (more.length === 0 && !isRemoved) return definition;
    const { suppresses = [], ...rest } = definition;
    const groups = [...(isRemoved ? [] : suppresses), ...more];
    return groups.length === 0 ? rest : { ...rest, suppresses: groups };
  }

  /** Without the overrides. */
  basesOf(equipment: string): AlarmDefinition[] {
    return equipmentDefinitions({ id: equipment, class: this.classOf(equipment) }, this.limitsOf(equipment)).map(
      (definition) => this.#raised(definition),
    );
  }

  classOf(equipment: string) {
    const place = this.#plant.equipment.get(equipment);
    return place === undefined ? undefined : this.#catalog.classes.get(place.class);
  }

  /** Each alarm of an equipment that a point delivers or the site has set, beside what its class says. */
  listOf(equipment: string): AlarmSetting[] {
    const defaults = new Map(
      equipmentDefinitions({ id: equipment, class: this.classOf(equipment) }, []).map((d) => [d.id, d]),
    );
    const overrides = new Map(this.overridesOf(equipment).map((stored) => [stored.id, stored]));
    return this.definitionsOf(equipment)
      .filter(({ id, source, origin }) => origin === 'site' || overrides.has(id) || this.#plant.points.has(source))
      .map((inForce): AlarmSetting => {
        const classDefault = defaults.get(inForce.id) ?? null;
        const stored = overrides.get(inForce.id);
        const limit = this.#limitOf(equipment, inForce);
        return {
          mark: markOf(inForce, classDefault),
          inForce,
          classDefault,
          override: stored?.override ?? null,
          changed:
            stored !== undefined
              ? { by: stored.by, atMs: stored.atMs, reason: stored.override.reason }
              : limit === undefined
                ? null
                : { by: limit.by, atMs: limit.atMs, reason: limit.limit.reason },
        };
      });
  }

  #limitOf(equipment: string, { source, condition }: AlarmDefinition): StoredLimit | undefined {
    if (condition.type !== 'limit') return undefined;
    return this.limitsOf(equipment).find(({ point, limit }) => point === source && limit.kind === condition.kind);
  }
}

function markOf(inForce: AlarmDefinition, classDefault: AlarmDefinition | null): AlarmSetting['mark'] {
  if (!inForce.enabled) return 'disabled';
  if (classDefault === null) return 'added';
  return inForce.origin === 'site' ? 'overridden' : 'default';
}
