import { pointId, type SiteModel } from '@plantroom/contracts';
import { type ClassAlarm, type EquipmentClass, notAllowed } from '@plantroom/device-profiles';

/** The class alarm that a site file names as `<equipment>/<point>#<rule>`, or why there is none, with what there is. Pure. */
export function siteAlarm(
  { site, equipment }: Pick<SiteModel, 'site' | 'equipment'>,
  classes: ReadonlyMap<string, EquipmentClass>,
  alarm: string,
): ClassAlarm | { problem: string } {
  const [id = ''] = alarm.split('/');
  const item = equipment.find((one) => one.id === id);
  if (item === undefined) {
    const all = equipment.map((one) => one.id);
    return { problem: `${notAllowed(id, 'an equipment of the site;', all)} (of "${alarm}")` };
  }
  const known = new Map(
    Object.entries(classes.get(item.class)?.alarms ?? {}).map(([rule, one]) => [
      `${pointId(site, id, one.point)}#${rule}`.slice(site.length + 1),
      one,
    ]),
  );
  return known.get(alarm) ?? { problem: notAllowed(alarm, `an alarm of ${id};`, [...known.keys()]) };
}
