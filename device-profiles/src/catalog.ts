import type { EquipmentClass } from './class-schema.ts';
import type { DeviceProfile } from './profile-schema.ts';

/** Every class and profile that is sound; what is faulty is left out and named in the problems beside it. */
export interface Catalog {
  /** By class id. */
  classes: ReadonlyMap<string, EquipmentClass>;
  /** By `<vendor>/<model>`. */
  profiles: ReadonlyMap<string, DeviceProfile>;
}
