import Type, { type Static } from 'typebox';
import { LocalText } from './local-text.ts';
import { closed, literals, Slug } from './schema.ts';
import { systems } from './systems.ts';

/** As in the site file; equipment by its id there. */
export const SitePosition = Type.Object(
  {
    id: Slug,
    name: LocalText,
    systems: Type.Optional(Type.Array(literals(systems))),
    /** Goes before its system. */
    equipment: Type.Optional(Type.Array(Slug)),
  },
  closed,
);
export type SitePosition = Static<typeof SitePosition>;

const ClockTime = Type.String({
  pattern: '^([01]\\d|2[0-3]):[0-5]\\d$',
  description: 'HH:MM on the clock of the site',
});

/** Follows on the one before it; together they make a day. */
export const Shift = Type.Object({ id: Slug, name: LocalText, from: ClockTime, to: ClockTime }, closed);
export type Shift = Static<typeof Shift>;

export const ShiftQuery = Type.Object({ site: Type.String() }, closed);
