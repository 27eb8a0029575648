import Type, { type Static } from 'typebox';
import { closed, literals, TimeMs } from './schema.ts';

/** `one-shot`: until the condition returns once, and no longer than `untilMs` either. */
export const shelvingModes = ['timed', 'one-shot'] as const;
export type ShelvingMode = (typeof shelvingModes)[number];

/** An operator's decision not to be told for a while. Server times. */
export const Shelving = Type.Object(
  {
    mode: literals(shelvingModes),
    atMs: TimeMs,
    /** When it ends by itself. */
    untilMs: TimeMs,
    by: Type.String(),
    reason: Type.String(),
  },
  closed,
);
export type Shelving = Static<typeof Shelving>;

/** Authorised maintenance: the alarm is not told until somebody returns it to service. Server times. */
export const ServiceRemoval = Type.Object(
  {
    atMs: TimeMs,
    by: Type.String(),
    approver: Type.String(),
    /** Number of the work order or permit. */
    workOrder: Type.String(),
    /** When somebody has to look whether it is still needed; it does not end by itself. */
    reviewMs: TimeMs,
    /** That time has come. */
    reviewDue: Type.Boolean(),
    reason: Type.String(),
  },
  closed,
);
export type ServiceRemoval = Static<typeof ServiceRemoval>;

/** Why an operator's act on an alarm is refused; the alarm is unchanged then. */
export const alarmRefusals = [
  /** It cannot be reset while the condition holds. */
  'ALARM_ACTIVE',
  'ALARM_NOT_ACKNOWLEDGED',
  /** Life safety is never shelved, suppressed or put out of service. */
  'ALARM_LIFE_SAFETY',
  /** Suppressed by design or out of service: there is nothing to shelve. */
  'ALARM_NOT_SHOWN',
  /** The end lies in the past or beyond the longest time allowed. */
  'SHELVING_TIME_OUT_OF_RANGE',
  'REVIEW_DATE_OUT_OF_RANGE',
] as const;
export type AlarmRefusal = (typeof alarmRefusals)[number];
