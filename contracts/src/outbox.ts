import Type, { type Static } from 'typebox';
import { closed, literals, Nullable, TimeMs } from './schema.ts';

/**
 * Why readings are missing. `thinned`: the outbox was full, one reading per point and minute is left; `dropped`: it was full and there was
 * nothing left to thin; `outdated`: older than the age bound; `damaged`: the file could not be read back; `not-stored`: the disk took nothing
 * and memory was full.
 */
export const holeReasons = ['thinned', 'dropped', 'outdated', 'damaged', 'not-stored'] as const;
export type HoleReason = (typeof holeReasons)[number];

/** The uplink by which our gateways write history; holes that it is not named in are none in a chart. */
export const historyUplink = 'line-protocol';

/** What a gateway has read and can no longer send: any of its points of that lane, between these wire times. */
export const OutboxHole = Type.Object(
  {
    lane: literals(['safety', 'live']),
    /** Outbox positions, the second exclusive; with lane and reason they identify the hole, which may grow. */
    first: Type.Integer({ minimum: 0 }),
    next: Type.Integer({ minimum: 0 }),
    fromMs: TimeMs,
    toMs: TimeMs,
    /** Readings lost; null: the file that knew is lost too. */
    count: Nullable(Type.Integer({ minimum: 0 })),
    reason: literals(holeReasons),
    /** Uplinks that had not sent them all. */
    uplinks: Type.Array(Type.String({ maxLength: 100 }), { maxItems: 20 }),
    recordedMs: TimeMs,
  },
  closed,
);
export type OutboxHole = Static<typeof OutboxHole>;

/** `Plantroom/Outbox`: state of a gateway's outbox, as JSON, in the birth and whenever holes or `refusing` have changed. */
export const OutboxReport = Type.Object(
  {
    bytes: Type.Integer({ minimum: 0 }),
    maxBytes: Type.Integer({ minimum: 0 }),
    /** Why it does not take readings (disk full); null: it does. */
    refusing: Nullable(Type.String({ maxLength: 500 })),
    holes: Type.Array(OutboxHole, { maxItems: 1000 }),
  },
  closed,
);
export type OutboxReport = Static<typeof OutboxReport>;
