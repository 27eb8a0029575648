import Type, { type Static } from 'typebox';
import { PointLimit } from './alarm.ts';
import { AlarmCondition, EnabledWhen } from './alarm-condition.ts';
import { AlarmOverride } from './alarm-override.ts';
import { LocalText } from './local-text.ts';
import { closed, DurationMs, literals, Nullable, TimeMs } from './schema.ts';

/** What is tried in the place of what is in force; what is left out stays. `limit` and `deadband` are for alarms of type `limit`, in the point's unit. */
export const BacktestChange = Type.Object(
  {
    /** Definition id; left out: every alarm of the backtest. One that does not exist yet needs a condition. */
    alarm: Type.Optional(Type.String()),
    condition: Type.Optional(AlarmCondition),
    limit: Type.Optional(Type.Number()),
    deadband: Type.Optional(Type.Number({ minimum: 0 })),
    /** Null: in every operating state. */
    enabledWhen: Type.Optional(Nullable(EnabledWhen)),
    onDelayMs: Type.Optional(DurationMs),
    offDelayMs: Type.Optional(DurationMs),
    enabled: Type.Optional(Type.Boolean()),
  },
  closed,
);
export type BacktestChange = Static<typeof BacktestChange>;

/** Which alarms: by id, by equipment, by class, or all of them; the choices add up. */
export const BacktestRequest = Type.Object(
  {
    alarms: Type.Optional(Type.Array(Type.String(), { maxItems: 1000, uniqueItems: true })),
    equipment: Type.Optional(Type.Array(Type.String(), { maxItems: 1000, uniqueItems: true })),
    class: Type.Optional(Type.String()),
    all: Type.Optional(Type.Boolean()),
    changes: Type.Array(BacktestChange, { maxItems: 1000 }),
    from: TimeMs,
    /** Exclusive; at most 400 days after `from`. */
    to: TimeMs,
    /** Ms to wait for the result before the answer says how far it is; left out: 2000. */
    waitMs: Type.Optional(Type.Integer({ minimum: 0, maximum: 30_000 })),
  },
  closed,
);
export type BacktestRequest = Static<typeof BacktestRequest>;

/** One time that the alarm would have stood. */
export const BacktestOccurrence = Type.Object(
  {
    /** Wire time at which the condition became true. */
    onsetMs: TimeMs,
    /** Onset + on-delay. */
    raisedMs: TimeMs,
    /** Null: it stood at the end of the range. */
    returnedMs: Nullable(TimeMs),
    /**
     * Least and greatest value of its point while the condition was true, to the next five minutes for rules over several points; states as 0 and 1,
     * codes as they are. Null: nothing usable was told meanwhile.
     */
    low: Nullable(Type.Number()),
    high: Nullable(Type.Number()),
  },
  closed,
);
export type BacktestOccurrence = Static<typeof BacktestOccurrence>;

/** What one definition would have given. */
export const BacktestSide = Type.Object(
  {
    condition: AlarmCondition,
    onDelayMs: DurationMs,
    offDelayMs: DurationMs,
    /** Raised within the range. */
    count: Type.Integer(),
    /** Of `count`, by the days of the result. */
    perDay: Type.Array(Type.Integer()),
    /** Time that it stood within the range. */
    activeMs: Type.Integer(),
    /** Raised at least three times within a minute: how many of `count` belong to such a run. */
    chattering: Type.Integer(),
    /** Gone within five seconds, before anybody could act: how many of `count`. */
    fleeting: Type.Integer(),
    /** The first of them, and the one that stood already when the range began. */
    occurrences: Type.Array(BacktestOccurrence),
    /** There were more than are listed; counts and times are of all. */
    truncated: Type.Boolean(),
  },
  closed,
);
export type BacktestSide = Static<typeof BacktestSide>;

export const backtestDifferences = ['new', 'gone', 'moved'] as const;

/** How two sides differ: occurrences that overlap are the same one, `moved` when its times are others. */
export const BacktestDifference = Type.Object(
  {
    same: Type.Integer(),
    moved: Type.Integer(),
    gone: Type.Integer(),
    new: Type.Integer(),
    /** The first of those that are not the same, by time. */
    items: Type.Array(
      Type.Object(
        {
          kind: literals(backtestDifferences),
          before: Nullable(BacktestOccurrence),
          after: Nullable(BacktestOccurrence),
        },
        closed,
      ),
    ),
    /** There were too many occurrences to compare them all: the figures are of the first ones. */
    truncated: Type.Boolean(),
  },
  closed,
);
export type BacktestDifference = Static<typeof BacktestDifference>;

export const backtestLevels = ['minutes', 'hours'] as const;

export const BacktestAlarm = Type.Object(
  {
    alarm: Type.String(),
    source: Type.String(),
    equipment: Nullable(Type.String()),
    name: LocalText,
    /** Null: not enabled, or there is no such definition yet. */
    before: Nullable(BacktestSide),
    after: Nullable(BacktestSide),
    difference: BacktestDifference,
    /** Spans in which the value could not be used, with the reason; within them nothing is raised or returned. The first of them. */
    holes: Type.Array(Type.Object({ fromMs: TimeMs, toMs: TimeMs, reason: Type.String() }, closed)),
    /** Spans of which the samples are gone: judged from the extremes of their minutes or hours, as if each lasted to the end of its bucket. */
    coarse: Type.Array(Type.Object({ fromMs: TimeMs, toMs: TimeMs, from: literals(backtestLevels) }, closed)),
    /** Where the history of its points begins within the range; null: there is none. */
    knownFromMs: Nullable(TimeMs),
    /** Why it was not judged; null: it was. */
    skipped: Nullable(literals(['no-telemetry', 'link'])),
  },
  closed,
);
export type BacktestAlarm = Static<typeof BacktestAlarm>;

export const BacktestResult = Type.Object(
  {
    from: TimeMs,
    to: TimeMs,
    /** Where each day begins, by the clock of the site; the first may be cut by the range. */
    days: Type.Array(TimeMs),
    alarms: Type.Array(BacktestAlarm),
    /** Minutes of all alarms, and of how many of them samples had to be read; the others were told by roll-ups. */
    minutes: Type.Integer(),
    sampledMinutes: Type.Integer(),
    tookMs: Type.Integer(),
  },
  closed,
);
export type BacktestResult = Static<typeof BacktestResult>;

export const backtestStates = ['running', 'done', 'cancelled', 'failed'] as const;

/** A backtest under way or ended. The last one of each user is kept, in memory. */
export const Backtest = Type.Object(
  {
    id: Type.String(),
    state: literals(backtestStates),
    /** 0 to 1 */
    progress: Type.Number(),
    startedMs: TimeMs,
    request: BacktestRequest,
    /** Null until it is done. */
    result: Nullable(BacktestResult),
    /** Why it failed. */
    error: Nullable(Type.String()),
  },
  closed,
);
export type Backtest = Static<typeof Backtest>;

/** A limit as it is set; `backtest`: id of the backtest that it was tried with, kept in the audit. */
export const PointLimitChange = Type.Object(
  { ...PointLimit.properties, backtest: Type.Optional(Type.String()) },
  closed,
);
export type PointLimitChange = Static<typeof PointLimitChange>;

/** The same of an override. */
export const AlarmOverrideChange = Type.Object(
  { ...AlarmOverride.properties, backtest: Type.Optional(Type.String()) },
  closed,
);
