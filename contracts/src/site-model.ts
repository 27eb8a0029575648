import Type, { type Static } from 'typebox';
import { LocalText } from './local-text.ts';
import { closed, literals, Slug } from './schema.ts';

/** The site file (YAML): Site → Space → Equipment with parent and dependsOn edges. Imported at start, idempotent by id. */
export const spaceKinds = ['building', 'floor', 'room', 'outdoor'] as const;

export const SiteModel = Type.Object(
  {
    site: Slug,
    name: LocalText,
    /** IANA zone of the building's clock; chart axes use it. */
    timeZone: Type.String({ minLength: 1 }),
    spaces: Type.Array(
      Type.Object({ id: Slug, kind: literals(spaceKinds), name: LocalText, parent: Type.Optional(Slug) }, closed),
    ),
    equipment: Type.Array(
      Type.Object(
        {
          id: Slug,
          class: Slug,
          name: LocalText,
          space: Slug,
          /** Part of: a pump of a set, a zone of an AHU or panel. */
          parent: Type.Optional(Slug),
          /** Fed by / served by: suppression and root cause follow these edges. */
          dependsOn: Type.Optional(Type.Array(Slug)),
        },
        closed,
      ),
    ),
  },
  closed,
);
export type SiteModel = Static<typeof SiteModel>;
