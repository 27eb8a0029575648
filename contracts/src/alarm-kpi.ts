import Type, { type Static } from 'typebox';
import { alarmStates } from './alarm.ts';
import { alarmPriorities } from './alarm-condition.ts';
import { LocalText } from './local-text.ts';
import { closed, DurationMs, literals, Nullable, TimeMs } from './schema.ts';
import { systems } from './systems.ts';

/** One operator's share of a site, as its file says; what no position names belongs to the first. */
export const OperatingPosition = Type.Object(
  {
    id: Type.String(),
    name: LocalText,
    systems: Type.Array(literals(systems)),
    equipment: Type.Array(Type.String({ description: 'equipment id; goes before its system' })),
  },
  closed,
);
export type OperatingPosition = Static<typeof OperatingPosition>;

export const OperatingPositionQuery = Type.Object({ site: Type.String() }, closed);

export const AlarmKpiQuery = Type.Object(
  {
    site: Type.String(),
    /** Left out: all positions together; averages are then those of one position. */
    position: Type.Optional(Type.String()),
    /** Server time, inclusive; left out: 30 days before the end. */
    from: Type.Optional(TimeMs),
    /** Exclusive; left out, or in the future: now. At most 400 days after the start. */
    to: Type.Optional(TimeMs),
  },
  closed,
);
export type AlarmKpiQuery = Static<typeof AlarmKpiQuery>;

export const alarmKpiIds = [
  'alarms-per-day',
  'alarms-per-hour',
  'alarms-per-10-min',
  'peak-10-min',
  'flood-share',
  'floods',
  'longest-flood',
  'hours-over-30',
  'top-10-share',
  'chattering',
  'fleeting',
  'stale',
  'acknowledge-median',
  'acknowledge-p95',
  'unacknowledged',
  'shelved',
  'shelved-time',
  'out-of-service',
  'out-of-service-time',
  'out-of-service-without-order',
  'unauthorised-changes',
  're-alarms',
] as const;
export type AlarmKpiId = (typeof alarmKpiIds)[number];

/** `reported`: there is no target. `no-data`: nothing to reckon it from. */
export const alarmKpiVerdicts = ['on-target', 'manageable', 'over', 'reported', 'no-data'] as const;
export type AlarmKpiVerdict = (typeof alarmKpiVerdicts)[number];

export const AlarmKpi = Type.Object(
  {
    id: literals(alarmKpiIds),
    /** Of `unit`; null: no data. */
    value: Nullable(Type.Number()),
    /** `share`: 0 to 1. */
    unit: literals(['count', 'share', 'ms']),
    target: Nullable(Type.Number()),
    /** The most that an operator can manage. */
    maximum: Nullable(Type.Number()),
    /** true: the value has to be below the target; false: it may reach it. */
    below: Type.Boolean(),
    verdict: literals(alarmKpiVerdicts),
  },
  closed,
);
export type AlarmKpi = Static<typeof AlarmKpi>;

/** More than ten annunciated alarms in ten minutes, until there are fewer than five. */
export const AlarmFlood = Type.Object(
  {
    fromMs: TimeMs,
    toMs: TimeMs,
    alarms: Type.Integer(),
    /** Most in one ten-minute period. */
    peak: Type.Integer(),
  },
  closed,
);
export type AlarmFlood = Static<typeof AlarmFlood>;

const subject = {
  alarm: Type.String(),
  equipment: Nullable(Type.String()),
  name: Nullable(LocalText),
};

export const BadActor = Type.Object(
  {
    ...subject,
    count: Type.Integer(),
    /** Of all annunciated alarms. */
    share: Type.Number(),
    /** Activations that were one of three or more within 60 s. */
    chattering: Type.Integer(),
    /** Activations that returned within 5 s. */
    fleeting: Type.Integer(),
    /** Of its activations; what is still active counts up to the end. */
    medianMs: DurationMs,
  },
  closed,
);
export type BadActor = Static<typeof BadActor>;

export const StaleAlarm = Type.Object(
  {
    ...subject,
    priority: literals(alarmPriorities),
    /** State at the end of the period. */
    state: literals(alarmStates),
    sinceMs: TimeMs,
    /** Null: still active at the end of the period. */
    returnedMs: Nullable(TimeMs),
  },
  closed,
);
export type StaleAlarm = Static<typeof StaleAlarm>;

export const PriorityShare = Type.Object(
  {
    priority: literals(alarmPriorities),
    /** Enabled definitions now. */
    configured: Type.Integer(),
    annunciated: Type.Integer(),
    /** Share that is aimed at: at least for low, at most for the others. */
    target: Type.Number(),
    configuredVerdict: literals(alarmKpiVerdicts),
    annunciatedVerdict: literals(alarmKpiVerdicts),
  },
  closed,
);
export type PriorityShare = Static<typeof PriorityShare>;

export const AlarmKpiReport = Type.Object(
  {
    site: Type.String(),
    position: Nullable(Type.String()),
    /** Positions that averages are divided by. */
    positions: Type.Integer({ minimum: 1 }),
    fromMs: TimeMs,
    toMs: TimeMs,
    /** Less than 30 days: too short to judge by. */
    isShort: Type.Boolean(),
    annunciated: Type.Integer(),
    kpis: Type.Array(AlarmKpi),
    /** Annunciated alarms in each ten-minute period of the site's clock, empty ones included. */
    rate: Type.Object({ fromMs: TimeMs, stepMs: DurationMs, counts: Type.Array(Type.Integer()) }, closed),
    floods: Type.Array(AlarmFlood),
    /** The ten that were annunciated most. */
    badActors: Type.Array(BadActor),
    /** Active for more than 24 h at some time in the period, longest first; at most 200. */
    stale: Type.Array(StaleAlarm),
    priorities: Type.Array(PriorityShare),
    /** Ms that alarms spent in each state, all alarms together; without normal. */
    timeInState: Type.Record(Type.String(), DurationMs),
  },
  closed,
);
export type AlarmKpiReport = Static<typeof AlarmKpiReport>;
