import type { TSchema } from 'typebox';
import { EquipmentClass } from './class-schema.ts';
import { DeviceProfile, VectorFile } from './profile-schema.ts';

const titles = {
  class: 'Plantroom equipment class',
  profile: 'Plantroom device profile',
  vectors: 'Plantroom test vectors of a device profile',
} as const;
const schemas: Record<keyof typeof titles, TSchema> = {
  class: EquipmentClass,
  profile: DeviceProfile,
  vectors: VectorFile,
};

/** `schemas/<name>.schema.json` → text: what an editor needs to check and complete the YAML files. */
export function editorSchemas(): Map<string, string> {
  return new Map(
    Object.entries(titles).map(([name, title]) => {
      const schema = {
        $schema: 'http://json-schema.org/draft-07/schema#',
        title,
        ...schemas[name as keyof typeof titles],
      };
      return [`${name}.schema.json`, `${JSON.stringify(schema, null, 2)}\n`];
    }),
  );
}
