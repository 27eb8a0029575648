import Type, { type Static } from 'typebox';
import { AlarmCondition, type AlarmPriority, alarmPriorities, EnabledWhen, limitKinds } from './alarm-condition.ts';
import { FloodFigures } from './alarm-flood.ts';
import { ServiceRemoval, Shelving, shelvingModes } from './alarm-hiding.ts';
import { SuppressionGroup } from './alarm-suppression.ts';
import type { LocalText } from './local-text.ts';
import { LocalText as LocalTextSchema } from './local-text.ts';
import { closed, DurationMs, literals, Nullable, Slug, TimeMs } from './schema.ts';

export const priorityNumber = { critical: 1, high: 2, medium: 3, low: 4 } as const satisfies Record<
  AlarmPriority,
  number
>;

/** Display states, derived from the flags with precedence OOSRV > DSUPR > SHLVD > LATCHED > UNACK/ACKED/RTNUN > NORM. */
export const alarmStates = [
  'NORM',
  'UNACK',
  'ACKED',
  'RTNUN',
  'LATCHED-UNACK',
  'LATCHED-ACK',
  'SHLVD',
  'DSUPR',
  'OOSRV',
] as const;
export type AlarmState = (typeof alarmStates)[number];

/** Orthogonal flags (OPC UA Part 9 §5.8); the display state is derived from them. */
export const AlarmFlags = Type.Object(
  {
    active: Type.Boolean(),
    acked: Type.Boolean(),
    latched: Type.Boolean(),
    shelved: Type.Boolean(),
    suppressed: Type.Boolean(),
    outOfService: Type.Boolean(),
    /** The source's quality is not good: the state is kept, never auto-cleared. */
    uncertain: Type.Boolean(),
  },
  closed,
);
export type AlarmFlags = Static<typeof AlarmFlags>;

/** What an alarm tells the operator; without it an alarm cannot be enabled (ISA-18.2 rationalisation). */
export const AlarmGuidance = Type.Object(
  {
    name: LocalTextSchema,
    cause: LocalTextSchema,
    consequence: LocalTextSchema,
    response: LocalTextSchema,
    timeToRespondMs: DurationMs,
  },
  closed,
);
export type AlarmGuidance = Static<typeof AlarmGuidance>;

/** Raised so often within so long, an alarm returns only when its condition has been gone for `steadyMs`. */
export const Chatter = Type.Object(
  { times: Type.Integer({ minimum: 2, maximum: 20 }), withinMs: DurationMs, steadyMs: DurationMs },
  closed,
);
export type Chatter = Static<typeof Chatter>;

const definitionFields = {
  condition: AlarmCondition,
  /** Left out: in every operating state. */
  enabledWhen: Type.Optional(EnabledWhen),
  onDelayMs: DurationMs,
  offDelayMs: DurationMs,
  /** What comes and goes is held until it is steady; left out: each return counts after its off-delay. */
  chatter: Type.Optional(Chatter),
  priority: literals(alarmPriorities),
  latching: Type.Boolean(),
  lifeSafety: Type.Boolean(),
  opensOrder: Type.Boolean(),
  /** An acknowledged alarm that still stands asks again after this long; left out: never. */
  reAlarmMs: Type.Optional(Type.Integer({ minimum: 1000, description: 'milliseconds' })),
  /** How often it asks again within one occurrence; left out: without end. */
  reAlarmLimit: Type.Optional(Type.Integer({ minimum: 1 })),
  /** Id of the class's failure mode that the order is about; needed when opensOrder. */
  failureMode: Type.Optional(Slug),
  guidance: AlarmGuidance,
  /** What it suppresses by design; left out: nothing. */
  suppresses: Type.Optional(Type.Array(SuppressionGroup)),
  /** How long at most it waits for what may be its cause before it is announced; left out: 30 s. Life safety never waits. */
  causeWaitMs: Type.Optional(DurationMs),
};

/** An alarm of one point of one equipment (or of a device/gateway), as the engine runs it. */
export const AlarmDefinition = Type.Object(
  {
    /** `<site>/<equipment>/<point>#<rule>` */
    id: Type.String(),
    /** Point id; for offline alarms `<site>/<gateway>` or `<site>/<gateway>/<device>`. */
    source: Type.String(),
    equipment: Nullable(Type.String({ description: 'equipment id; null for gateway alarms' })),
    origin: literals(['class', 'site', 'system']),
    enabled: Type.Boolean(),
    ...definitionFields,
  },
  closed,
);
export type AlarmDefinition = Static<typeof AlarmDefinition>;

/** A live alarm: one per definition, with the occurrence it is in. */
export const Alarm = Type.Object(
  {
    id: Type.String({ description: 'the definition id' }),
    occurrence: Nullable(Type.String({ description: 'id of the current or last occurrence' })),
    source: Type.String(),
    equipment: Nullable(Type.String()),
    state: literals(alarmStates),
    flags: AlarmFlags,
    priority: literals(alarmPriorities),
    lifeSafety: Type.Boolean(),
    guidance: AlarmGuidance,
    condition: AlarmCondition,
    /** Wire time at which the condition became true. */
    onsetMs: Nullable(TimeMs),
    /** When it was announced (onset + on-delay). */
    activeMs: Nullable(TimeMs),
    returnedMs: Nullable(TimeMs),
    ackedMs: Nullable(TimeMs),
    ackedBy: Nullable(Type.String()),
    ackComment: Nullable(Type.String()),
    /** Value at onset, and the last one seen while active. */
    onsetValue: Type.Union([Type.Number(), Type.Boolean(), Type.String(), Type.Null()]),
    lastValue: Type.Union([Type.Number(), Type.Boolean(), Type.String(), Type.Null()]),
    /** Activations within this occurrence. */
    count: Type.Integer({ minimum: 0 }),
    /** How often it has asked again within this occurrence. */
    reAlarms: Type.Integer({ minimum: 0 }),
    /** The highest that the priority has risen to within this occurrence, which holds it there; null: it has not risen. */
    heldPriority: Nullable(literals(alarmPriorities)),
    shelving: Nullable(Shelving),
    /** What suppresses it by design, sorted; it is suppressed as long as there is anything. */
    suppressedBy: Type.Array(Type.String()),
    serviceRemoval: Nullable(ServiceRemoval),
    /** The alarm that came first in its group (what suppresses it, or its equipment with its parts); null: it came first itself, or alone. */
    firstOut: Nullable(Type.String()),
    /** Id of the test mode in which its occurrence began: it is shown as a test, and nobody is called; null: it is real. */
    testMode: Nullable(Type.String()),
    workOrder: Nullable(Type.String()),
    /** The alarm that explains it so far that no order is opened for it; null: none does. */
    orderWaitsFor: Nullable(Type.String()),
    /** Rises with every change; a mirror keeps the highest. */
    revision: Type.Integer({ minimum: 0 }),
  },
  closed,
);
export type Alarm = Static<typeof Alarm>;

export const journalActions = [
  'activated',
  'reactivated',
  'acknowledged',
  'returned',
  'latched',
  'reset',
  'closed',
  'uncertain',
  'certain',
  'configured',
  'order-opened',
  'order-appended',
  /** Something else has to be mended: its order waits until that is over. */
  'order-withheld',
  /** Late data shows that the alarm was raised or returned earlier than live data could tell. */
  'corrected',
  'shelved',
  'unshelved',
  /** Its time has come, or the condition has returned once. */
  'shelving-expired',
  'suppressed',
  'unsuppressed',
  'out-of-service',
  'returned-to-service',
  /** Somebody has to look whether it is still to be out of service. */
  'review-due',
  're-alarmed',
  'severity-raised',
  'commented',
  /** Of the equipment (`<equipment>#test-mode`). */
  'test-started',
  'test-extended',
  'test-expired',
  /** Of the equipment too; of an alarm: what stands is real from now on, what does not is over. */
  'test-ended',
  /** Of an operating position (`<site>/positions#flood/<position>`). */
  'flood-began',
  'flood-ended',
] as const;

/** What an action says beside its comment; only what belongs to the action. */
export const JournalDetails = Type.Object(
  {
    mode: Type.Optional(literals(shelvingModes)),
    /** End of the shelving. */
    untilMs: Type.Optional(TimeMs),
    /** What suppresses, or did, or what its order waits for; of an alarm that a test mode has left standing: the test mode. */
    cause: Type.Optional(Type.String()),
    /** The alarm that came first in its group. */
    firstOut: Type.Optional(Type.String()),
    approver: Type.Optional(Type.String()),
    workOrder: Type.Optional(Type.String()),
    reviewMs: Type.Optional(TimeMs),
    priorityBefore: Type.Optional(literals(alarmPriorities)),
    /** Id of the test mode to which the entry belongs: nobody was called. */
    test: Type.Optional(Type.String()),
    flood: Type.Optional(FloodFigures),
    /** The definition is gone or disabled. */
    withdrawn: Type.Optional(Type.Literal(true)),
  },
  closed,
);
export type JournalDetails = Static<typeof JournalDetails>;

/** Append-only. Why a state changed: who, when by both clocks, from what to what. */
export const AlarmJournalEntry = Type.Object(
  {
    seq: Type.Integer({ minimum: 1 }),
    alarm: Type.String(),
    occurrence: Nullable(Type.String()),
    action: literals(journalActions),
    stateBefore: literals(alarmStates),
    stateAfter: literals(alarmStates),
    priority: literals(alarmPriorities),
    /** Wire time for what the equipment did, server time for what an operator did. */
    atMs: TimeMs,
    recordedMs: TimeMs,
    /** Found in late data when it was over already: the state did not change, nobody was called. */
    historical: Type.Boolean(),
    user: Nullable(Type.String()),
    comment: Nullable(Type.String()),
    details: Nullable(JournalDetails),
    value: Type.Union([Type.Number(), Type.Boolean(), Type.String(), Type.Null()]),
  },
  closed,
);
export type AlarmJournalEntry = Static<typeof AlarmJournalEntry>;

export const AcknowledgeRequest = Type.Object({ comment: Type.Optional(Type.String({ maxLength: 1000 })) }, closed);

/** A limit that an engineer sets on a point in the dashboard; missing guidance is filled by the server's generic texts. */
export const PointLimit = Type.Object(
  {
    kind: literals(limitKinds),
    limit: Type.Number(),
    deadband: Type.Optional(Type.Number({ minimum: 0 })),
    onDelayMs: Type.Optional(DurationMs),
    offDelayMs: Type.Optional(DurationMs),
    priority: literals(alarmPriorities),
    opensOrder: Type.Boolean(),
    enabled: Type.Boolean(),
    guidance: Type.Optional(Type.Partial(AlarmGuidance)),
    /** Why it is set or changed; kept in the audit. */
    reason: Type.String({ minLength: 1, maxLength: 1000 }),
  },
  closed,
);
export type PointLimit = Static<typeof PointLimit>;

export const deviceOfflineName: LocalText = { zh: '采集设备离线', en: 'Device offline' };
export const gatewayOfflineName: LocalText = { zh: '网关离线', en: 'Gateway offline' };
