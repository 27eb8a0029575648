import Type, { type Static } from 'typebox';
import { page } from './api.ts';
import { Count, closed, literals, Nullable, Slug, TimeMs } from './schema.ts';

/** The longest that a test mode may run from now; who needs longer extends it, with a reason. */
export const maxTestModeMs = 8 * 3_600_000;

/**
 * `requested`: waits for another person's approval. `running`: alarms raised by its equipment are marked as test. Over: `ended` by hand, `expired`
 * at its time, `withdrawn` before it was approved, `lapsed` because nobody approved it before its end.
 */
export const testModeStates = ['requested', 'running', 'ended', 'expired', 'withdrawn', 'lapsed'] as const;
export type TestModeState = (typeof testModeStates)[number];

const Words = Type.String({ minLength: 1, maxLength: 1000, pattern: '\\S' });

const TestModeChange = Type.Object({ by: Type.String(), atMs: TimeMs, untilMs: TimeMs, reason: Type.String() }, closed);

/** Planned work on equipment (a fire zone, a panel, an elevator): its alarms go on, marked as test. Server times. */
export const TestMode = Type.Object(
  {
    id: Type.String(),
    site: Type.String(),
    /** Ids of the equipment that it concerns; no other. */
    equipment: Type.Array(Type.String(), { minItems: 1 }),
    state: literals(testModeStates),
    reason: Type.String(),
    /** Number of the work order or permit. */
    workOrder: Nullable(Type.String()),
    requestedBy: Type.String(),
    requestedMs: TimeMs,
    /** Another person than who asked for it. */
    approvedBy: Nullable(Type.String()),
    startedMs: Nullable(TimeMs),
    /** When it ends by itself. */
    untilMs: TimeMs,
    extensions: Type.Array(TestModeChange),
    endedMs: Nullable(TimeMs),
    /** Null: by itself, or it is not over. */
    endedBy: Nullable(Type.String()),
    comment: Nullable(Type.String()),
    /** Rises with every change; a mirror keeps the highest. */
    revision: Type.Integer({ minimum: 0 }),
  },
  closed,
);
export type TestMode = Static<typeof TestMode>;

export const TestModeRequest = Type.Object(
  {
    /** All of one site. */
    equipment: Type.Array(Type.String({ description: '`<site>/<equipment>`' }), {
      minItems: 1,
      maxItems: 100,
      uniqueItems: true,
    }),
    reason: Words,
    workOrder: Type.Optional(Type.String({ minLength: 1, maxLength: 100, pattern: '\\S' })),
    /** At most eight hours from now. */
    untilMs: TimeMs,
    /** Of the caller's own choice: the same request of the same user under it is answered as before, and not done again. */
    actId: Type.Optional(Type.String({ minLength: 1, maxLength: 100 })),
  },
  closed,
);
export type TestModeRequest = Static<typeof TestModeRequest>;

export const TestModeExtension = Type.Object(
  { /** Later than now, at most eight hours from now. */ untilMs: TimeMs, reason: Words },
  closed,
);
export type TestModeExtension = Static<typeof TestModeExtension>;

export const TestModeEnd = Type.Object({ comment: Type.Optional(Type.String({ maxLength: 1000 })) }, closed);
export type TestModeEnd = Static<typeof TestModeEnd>;

export const TestModeQuery = Type.Object(
  {
    /** `open`: requested or running. Left out: all, the newest first. */
    state: Type.Optional(Type.Literal('open')),
    /** Left out: of all sites. */
    site: Type.Optional(Slug),
    limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 200 })),
    after: Type.Optional(Count),
  },
  closed,
);
export type TestModeQuery = Static<typeof TestModeQuery>;

export const TestModePage = page(TestMode);
export type TestModePage = Static<typeof TestModePage>;

/** Why an act on a test mode is refused. */
export const testModeRefusals = [
  /** Some of its equipment is in an open test mode already. */
  'TEST_MODE_OVERLAP',
  /** The end lies in the past or further than eight hours from now. */
  'TEST_MODE_TIME_OUT_OF_RANGE',
  /** Whoever asked for it cannot approve it. */
  'TEST_MODE_SAME_PERSON',
  /** It is over, or has been approved already, or not yet. */
  'TEST_MODE_STATE',
] as const;
export type TestModeRefusal = (typeof testModeRefusals)[number];

export const isOpenTestMode = ({ state }: Pick<TestMode, 'state'>): boolean =>
  state === 'requested' || state === 'running';
