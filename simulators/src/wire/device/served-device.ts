import type { PointValue } from '@plantroom/contracts';
import type { DeviceProfile } from '@plantroom/device-profiles';

export type Parameters = Readonly<Record<string, string | number | readonly number[]>>;

export interface Served {
  role: string;
  equipment: string;
  parameters: Parameters;
}

/** A device of the gateway file, resolved: what stands behind one unit id or one topic. */
export interface ServedDevice {
  id: string;
  profile: DeviceProfile;
  unitId: number;
  parameters: Parameters;
  serves: readonly Served[];
}

/** Canonical value of one point now; undefined: the source has none. */
export type ReadPoint = () => PointValue | undefined;

/** How to read a point of an equipment; asked once for each point that a device has. */
export type ReaderOf = (equipment: string, point: string) => ReadPoint;

/** All that is said of an equipment now, by point: the very same object as long as none of it has changed. Undefined: each point has to be asked. */
export type ReadState = () => Readonly<Record<string, PointValue>> | undefined;

/** The equipment that a point of the profile belongs to; more than one for a role that serves many. */
export function servedBy(device: ServedDevice, role: string | undefined): readonly Served[] {
  return role === undefined ? device.serves : device.serves.filter((served) => served.role === role);
}
