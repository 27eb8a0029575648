import Type, { type Static } from 'typebox';
import { Alarm } from './alarm.ts';
import { alarmRefusals, shelvingModes } from './alarm-hiding.ts';
import { closed, literals, TimeMs } from './schema.ts';

/** Bodies and answers of what people do to alarms. Ids of alarms contain `/` and `#`, so acts carry them in the body. */
const Words = Type.String({ minLength: 1, maxLength: 1000, pattern: '\\S' });
const common = {
  ids: Type.Array(Type.String(), { minItems: 1, maxItems: 1000, uniqueItems: true }),
  /** Of the caller's own choice, kept for a day: the same act of the same user under the same id is answered as before, and not done again. */
  actId: Type.Optional(Type.String({ minLength: 1, maxLength: 100 })),
};

/** Acknowledge, reset, unshelve, return to service. */
export const AlarmActRequest = Type.Object(
  { ...common, comment: Type.Optional(Type.String({ maxLength: 1000 })) },
  closed,
);
export type AlarmActRequest = Static<typeof AlarmActRequest>;

export const AlarmCommentRequest = Type.Object({ ...common, comment: Words }, closed);
export type AlarmCommentRequest = Static<typeof AlarmCommentRequest>;

export const AlarmShelveRequest = Type.Object(
  {
    ...common,
    mode: literals(shelvingModes),
    /** From now; left out: the longest time that the site allows (see alarm rules). */
    durationMs: Type.Optional(Type.Integer({ minimum: 1, description: 'milliseconds' })),
    reason: Words,
  },
  closed,
);
export type AlarmShelveRequest = Static<typeof AlarmShelveRequest>;

export const AlarmOutOfServiceRequest = Type.Object(
  {
    ...common,
    /** User name of an engineer or administrator other than the caller; the caller only when there is no other. */
    approver: Type.String({ minLength: 1, maxLength: 100 }),
    /** The approver's, given at the same screen; only oneself needs none. It is kept nowhere. */
    password: Type.Optional(Type.String({ minLength: 1, maxLength: 200 })),
    /** Number of the work order or permit. */
    workOrder: Type.String({ minLength: 1, maxLength: 100, pattern: '\\S' }),
    /** Server time at which somebody has to look whether it is still needed. */
    reviewMs: TimeMs,
    reason: Words,
  },
  closed,
);
export type AlarmOutOfServiceRequest = Static<typeof AlarmOutOfServiceRequest>;

/** `alarms`: as they are now, also those that needed no change (an act may be repeated). */
export const AlarmActResult = Type.Object(
  {
    alarms: Type.Array(Alarm),
    refused: Type.Array(
      Type.Object({ id: Type.String(), code: literals(['ALARM_UNKNOWN', ...alarmRefusals]) }, closed),
    ),
  },
  closed,
);
export type AlarmActResult = Static<typeof AlarmActResult>;

/** What the site allows people to do to alarms. */
export const AlarmRules = Type.Object(
  {
    maxShelvingMs: Type.Integer({ description: 'longest shelving from now, milliseconds' }),
    approvers: Type.Array(Type.String(), { description: 'user names that the caller may name for out of service' }),
  },
  closed,
);
export type AlarmRules = Static<typeof AlarmRules>;
