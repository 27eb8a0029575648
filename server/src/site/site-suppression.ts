import { pointId, type SiteModel, type SuppressionGroup } from '@plantroom/contracts';
import { type EquipmentClass, notAllowed } from '@plantroom/device-profiles';
import { suppressionGroup } from '../domain/definitions.ts';

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
  { site, equipment, suppression }: SiteModel,
  classes: ReadonlyMap<string, EquipmentClass>,
): Generator<{ path: string; message: string }> {
  const classOf = new Map(equipment.map((item) => [item.id, item.class]));
  for (const kind of ['add', 'remove'] as const) {
    for (const [at, { alarm }] of (suppression?.[kind] ?? []).entries()) {
      const path = `/suppression/${kind}/${at}/alarm`;
      const [id = ''] = alarm.split('/');
      const found = classOf.get(id);
      if (found === undefined) {
        yield { path, message: `${notAllowed(id, 'an equipment of the site;', [...classOf.keys()])} (of "${alarm}")` };
        continue;
      }
      const known = Object.entries(classes.get(found)?.alarms ?? {}).map(([rule, { point }]) =>
        `${pointId(site, id, point)}#${rule}`.slice(site.length + 1),
      );
      if (!known.includes(alarm)) yield { path, message: notAllowed(alarm, `an alarm of ${id};`, known) };
    }
  }
}
