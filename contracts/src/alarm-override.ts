import Type, { type Static } from 'typebox';
import { AlarmDefinition, AlarmGuidance } from './alarm.ts';
import { AlarmCondition, alarmPriorities, EnabledWhen } from './alarm-condition.ts';
import { closed, DurationMs, literals, Nullable, Slug, TimeMs } from './schema.ts';

/**
 * What a site changes about an alarm of a class, or an alarm of its own. What is left out stays as the class has it; an alarm of its own says
 * condition, priority and all of its guidance.
 */
export const AlarmOverride = Type.Object(
  {
    enabled: Type.Optional(Type.Boolean()),
    condition: Type.Optional(AlarmCondition),
    /** Null: in every operating state, whatever the class says. */
    enabledWhen: Type.Optional(Nullable(EnabledWhen)),
    onDelayMs: Type.Optional(DurationMs),
    offDelayMs: Type.Optional(DurationMs),
    priority: Type.Optional(literals(alarmPriorities)),
    latching: Type.Optional(Type.Boolean()),
    opensOrder: Type.Optional(Type.Boolean()),
    failureMode: Type.Optional(Slug),
    guidance: Type.Optional(Type.Partial(AlarmGuidance)),
    /** Why it is so; kept in the audit. */
    reason: Type.String({ minLength: 1, maxLength: 1000 }),
  },
  closed,
);
export type AlarmOverride = Static<typeof AlarmOverride>;

export const alarmMarks = ['default', 'overridden', 'added', 'disabled'] as const;
export type AlarmMark = (typeof alarmMarks)[number];

/** An alarm as it is in force, beside what its class says. */
export const AlarmSetting = Type.Object(
  {
    mark: literals(alarmMarks),
    inForce: AlarmDefinition,
    /** Null: the class has no such alarm. */
    classDefault: Nullable(AlarmDefinition),
    /** Null: nothing is changed, or by a limit of the point only. */
    override: Nullable(AlarmOverride),
    /** Who changed it, when and why; null: nobody. */
    changed: Nullable(Type.Object({ by: Type.String(), atMs: TimeMs, reason: Type.String() }, closed)),
  },
  closed,
);
export type AlarmSetting = Static<typeof AlarmSetting>;

export const AlarmSettingsQuery = Type.Object(
  { equipment: Type.String({ description: '`<site>/<equipment>`' }) },
  closed,
);
export const AlarmSettings = Type.Object({ items: Type.Array(AlarmSetting) }, closed);
