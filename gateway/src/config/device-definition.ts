import { createHash } from 'node:crypto';
import type { Catalog } from '@plantroom/device-profiles';
import { canonicalJson } from '../canonical.ts';
import type { DeviceConfig } from './gateway-config.ts';

/**
 * Everything that a device's bindings, periods and limits follow from: its entry in the file, its profile, the points of the classes that it
 * serves. Two readings of the configuration that give the same definition give the same device, although its functions are other objects.
 */
export function deviceDefinition(config: DeviceConfig, { classes, profiles }: Catalog): string {
  const profile = profiles.get(config.profile);
  const served = Object.values(profile?.serves ?? {}).map((role) => {
    const { points, readOnly, system } = classes.get(role.class) ?? {};
    return { class: role.class, points, readOnly, system };
  });
  return createHash('sha256').update(canonicalJson({ config, profile, served })).digest('base64');
}
