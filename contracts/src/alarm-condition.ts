import Type, { type Static } from 'typebox';
import { closed, DurationMs, literals } from './schema.ts';

export const limitKinds = ['HH', 'H', 'L', 'LL'] as const;
export type LimitKind = (typeof limitKinds)[number];

/** ISA-18.2 words. Number and shape on screen: 1 critical ■, 2 high ▲, 3 medium ▼, 4 low ●. */
export const alarmPriorities = ['critical', 'high', 'medium', 'low'] as const;
export type AlarmPriority = (typeof alarmPriorities)[number];

/**
 * A point as an alarm names it: `running` of its own equipment, `parent/running` of the equipment's parent, `depends-on:generator/running` of what it
 * depends on of that class. Steps may follow one another.
 */
export const PointPath = Type.String({
  pattern: '^(?:(?:parent|depends-on:[a-z0-9][a-z0-9._-]{0,62})/)*[a-z0-9][a-z0-9._-]{0,62}$',
});

const PlainValue = Type.Union([Type.Boolean(), Type.Number()]);

const comparisonFields = {
  /** Left out: the alarm's own point. */
  point: Type.Optional(PointPath),
  /** Exactly one of the three. Numbers in the class point's unit. */
  above: Type.Optional(Type.Number()),
  below: Type.Optional(Type.Number()),
  /** Booleans as true/false, enum codes as numbers. */
  is: Type.Optional(Type.Array(PlainValue, { minItems: 1 })),
  /** How far back it must come before it counts as over; left out: 0. */
  deadband: Type.Optional(Type.Number({ minimum: 0 })),
  /** What it counts as where nothing delivers the point; left out: nobody knows. */
  ifAbsent: Type.Optional(Type.Boolean()),
};

/** One comparison of one point. */
export const Comparison = Type.Object(comparisonFields, closed);
export type Comparison = Static<typeof Comparison>;

/** A comparison, or exactly one of `allOf`, `anyOf` and `not` over further ones, three deep at most. */
export interface AlarmExpression extends Comparison {
  allOf?: AlarmExpression[];
  anyOf?: AlarmExpression[];
  not?: AlarmExpression;
}

const over = <T extends Type.TSchema>(inner: T) =>
  Type.Object(
    {
      ...comparisonFields,
      allOf: Type.Optional(Type.Array(inner, { minItems: 1, maxItems: 16 })),
      anyOf: Type.Optional(Type.Array(inner, { minItems: 1, maxItems: 16 })),
      not: Type.Optional(inner),
    },
    closed,
  );

export const AlarmExpression = Type.Unsafe<AlarmExpression>(over(over(over(Comparison))));

/** The alarm counts only while the expression holds and has held for so long: an operating state. Outside of it the alarm returns. */
export const EnabledWhen = Type.Object({ when: AlarmExpression, forMs: Type.Optional(DurationMs) }, closed);
export type EnabledWhen = Static<typeof EnabledWhen>;

/** Beyond this limit the alarm has this priority. */
export const LimitLevel = Type.Object({ limit: Type.Number(), priority: literals(alarmPriorities) }, closed);
export type LimitLevel = Static<typeof LimitLevel>;

const deadband = Type.Optional(Type.Number({ minimum: 0 }));

/** What makes the condition true. Numbers in the class point's unit. */
export const AlarmCondition = Type.Union([
  Type.Object(
    {
      type: Type.Literal('limit'),
      kind: literals(limitKinds),
      limit: Type.Number(),
      /** Returns only when this far back inside the limit; same unit; left out: 0. */
      deadband,
      /** Further limits, each beyond the one before, each of a higher priority; left out: none. */
      levels: Type.Optional(Type.Array(LimitLevel, { minItems: 1, maxItems: 3 })),
    },
    closed,
  ),
  Type.Object(
    {
      type: Type.Literal('off-normal'),
      /** Values that are off normal: booleans as true/false, enum codes as numbers. */
      values: Type.Array(PlainValue, { minItems: 1 }),
    },
    closed,
  ),
  /** Not zero: any code, e.g. a fault number. */
  Type.Object({ type: Type.Literal('non-zero') }, closed),
  /** The device or gateway that serves the source is silent. */
  Type.Object({ type: Type.Literal('offline') }, closed),
  /** Further away from a setpoint than it may be. */
  Type.Object(
    {
      type: Type.Literal('deviation'),
      /** The point that says the setpoint, or the setpoint itself. */
      from: Type.Union([PointPath, Type.Number()]),
      /** How far above and below it may lie; at least one of them. */
      above: Type.Optional(Type.Number({ minimum: 0 })),
      below: Type.Optional(Type.Number({ minimum: 0 })),
      deadband,
    },
    closed,
  ),
  /** Changes by more than it may within the window; between two readings the last value holds. */
  Type.Object(
    {
      type: Type.Literal('rate'),
      /** By how much it may rise and fall; at least one of them. */
      rise: Type.Optional(Type.Number({ exclusiveMinimum: 0 })),
      fall: Type.Optional(Type.Number({ exclusiveMinimum: 0 })),
      windowMs: Type.Integer({ minimum: 1000, maximum: 86_400_000 }),
      deadband,
    },
    closed,
  ),
  /** The point is a command, its feedback says something else. The on-delay is the time that it may take. */
  Type.Object(
    {
      type: Type.Literal('mismatch'),
      feedback: PointPath,
      /** How far two numbers may lie apart; left out: 0. */
      tolerance: Type.Optional(Type.Number({ minimum: 0 })),
    },
    closed,
  ),
  /** A comparison that has become true so many times within the window, however short each time. */
  Type.Object(
    {
      type: Type.Literal('count'),
      of: Comparison,
      times: Type.Integer({ minimum: 2, maximum: 100 }),
      windowMs: Type.Integer({ minimum: 1000, maximum: 86_400_000 }),
    },
    closed,
  ),
  /** No usable value for so long although its device is there. Gateways repeat a value that does not change every five minutes. */
  Type.Object({ type: Type.Literal('no-data'), afterMs: Type.Integer({ minimum: 1000 }) }, closed),
  /** What several points say together. */
  Type.Object({ type: Type.Literal('expression'), when: AlarmExpression }, closed),
]);
export type AlarmCondition = Static<typeof AlarmCondition>;
