import type { BornPoint } from '../ingest/ingest.ts';

export const dischargePressure = 'hq/booster-1/discharge-pressure';

/** The same name in both languages, as YAML. */
export const yamlName = (text: string): string => `{ zh: ${text}, en: ${text} }`;

/** The site file of `hq` with one booster set; `more`: further equipment, or other parts of the file, as lines of YAML. */
export const boosterSite = (equipmentName: string, more = ''): string => `
site: hq
name: ${yamlName('HQ')}
timeZone: Asia/Shanghai
spaces:
  - { id: b1, kind: building, name: ${yamlName('B1')} }
equipment:
  - { id: booster-1, class: booster-pump-set, name: ${yamlName(equipmentName)}, space: b1 }
${more}`;

/** A point as a birth tells it: of the live lane, silent after three seconds. */
export const bornPoint = (point: string, equipmentClass: string, unit: BornPoint['unit'] = null): BornPoint => ({
  point,
  class: equipmentClass,
  profile: 'acme/b',
  unit,
  lane: 'live',
  silenceMs: 3_000,
});
