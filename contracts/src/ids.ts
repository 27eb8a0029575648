import { PlantroomError } from './errors.ts';

/**
 * Ids are lower-case slugs: they are topic segments, tag values and URL parts at once, so nothing in them ever needs escaping.
 * Sparkplug forbids `+ / #` and wants ids unique ignoring case (Sparkplug 3.0, topic-structure-namespace-valid-*).
 */
export const slugPattern = '^[a-z0-9][a-z0-9._-]{0,62}$';
const slug = new RegExp(slugPattern);

export interface PointAddress {
  site: string;
  equipment: string;
  point: string;
}

export function isSlug(text: string): boolean {
  return slug.test(text);
}

/** `<site>/<equipment>/<point>` */
export function pointId(site: string, equipment: string, point: string): string {
  // Joined, it is one flat string; a template would keep a tree of its parts, ten thousand times.
  return [site, equipment, point].join('/');
}

/** `<site>/<equipment>` */
export function equipmentId(site: string, equipment: string): string {
  return `${site}/${equipment}`;
}

export function parsePointId(id: string): PointAddress {
  const [site, equipment, point, ...rest] = id.split('/');
  if (
    site === undefined ||
    equipment === undefined ||
    point === undefined ||
    rest.length > 0 ||
    !isSlug(site) ||
    !isSlug(equipment) ||
    !isSlug(point)
  ) {
    throw new PlantroomError('ID_INVALID', `point id "${id}" is not <site>/<equipment>/<point>, each ${slugPattern}`);
  }
  return { site, equipment, point };
}
