import Type, { type Static } from 'typebox';
import { closed, DurationMs, literals, Slug } from './schema.ts';

/**
 * Over which edges of the plant an alarm suppresses others: `equipment` those of its own equipment; `parts` of its parts; `dependants` of what
 * depends on it or on its parts, and so on downwards; `interlocked` of what it switches by an interlock of the site file; `device`, `connection`, `gateway` of what is read through it.
 */
export const suppressionEdges = [
  'equipment',
  'parts',
  'dependants',
  'interlocked',
  'device',
  'connection',
  'gateway',
] as const;
export type SuppressionEdge = (typeof suppressionEdges)[number];

/** Which alarms; each that is left out allows all. Life safety is never among them. */
export const AlarmSelection = Type.Object(
  {
    /** Classes of their equipment. */
    classes: Type.Optional(Type.Array(Slug, { minItems: 1 })),
    /** Names of rules within their class. */
    rules: Type.Optional(Type.Array(Slug, { minItems: 1 })),
    /** Types of condition. */
    conditions: Type.Optional(Type.Array(Slug, { minItems: 1 })),
  },
  closed,
);
export type AlarmSelection = Static<typeof AlarmSelection>;

/** What a cause hides: the whole alarm, or only that it opens an order. */
export const hiddenParts = ['alarm', 'order'] as const;

/** What an alarm suppresses by design while it stands, and for how long after it has returned. */
export const SuppressionGroup = Type.Object(
  {
    over: Type.Array(literals(suppressionEdges), { minItems: 1, uniqueItems: true }),
    /** Left out: all but life safety. */
    alarms: Type.Optional(AlarmSelection),
    /** `order`: they are told, because they need a response of their own, but what has to be mended is the cause. Left out: the alarm. */
    hides: Type.Optional(literals(hiddenParts)),
    /** What its end leaves behind has so long to come back by itself. */
    settleMs: DurationMs,
  },
  closed,
);
export type SuppressionGroup = Static<typeof SuppressionGroup>;
