import type { SiteModel, SuppressionGroup } from '@plantroom/contracts';
import type { EquipmentClass } from '@plantroom/device-profiles';
import { suppressionGroup } from '../domain/definitions.ts';
import { siteAlarm } from './site-alarm.ts';

/** What a site changes about the suppression groups of its classes, by alarm id. */
export interface SiteGroups {
  add: ReadonlyMap<string, readonly SuppressionGroup[]>;
  /** Alarms that suppress nothing of what their class says. */
  removed: ReadonlySet<string>;
}

export function siteGroups({ site, suppression }: SiteModel): SiteGroups {
  const add = new Map<string, SuppressionGroup[]>();
  for (const { alarm, ...group } of suppression?.add ?? []) {
    const id = `${site}/${alarm}`;
    add.set(id, [...(add.get(id) ?? []), suppressionGroup(group)]);
  }
  return { add, removed: new Set((suppression?.remove ?? []).map(({ alarm }) => `${site}/${alarm}`)) };
}

/** Alarms that the file names and no equipment of the site has, each with its path and what there is. */
export function* suppressionProblems(
  model: SiteModel,
  classes: ReadonlyMap<string, EquipmentClass>,
): Generator<{ path: string; message: string }> {
  for (const kind of ['add', 'remove'] as const) {
    for (const [at, { alarm }] of (model.suppression?.[kind] ?? []).entries()) {
      const found = siteAlarm(model, classes, alarm);
      if ('problem' in found) yield { path: `/suppression/${kind}/${at}/alarm`, message: found.problem };
    }
  }
}
