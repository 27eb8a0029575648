import {
  AlarmCondition,
  AlarmSelection,
  alarmPriorities,
  Chatter,
  closed,
  EnabledWhen,
  LocalText,
  literals,
  Slug,
  SuppressionGroup,
  systems,
  UnitRef,
} from '@plantroom/contracts';
import Type, { type Static } from 'typebox';

/** `15s`, `500ms`, `10min`, `2h`, `0s` */
export const DurationText = Type.String({ pattern: '^\\d+(\\.\\d+)?(ms|s|min|h|d)$' });

export const pointKinds = ['number', 'boolean', 'enum', 'counter', 'string'] as const;
export type PointKind = (typeof pointKinds)[number];

/** Points of the same class. The list of functions is closed: what is derived must be plain to the person who reads the class. */
const Inputs = Type.Array(Slug, { minItems: 2, uniqueItems: true });
export const Derivation = Type.Union([
  Type.Object({ mean: Inputs }, closed),
  Type.Object({ sum: Inputs }, closed),
  /** First divided by second. */
  Type.Object({ ratio: Type.Tuple([Slug, Slug]) }, closed),
  /** Negative by positive sequence of three line voltages, in percent (GB/T 15543). */
  Type.Object({ unbalance: Type.Tuple([Slug, Slug, Slug]) }, closed),
]);
export type Derivation = Static<typeof Derivation>;

/** A canonical point: what is measured, apart from how any device delivers it. */
export const ClassPoint = Type.Object(
  {
    name: LocalText,
    kind: literals(pointKinds),
    /** Base unit of its quantity. */
    unit: UnitRef,
    brick: Type.Optional(Type.String()),
    haystack: Type.Optional(Type.Array(Type.String())),
    /** Plausible range in `unit`: outside it the quality becomes uncertain/out-of-range. Needed for number and counter. */
    range: Type.Optional(Type.Tuple([Type.Number(), Type.Number()])),
    /** Decimals worth showing; left out: 1 for numbers, 0 for the others. */
    precision: Type.Optional(Type.Integer({ minimum: 0, maximum: 6 })),
    /** Meaning of each code; needed for enum. Keys are integers. */
    states: Type.Optional(Type.Record(Type.String({ pattern: '^-?\\d+$' }), LocalText)),
    /** Booleans: what true and false are called. Left out: 是/否, yes/no. */
    words: Type.Optional(Type.Object({ true: LocalText, false: LocalText }, closed)),
    /** Life-safety points travel ahead of everything; left out: live. */
    lane: Type.Optional(literals(['safety', 'live'])),
    /** Shown on overview and on top of the equipment page; left out: false. */
    main: Type.Optional(Type.Boolean()),
    /** Report by exception: smaller changes are not sent; left out: every change. */
    deadband: Type.Optional(Type.Number({ minimum: 0 })),
    /** How it follows from other points where no device delivers it and all of these are there; left out: then it is absent. */
    derive: Type.Optional(Derivation),
  },
  closed,
);
export type ClassPoint = Static<typeof ClassPoint>;

/** What an alarm suppresses by design; see `SuppressionGroup` of the contracts. */
export const ClassSuppression = Type.Object(
  {
    over: SuppressionGroup.properties.over,
    /** Left out: all but life safety. */
    alarms: Type.Optional(AlarmSelection),
    hides: SuppressionGroup.properties.hides,
    /** What its end leaves behind has so long to come back by itself; left out: 60 s. */
    settle: Type.Optional(DurationText),
  },
  closed,
);
export type ClassSuppression = Static<typeof ClassSuppression>;

/** A default alarm with its rationalisation (ISA-18.2); a site may override it, nothing here can be left blank. */
export const ClassAlarm = Type.Object(
  {
    point: Slug,
    condition: AlarmCondition,
    /** Operating states in which it counts; left out: always. */
    enabledWhen: Type.Optional(EnabledWhen),
    onDelay: DurationText,
    offDelay: DurationText,
    /** Raised so often within so long, it returns only when it has been steady; left out: each return counts after its off-delay. */
    chatter: Type.Optional(
      Type.Object({ times: Chatter.properties.times, within: DurationText, steady: DurationText }, closed),
    ),
    priority: literals(alarmPriorities),
    latching: Type.Optional(Type.Boolean()),
    lifeSafety: Type.Optional(Type.Boolean()),
    opensOrder: Type.Boolean(),
    /** Key of failureModes; needed when opensOrder. */
    failureMode: Type.Optional(Slug),
    suppresses: Type.Optional(Type.Array(ClassSuppression, { minItems: 1 })),
    /** How long at most it waits for what may be its cause before it is announced; left out: 30 s. */
    causeWait: Type.Optional(DurationText),
    /** Acknowledged and still standing, it asks again after this long; left out: never. */
    reAlarm: Type.Optional(DurationText),
    /** How often within one occurrence; left out: without end. */
    reAlarmLimit: Type.Optional(Type.Integer({ minimum: 1 })),
    name: LocalText,
    cause: LocalText,
    consequence: LocalText,
    response: LocalText,
    timeToRespond: DurationText,
  },
  closed,
);
export type ClassAlarm = Static<typeof ClassAlarm>;

/** What can be wrong with it, and the work order that mends it. */
export const FailureMode = Type.Object(
  {
    name: LocalText,
    /** Work-order template. */
    order: Type.Object(
      {
        title: LocalText,
        skills: Type.Array(Slug),
        /** Certificate the law asks of the one who does it; left out: none. */
        certificate: Type.Optional(Slug),
        checklist: Type.Array(LocalText, { minItems: 1 }),
        parts: Type.Optional(Type.Array(LocalText)),
        minutes: Type.Integer({ minimum: 1 }),
      },
      closed,
    ),
  },
  closed,
);
export type FailureMode = Static<typeof FailureMode>;

export const MaintenanceTask = Type.Object(
  { name: LocalText, every: Type.String({ pattern: '^P(\\d+[YMWD])+$' }), minutes: Type.Integer({ minimum: 1 }) },
  closed,
);

/** classes/<class>.yaml */
export const EquipmentClass = Type.Object(
  {
    class: Slug,
    name: LocalText,
    system: literals(systems),
    brick: Type.Optional(Type.String()),
    haystack: Type.Optional(Type.Array(Type.String())),
    /** Elevators and fire: no write path may exist, whatever a profile says. Left out: false. */
    readOnly: Type.Optional(Type.Boolean()),
    /** Name of the mimic drawn for it; left out: the generic one. */
    mimic: Type.Optional(Slug),
    points: Type.Record(Slug, ClassPoint),
    alarms: Type.Record(Slug, ClassAlarm),
    failureModes: Type.Record(Slug, FailureMode),
    maintenance: Type.Optional(Type.Record(Slug, MaintenanceTask)),
  },
  closed,
);
export type EquipmentClass = Static<typeof EquipmentClass>;
