import Type, { type Static } from 'typebox';
import { LocalText } from './local-text.ts';
import { Count, closed, literals, Nullable, TimeMs } from './schema.ts';
import { systems } from './systems.ts';

/** As ISA-18.2 and EEMUA 191 have it: more than ten within ten minutes, until there were fewer than five. */
export const floodRule = { windowMs: 600_000, beginsAbove: 10, endsBelow: 5 } as const;

const fields = {
  /** Server time of the alarm that was one too many. */
  beganMs: TimeMs,
  /** Annunciated since the first one. */
  alarms: Type.Integer({ minimum: 0 }),
  lifeSafety: Type.Integer({ minimum: 0 }),
  /** Not about life. */
  critical: Type.Integer({ minimum: 0 }),
  /** Within the last ten minutes. */
  rate: Type.Integer({ minimum: 0 }),
  /** The most within ten minutes. */
  peak: Type.Integer({ minimum: 0 }),
  /** The oldest of the alarms that made it a flood. */
  first: Type.Object({ alarm: Type.String(), equipment: Nullable(Type.String()), atMs: TimeMs }, closed),
  /** What is told most, by system; null: gateways and what belongs to none. */
  systems: Type.Array(Type.Object({ system: Nullable(literals(systems)), alarms: Type.Integer() }, closed)),
  /** The five with the most. */
  equipment: Type.Array(Type.Object({ equipment: Nullable(Type.String()), alarms: Type.Integer() }, closed)),
};

/** What the journal says of a flood when it begins and when it ends. */
export const FloodFigures = Type.Object({ position: Type.String(), ...fields }, closed);
export type FloodFigures = Static<typeof FloodFigures>;

/** A flood of alarms at one operating position, by the server's clock: what its operator meets. */
export const PositionFlood = Type.Object(
  {
    id: Type.String(),
    site: Type.String(),
    position: Type.String(),
    /** Of the position. */
    name: LocalText,
    /** Null: it goes on. */
    endedMs: Nullable(TimeMs),
    ...fields,
  },
  closed,
);
export type PositionFlood = Static<typeof PositionFlood>;

/** Those that go on first, then the past ones, newest first; `after` is the former page's `next`. */
export const FloodQuery = Type.Object(
  {
    site: Type.String(),
    /** Left out: all of the site. */
    position: Type.Optional(Type.String()),
    after: Type.Optional(Count),
    limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 200, description: 'past floods a page; left out: 50' })),
  },
  closed,
);
export type FloodQuery = Static<typeof FloodQuery>;
