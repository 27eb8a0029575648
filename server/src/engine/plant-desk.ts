import type { SiteModel } from '@plantroom/contracts';
import type { Database } from '../repositories/database.ts';
import { savePlant } from '../repositories/plant-repository.ts';
import { siteInterlocks } from '../site/site-interlocks.ts';
import { siteLifeSafety } from '../site/site-life-safety.ts';
import { siteGroups } from '../site/site-suppression.ts';
import type { AlarmSettings } from './alarm-settings.ts';
import type { CommandContext, Committer } from './committer.ts';
import { evaluateLink } from './connections.ts';
import type { LinkInput } from './engine-input.ts';
import { evaluateChanges, isAnyChange } from './evaluate-changes.ts';
import type { RuleSources } from './evaluate-input.ts';
import type { LinkAlarms } from './link-alarms.ts';
import type { PlantPatch } from './plant.ts';
import { pointFinder, type Reach, reachOf, toDefine } from './point-paths.ts';
import { isEmptyPatch, linkPatch, sitePatch } from './registration.ts';
import type { RuleBookChange } from './rule-book.ts';

export interface PlantDeskOptions {
  database: Database;
  committer: Committer;
  settings: AlarmSettings;
  links: LinkAlarms;
  sources: RuleSources;
  watermarkOf: (gateway: string) => number | null;
}

/** What changes the plant, by the field or by people: it is written first, then taken over, then the alarms about it are defined. */
export class PlantDesk {
  readonly #options: PlantDeskOptions;
  readonly #reaches = new Map<string, Reach>();

  constructor(options: PlantDeskOptions) {
    this.#options = options;
  }

  defineEquipment(equipment: string): RuleBookChange {
    const { settings, sources } = this.#options;
    const definitions = settings.definitionsOf(equipment);
    const reach = reachOf(definitions);
    if (reach === null) this.#reaches.delete(equipment);
    else this.#reaches.set(equipment, reach);
    return sources.book.define(equipment, definitions, pointFinder(sources.plant, equipment));
  }

  /** For commands, inside their transaction. */
  async importSite(context: CommandContext, model: SiteModel): Promise<void> {
    const { settings, sources } = this.#options;
    settings.setGroups(siteGroups(model));
    settings.setLifeSafety(siteLifeSafety(model));
    sources.plant.setInterlocks(siteInterlocks(model));
    // At once: what they suppress must not be let go when this command is settled.
    const changes = [...sources.plant.equipment.keys()].map((id) => this.defineEquipment(id));
    context.afterCommit(() => changes);
    await this.change(context, sitePatch(sources.plant, model));
  }

  /** For commands, inside their transaction. */
  async change(context: CommandContext, patch: PlantPatch): Promise<void> {
    await savePlant(context.db, patch);
    context.afterCommit(() => this.#takeOver(patch));
  }

  /** Gateways and devices coming and going: the plant first, then the alarms about the link. */
  async link(input: LinkInput): Promise<void> {
    const { committer, database, sources } = this.#options;
    let patch: PlantPatch;
    try {
      patch = linkPatch(sources.plant, input);
    } catch (error) {
      committer.refuse(error);
      return;
    }
    if (!isEmptyPatch(patch)) {
      await committer.retrying(() => database.db.transaction().execute((db) => savePlant(db, patch)));
    }
    const changes = this.#takeOver(patch);
    await this.settleDefinitions(changes);
    await committer.commit((work) => evaluateLink(work, input, sources));
  }

  /** Tells alarms that their definition is another now, and looks at the value under the new one. */
  async settleDefinitions(changes: readonly RuleBookChange[]): Promise<void> {
    if (!isAnyChange(changes)) return;
    const { committer, links, sources, watermarkOf } = this.#options;
    const all = [...changes, ...links.follow(changes)];
    await committer.commit((work) => evaluateChanges(work, all, { ...sources, watermarkOf }));
  }

  #takeOver(patch: PlantPatch): RuleBookChange[] {
    const { committer, links, sources } = this.#options;
    const { plant } = sources;
    const { gateways = [], devices = [] } = patch;
    const moved = devices.flatMap(({ id }) => plant.devices.get(id) ?? []);
    plant.apply(patch);
    const changes = [
      ...[...toDefine(plant, patch, this.#reaches)].map((id) => this.defineEquipment(id)),
      ...links.change(patch, moved),
    ];
    if (gateways.length + devices.length > 0) {
      committer.emit({ alarms: [], announced: [], workOrders: [], testModes: [], floods: [], gateways, devices });
    }
    return changes;
  }
}
