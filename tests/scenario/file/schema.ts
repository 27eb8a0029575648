import { alarmStates, LocalText, workOrderActions, workOrderStates } from '@plantroom/contracts';
import Type, { type Static } from 'typebox';
import { Duration, Occurrence } from '../../../simulators/src/export/fault-plan.ts';

const closed = { additionalProperties: false };
const Window = Type.Object({ after: Duration, before: Duration }, closed);
export type Window = Static<typeof Window>;

const ExpectedAlarm = Type.Object(
  {
    /** `<equipment>/<point>#<rule>`, or `<gateway>/<device>#offline`, `<gateway>#offline`, `<gateway>#outbox`; without the site. */
    alarm: Type.String({ minLength: 1 }),
    /** Since the start of the scenario, by wire time of the activation. */
    after: Duration,
    before: Duration,
    /** When it has to return; left out: it must not. */
    returns: Type.Optional(Window),
    /** How often it comes within one occurrence, `returns` being the last time; left out: once. */
    count: Type.Optional(Type.Integer({ minimum: 2 })),
    /** Found afterwards, in late data: told in the journal, and nobody was called. Left out: it was announced. */
    historical: Type.Optional(Type.Boolean()),
    /** Suppressed by design by this alarm when it came: nobody was called. Left out: it was announced. */
    suppressed: Type.Optional(Type.String({ minLength: 1 })),
    /** When it was announced after all, because it outlasted what suppressed it; left out: it was not. */
    shown: Type.Optional(Window),
    /**
     * When the people on duty are told of it, by server time: as often as there are windows. Left out: once when it is announced, and not of what is
     * suppressed, a test, or found afterwards.
     */
    told: Type.Optional(Type.Array(Window)),
    /** Raised in a test mode: journalled as such, and nobody was called. Left out: it was real. */
    test: Type.Optional(Type.Boolean()),
  },
  closed,
);
export type ExpectedAlarm = Static<typeof ExpectedAlarm>;

const ExpectedOrder = Type.Object(
  {
    equipment: Type.String(),
    failureMode: Type.String(),
    /** By server time; left out: from the start. */
    after: Type.Optional(Duration),
    /** By server time. */
    before: Duration,
    /** How often it was opened again; left out: never. */
    reopened: Type.Optional(Type.Integer({ minimum: 0 })),
    /** At the end of the scenario; left out: any. */
    state: Type.Optional(Type.Enum(workOrderStates)),
  },
  closed,
);
export type ExpectedOrder = Static<typeof ExpectedOrder>;

/** What befalls the line itself. */
const LineEvent = Type.Union([
  Type.Object(
    {
      at: Duration,
      until: Duration,
      /** `uplink`: between gateway and broker; `broker`: nobody reaches it; else a connection of the gateway file. */
      cut: Type.String({ minLength: 1 }),
    },
    closed,
  ),
  Type.Object(
    { at: Duration, until: Duration, /** The disk under it takes nothing. */ outbox: Type.Literal('full') },
    closed,
  ),
  Type.Object(
    {
      at: Duration,
      /** Down until then; left out: it is back at once. */
      until: Type.Optional(Duration),
      restart: Type.Union([Type.Literal('gateway'), Type.Literal('server')]),
    },
    closed,
  ),
]);
export type LineEvent = Static<typeof LineEvent>;

const ExpectedState = Type.Object(
  {
    /** By server time. */
    at: Duration,
    alarm: Type.String({ minLength: 1 }),
    /** What the list of alarms shows then. */
    state: Type.Enum(alarmStates),
  },
  closed,
);
export type ExpectedState = Static<typeof ExpectedState>;

const ExpectedFlood = Type.Object(
  {
    /** Id of an operating position; a site whose file names none has `control-room`. */
    position: Type.String({ minLength: 1 }),
    /** Since the start of the scenario, by server time of its begin. */
    after: Duration,
    before: Duration,
    /** How many were annunciated in all, from the oldest of those that made it up to its end; while it goes on: when it began. */
    alarms: Type.Integer({ minimum: 1 }),
    /** When it has to end; left out: it must not. */
    ends: Type.Optional(Window),
  },
  closed,
);
export type ExpectedFlood = Static<typeof ExpectedFlood>;

const ofAlarm = { at: Duration, alarm: Type.String({ minLength: 1 }) };
const AlarmAct = Type.Union([
  Type.Object({ ...ofAlarm, do: Type.Enum(['acknowledge', 'reset', 'unshelve', 'return-to-service']) }, closed),
  Type.Object(
    {
      ...ofAlarm,
      do: Type.Literal('shelve'),
      for: Duration,
      /** Until the condition has returned, if that is sooner; left out: for the whole time. */
      once: Type.Optional(Type.Boolean()),
    },
    closed,
  ),
  Type.Object(
    {
      ...ofAlarm,
      do: Type.Literal('out-of-service'),
      /** After this time somebody has to look. */
      review: Duration,
    },
    closed,
  ),
]);
export type AlarmAct = Static<typeof AlarmAct>;

/** What operators and technicians do. */
const OperatorAct = Type.Union([
  AlarmAct,
  Type.Object(
    {
      at: Duration,
      /** The newest of this equipment and failure mode. */
      order: Type.Object({ equipment: Type.String(), failureMode: Type.String() }, closed),
      /** One after the other. */
      do: Type.Array(Type.Enum(workOrderActions), { minItems: 1 }),
    },
    closed,
  ),
  Type.Object(
    {
      at: Duration,
      /** Asked for by one, approved by another. */
      startTest: Type.Object(
        { equipment: Type.Array(Type.String(), { minItems: 1 }), /** At most eight hours. */ for: Duration },
        closed,
      ),
    },
    closed,
  ),
  Type.Object({ at: Duration, /** Of this equipment. */ endTest: Type.String({ minLength: 1 }) }, closed),
]);
export type OperatorAct = Static<typeof OperatorAct>;

export const ScenarioFile = Type.Object(
  {
    scenario: Type.String({ minLength: 1 }),
    title: LocalText,
    /** What happens and what must follow, for the report. */
    about: LocalText,
    seed: Type.Integer({ minimum: 0 }),
    /** With offset; the building's calendar follows. */
    start: Type.String({ format: 'date-time' }),
    /** Before the scenario begins, for the model to settle; alarms of this time are faults of the scenario too. */
    settle: Duration,
    duration: Duration,
    /**
     * So many stretches are played at the same time, each from a model that has come so far alone, and judged as one; left out: 1. Only where
     * nothing is faulty, and no stretch shorter than it takes a line to know what stands.
     */
    segments: Type.Optional(Type.Integer({ minimum: 1, maximum: 8 })),
    faults: Type.Array(Occurrence),
    /** What people do to the equipment; nothing of it is a fault. */
    activities: Type.Optional(Type.Array(Occurrence)),
    line: Type.Optional(Type.Array(LineEvent)),
    operators: Type.Optional(Type.Array(OperatorAct)),
    /** All of them, and nothing else. */
    expect: Type.Object(
      {
        alarms: Type.Array(ExpectedAlarm),
        orders: Type.Array(ExpectedOrder),
        /** Where it matters what operators made of an alarm; left out: nowhere. */
        states: Type.Optional(Type.Array(ExpectedState)),
        /** All of them; left out: nobody looks. */
        floods: Type.Optional(Type.Array(ExpectedFlood)),
      },
      closed,
    ),
  },
  closed,
);
export type Scenario = Static<typeof ScenarioFile>;
