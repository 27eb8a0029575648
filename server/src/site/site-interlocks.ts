import type { SiteModel } from '@plantroom/contracts';

/** Equipment → what switches it by an interlock; full ids. */
export function siteInterlocks({ site, interlocks }: Pick<SiteModel, 'site' | 'interlocks'>): Map<string, string[]> {
  const found = new Map<string, string[]>();
  for (const { by, equipment } of interlocks ?? [])
    for (const one of equipment) {
      const id = `${site}/${one}`;
      found.set(id, [...(found.get(id) ?? []), `${site}/${by}`]);
    }
  return found;
}
