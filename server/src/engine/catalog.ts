import type { DeviceProfile, EquipmentClass } from '@plantroom/device-profiles';

/** What the server needs of the device-profiles catalogue: classes for meaning, profiles for listing; never decode. */
export interface ServerCatalog {
  classes: ReadonlyMap<string, EquipmentClass>;
  profiles: ReadonlyMap<string, DeviceProfile>;
}
