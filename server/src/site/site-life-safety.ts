import type { SiteModel } from '@plantroom/contracts';
import { type EquipmentClass, parseDuration } from '@plantroom/device-profiles';
import { lifeSafetyDelayMs } from '../domain/alarms/life-safety.ts';
import { siteAlarm } from './site-alarm.ts';

/** Ids of the alarms that are about life at this site, though their class cannot know it: water in a switch room. */
export function siteLifeSafety({ site, lifeSafety }: Pick<SiteModel, 'site' | 'lifeSafety'>): ReadonlySet<string> {
  return new Set((lifeSafety ?? []).map((alarm) => `${site}/${alarm}`));
}

/** What of it cannot be so, each with its path and what is allowed. */
export function* lifeSafetyProblems(
  model: SiteModel,
  classes: ReadonlyMap<string, EquipmentClass>,
): Generator<{ path: string; message: string }> {
  for (const [at, alarm] of (model.lifeSafety ?? []).entries()) {
    const path = `/lifeSafety/${at}`;
    const found = siteAlarm(model, classes, alarm);
    if ('problem' in found) yield { path, message: found.problem };
    else if (found.lifeSafety === true)
      yield { path, message: `"${alarm}" is of life safety by its class; take it out here` };
    else if (parseDuration(found.onDelay) > lifeSafetyDelayMs)
      yield {
        path,
        message: `"${alarm}" waits for ${found.onDelay} by its class; life safety waits ${lifeSafetyDelayMs / 1000}s at most`,
      };
  }
}
