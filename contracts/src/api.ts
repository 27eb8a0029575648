import Type, { type Static } from 'typebox';
import { alarmPriorities } from './alarm-condition.ts';
import { LocalText } from './local-text.ts';
import { OutboxHole, OutboxReport } from './outbox.ts';
import { qualities, qualityReasons } from './quality.ts';
import { lanes } from './reading.ts';
import { closed, literals, Nullable, TimeMs, UnitRef } from './schema.ts';
import { spaceKinds } from './site-model.ts';
import { Supply } from './supply.ts';
import { systems } from './systems.ts';

/** Every error answer. `field` names the offending input where there is one. */
/** One of the faults of a request. `code` and `values` are for a text in the reader's language. */
export const FieldProblem = Type.Object(
  {
    /** Where: `condition.when.anyOf.1.point`. */
    field: Type.String(),
    code: Type.String(),
    message: Type.String(),
    values: Type.Record(Type.String(), Type.Union([Type.String(), Type.Number()])),
  },
  closed,
);
export type FieldProblem = Static<typeof FieldProblem>;

export const ApiError = Type.Object(
  {
    statusCode: Type.Integer(),
    code: Type.String(),
    message: Type.String(),
    field: Type.Optional(Type.String()),
    /** All that is wrong, where the request is checked as a whole; `field` and `message` are of the first. */
    problems: Type.Optional(Type.Array(FieldProblem)),
  },
  closed,
);
export type ApiError = Static<typeof ApiError>;

export const roles = ['admin', 'engineer', 'technician', 'viewer'] as const;
export type Role = (typeof roles)[number];

export const SessionRequest = Type.Object(
  { username: Type.String({ minLength: 1 }), password: Type.String({ minLength: 1 }) },
  closed,
);
export const Session = Type.Object({ username: Type.String(), role: literals(roles) }, closed);
export type Session = Static<typeof Session>;

export const Site = Type.Object({ id: Type.String(), name: LocalText, timeZone: Type.String() }, closed);
export type Site = Static<typeof Site>;

export const Space = Type.Object(
  {
    id: Type.String(),
    site: Type.String(),
    kind: literals(spaceKinds),
    name: LocalText,
    parent: Nullable(Type.String()),
  },
  closed,
);
export type Space = Static<typeof Space>;

/** What a writable point takes, in its class unit. All null: what its kind takes, the device decides. */
export const PointWriteRange = Type.Object(
  {
    min: Nullable(Type.Number()),
    max: Nullable(Type.Number()),
    /** The only codes allowed; null: any. */
    values: Nullable(Type.Array(Type.Number())),
  },
  closed,
);
export type PointWriteRange = Static<typeof PointWriteRange>;

/** A point as served to screens: meaning from the class, delivery from the birth. */
export const Point = Type.Object(
  {
    id: Type.String(),
    equipment: Type.String(),
    name: LocalText,
    kind: literals(['number', 'boolean', 'enum', 'counter', 'string']),
    unit: UnitRef,
    symbol: Type.String(),
    /** Decimals worth showing. */
    precision: Type.Integer({ minimum: 0, maximum: 6 }),
    range: Nullable(Type.Tuple([Type.Number(), Type.Number()])),
    states: Nullable(Type.Array(Type.Object({ value: Type.Number(), name: LocalText }, closed))),
    lane: literals(lanes),
    /** Ms of silence after which it is comm-lost; null when unknown. */
    silenceMs: Nullable(Type.Integer()),
    /** Computed by the gateway from other points of the equipment; false: the device delivers it. */
    derived: Type.Boolean(),
    /** What it takes when it is written; null: it cannot be written. */
    write: Nullable(PointWriteRange),
    /** Shown first on the equipment page and on the overview. */
    main: Type.Boolean(),
    limits: Type.Array(
      Type.Object(
        {
          alarm: Type.String(),
          kind: literals(['HH', 'H', 'L', 'LL']),
          limit: Type.Number(),
          deadband: Type.Number(),
          onDelayMs: Type.Integer(),
          offDelayMs: Type.Integer(),
          priority: literals(alarmPriorities),
          opensOrder: Type.Boolean(),
          enabled: Type.Boolean(),
          origin: literals(['class', 'site', 'system']),
        },
        closed,
      ),
    ),
  },
  closed,
);
export type Point = Static<typeof Point>;

export const Equipment = Type.Object(
  {
    /** `<site>/<equipment>` */
    id: Type.String(),
    site: Type.String(),
    class: Type.String(),
    className: LocalText,
    system: literals(systems),
    name: LocalText,
    space: Nullable(Type.String()),
    parent: Nullable(Type.String()),
    dependsOn: Type.Array(Supply),
    mimic: Nullable(Type.String()),
    gateways: Type.Array(Type.String()),
    devices: Type.Array(Type.String()),
  },
  closed,
);
export type Equipment = Static<typeof Equipment>;

export const EquipmentDetail = Type.Object({ ...Equipment.properties, points: Type.Array(Point) }, closed);
export type EquipmentDetail = Static<typeof EquipmentDetail>;

const Value = Type.Union([Type.Number(), Type.Boolean(), Type.String(), Type.Null()]);

export const CurrentValue = Type.Object(
  {
    point: Type.String(),
    value: Value,
    quality: literals(qualities),
    reason: Type.Optional(literals(qualityReasons)),
    wireTimeMs: TimeMs,
    deviceTimeMs: Type.Optional(TimeMs),
    ingestTimeMs: TimeMs,
  },
  closed,
);
export type CurrentValue = Static<typeof CurrentValue>;

export const historyAggregates = ['raw', 'mean', 'min', 'max', 'last', 'minmax'] as const;
export type HistoryAggregate = (typeof historyAggregates)[number];

export const HistoryQuery = Type.Object(
  {
    point: Type.Union([Type.String(), Type.Array(Type.String(), { minItems: 1, maxItems: 50 })]),
    from: TimeMs,
    to: TimeMs,
    /** Bucket width, ms; needed for all but raw. */
    resolution: Type.Optional(Type.Integer({ minimum: 1 })),
    aggregate: Type.Optional(literals(historyAggregates)),
    /** Most rows a point; over it the answer says `truncated`. Left out: 20 000. */
    limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 200_000 })),
  },
  closed,
);
export type HistoryQuery = Static<typeof HistoryQuery>;

/** Columns: `t` UTC ms; `v` value (aggregate `minmax`: `min`/`max` beside the time-weighted mean in `v`). */
export const HistorySeries = Type.Object(
  {
    point: Type.String(),
    t: Type.Array(Type.Integer()),
    v: Type.Array(Nullable(Type.Number())),
    min: Type.Optional(Type.Array(Nullable(Type.Number()))),
    max: Type.Optional(Type.Array(Nullable(Type.Number()))),
    truncated: Type.Boolean(),
    /**
     * Spans without good data, and why; a chart hatches them and draws no line across, except for `thinned`: one sample a minute is left
     * there. `count`: samples missing, of all points of the gateway's lane together, where the outbox had to let go of them.
     */
    holes: Type.Array(
      Type.Object(
        { fromMs: TimeMs, toMs: TimeMs, reason: Type.String(), count: Type.Optional(Type.Integer()) },
        closed,
      ),
    ),
  },
  closed,
);
export type HistorySeries = Static<typeof HistorySeries>;

export const exportFormats = ['parquet'] as const;

/**
 * History as a file of rows (point, time, value, min, max, quality, reason); min and max only with aggregate `minmax`. Quality is 0, 192 or 500;
 * where data turns bad there is a row without a value, with the reason.
 */
export const HistoryExportQuery = Type.Object(
  {
    format: literals(exportFormats),
    /** Left out, and no equipment either: every point. */
    point: Type.Optional(Type.Union([Type.String(), Type.Array(Type.String(), { minItems: 1, maxItems: 1000 })])),
    equipment: Type.Optional(Type.Union([Type.String(), Type.Array(Type.String(), { minItems: 1, maxItems: 1000 })])),
    from: TimeMs,
    to: TimeMs,
    /** As for history. */
    resolution: Type.Optional(Type.Integer({ minimum: 1 })),
    aggregate: Type.Optional(literals(historyAggregates)),
  },
  closed,
);
export type HistoryExportQuery = Static<typeof HistoryExportQuery>;

export const Device = Type.Object(
  {
    /** `<site>/<gateway>/<device>` */
    id: Type.String(),
    gateway: Type.String(),
    profile: Nullable(Type.String()),
    /** The gateway's line to it; null: the gateway does not say. */
    connection: Nullable(Type.String()),
    online: Type.Boolean(),
    sinceMs: TimeMs,
    equipment: Type.Array(Type.String()),
  },
  closed,
);
export type Device = Static<typeof Device>;

export const Gateway = Type.Object(
  {
    id: Type.String({ description: '<site>/<gateway>' }),
    site: Type.String(),
    online: Type.Boolean(),
    sinceMs: TimeMs,
    watermarkMs: Nullable(TimeMs),
    pointCount: Type.Integer(),
    sequenceGaps: Type.Integer(),
    rebirthsRequested: Type.Integer(),
    /** Its outbox as it told last; null: not since the server's start, or it is a foreign one. */
    outbox: Nullable(Type.Omit(OutboxReport, ['holes'])),
    /** What it could not send, the newest, oldest first. */
    holes: Type.Array(OutboxHole),
  },
  closed,
);
export type Gateway = Static<typeof Gateway>;

/** A metric of a foreign Sparkplug node that the mapping file puts nowhere. */
export const UnmappedMetric = Type.Object(
  {
    gateway: Type.String({ description: '<site>/<gateway>' }),
    group: Type.String({ description: 'as in topics' }),
    node: Type.String({ description: 'as in topics' }),
    device: Type.Union([Type.String(), Type.Null()], { description: 'null: a metric of the node itself' }),
    metric: Type.String(),
    point: Type.String({ description: 'the point id under which it is shown meanwhile' }),
  },
  closed,
);
export type UnmappedMetric = Static<typeof UnmappedMetric>;

export const Health = Type.Object(
  {
    status: literals(['ok', 'degraded']),
    version: Type.String(),
    uptimeMs: Type.Integer(),
    parts: Type.Record(
      Type.String(),
      Type.Object({ status: literals(['ok', 'degraded']), detail: Type.Optional(Type.String()) }, closed),
    ),
  },
  closed,
);
export type Health = Static<typeof Health>;

/** Cursor paging: pass `next` back as `after`. */
export const page = <T extends Type.TSchema>(item: T) =>
  Type.Object({ items: Type.Array(item), next: Nullable(Type.String()) }, closed);
