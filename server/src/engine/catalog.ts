import type { EquipmentClass } from '@plantroom/device-profiles';

/** What the server needs of the device-profiles catalogue: classes for meaning; never decode. */
export interface ServerCatalog {
  classes: ReadonlyMap<string, EquipmentClass>;
}
