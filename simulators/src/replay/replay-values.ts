import { PlantroomError, toBase } from '@plantroom/contracts';
import type { Catalog, DeviceProfile } from '@plantroom/device-profiles';
import type { ReaderOf, ServedDevice } from '../wire/device/served-device.ts';
import type { Player } from './player.ts';

export const replayEquipment = 'replayed';

/** The profile's device with its one role; throws REPLAY_INVALID for a profile that serves several. */
export function replayDevice(
  profile: DeviceProfile,
  options: { unitId: number; parameters: Readonly<Record<string, string>> },
): ServedDevice {
  const roles = Object.keys(profile.serves);
  if (roles[0] === undefined || roles.length > 1)
    throw new PlantroomError(
      'REPLAY_INVALID',
      `profile ${profile.profile} serves ${roles.length} roles (${roles.join(', ')}); a recording is played through a device with one`,
    );
  const serves = [{ role: roles[0], equipment: replayEquipment, parameters: {} }];
  return { id: 'replay', profile, unitId: options.unitId, parameters: options.parameters, serves };
}

/** Recorded numbers are in the unit that the device delivers, or in the class point's base unit, which the encoder wants. */
export function replayValues(
  profile: DeviceProfile,
  catalog: Catalog,
  player: Player,
  units: 'device' | 'class' = 'device',
): ReaderOf {
  return (_, name) => {
    const point = profile.points.find((p) => p.point === name);
    if (point === undefined) return () => undefined;
    const role = point.role ?? Object.keys(profile.serves)[0] ?? '';
    const ofClass = catalog.classes.get(profile.serves[role]?.class ?? '')?.points[name];
    return () => {
      const recorded = player.value(name);
      if (recorded === undefined || recorded === null) return recorded;
      if (ofClass?.kind === 'boolean') return recorded !== 0;
      if (units === 'class') return recorded;
      return point.unit === undefined || point.unit === ofClass?.unit ? recorded : toBase(recorded, point.unit);
    };
  };
}
