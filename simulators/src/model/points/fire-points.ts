import type { Fire } from '../fire/fire.ts';
import type { PointValues } from './point-values.ts';

type State = 'normal' | 'pre-alarm' | 'fire' | 'co' | 'supervisory' | 'fault' | 'disabled';

type Counts = Record<State, number>;

/** How many points of a loop stand in each state. */
function tally({ detectors, modules }: Pick<Fire, 'detectors' | 'modules'>): Counts {
  const counts: Counts = { normal: 0, 'pre-alarm': 0, fire: 0, co: 0, supervisory: 0, fault: 0, disabled: 0 };
  for (const { state } of detectors) counts[state]++;
  for (const { state } of modules) counts[state]++;
  return counts;
}

export function firePanelPoints(fire: Fire): PointValues {
  const { panel } = fire;
  const counts = tally(fire);
  return {
    'fire-count': counts.fire,
    'co-count': counts.co,
    'pre-alarm-count': counts['pre-alarm'],
    'supervisory-count': counts.supervisory,
    'fault-count': counts.fault,
    'disabled-count': counts.disabled,
    'active-count': counts.fire + counts.co + counts.supervisory,
    silenced: panel.silenced,
    'mains-fault': panel.mainsFault,
    'battery-fault': panel.batteryFault,
    'power-fault': panel.mainsFault || panel.batteryFault,
  };
}

export function fireZonePoints({ detectors, modules }: Fire, zone: string): PointValues {
  const ofZone = detectors.filter((detector) => detector.zone === zone);
  const modulesOfZone = modules.filter(({ of }) => of === zone);
  const counts = tally({ detectors: ofZone, modules: modulesOfZone });
  return {
    fire: counts.fire > 0,
    'co-alarm': counts.co > 0,
    'pre-alarm': counts['pre-alarm'] > 0,
    supervisory: counts.supervisory > 0,
    fault: counts.fault > 0,
    disabled: counts.disabled > 0,
    'alarm-count': counts.fire,
    'first-detector': ofZone.find(({ state }) => state === 'fire')?.address ?? 0,
    'first-module': modulesOfZone.find(({ state }) => state === 'fire')?.address ?? 0,
  };
}
