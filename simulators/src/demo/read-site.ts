import { SiteModel } from '@plantroom/contracts';
import { readYaml } from '../read-yaml.ts';

/** Throws DEMO_INVALID with everything that is wrong. */
export function readSite(file: string): SiteModel {
  return readYaml(file, SiteModel, 'DEMO_INVALID').data;
}
