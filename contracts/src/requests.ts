import Type, { type Static } from 'typebox';
import { alarmStates } from './alarm.ts';
import { alarmPriorities } from './alarm-condition.ts';
import { CurrentValue, Point, page, roles } from './api.ts';
import { Count, closed, literals, Nullable, TimeMs } from './schema.ts';
import { WorkOrder, workOrderStates } from './work-order.ts';

/** Queries and answers; what people do to alarms: alarm-acts.ts. */
const Limit = Type.Integer({ minimum: 1, maximum: 1000, description: 'items a page; left out: 200' });

export const AlarmQuery = Type.Object(
  {
    site: Type.Optional(Type.String()),
    /** Equipment id. */
    equipment: Type.Optional(Type.String()),
    state: Type.Optional(literals(alarmStates)),
    priority: Type.Optional(literals(alarmPriorities)),
    /** Alarm id: only what it suppresses, and what came behind it in its group. */
    cause: Type.Optional(Type.String()),
    /** Left out: only alarms that are not NORM. */
    all: Type.Optional(Type.Boolean()),
  },
  closed,
);

/** `reason` is kept in the audit. */
export const LimitRemoval = Type.Object({ reason: Type.String({ minLength: 1, maxLength: 1000 }) }, closed);

export const WorkOrderQuery = Type.Object(
  {
    equipment: Type.Optional(Type.String()),
    site: Type.Optional(Type.String()),
    state: Type.Optional(literals(workOrderStates)),
    assignee: Type.Optional(Type.String()),
    /** true: only those that are not closed or cancelled; left out: all. */
    open: Type.Optional(Type.Boolean()),
    after: Type.Optional(Count),
    limit: Type.Optional(Limit),
  },
  closed,
);
export type WorkOrderQuery = Static<typeof WorkOrderQuery>;
export const WorkOrderPage = page(WorkOrder);

export const CommentRequest = Type.Object({ comment: Type.String({ minLength: 1, maxLength: 2000 }) }, closed);
export const ChecklistStepRequest = Type.Object({ done: Type.Boolean() }, closed);

export const usernamePattern = '^[a-z0-9][a-z0-9._-]{1,31}$';
const Password = Type.String({ minLength: 8, maxLength: 200 });

export const User = Type.Object(
  { username: Type.String(), role: literals(roles), disabled: Type.Boolean(), createdMs: TimeMs },
  closed,
);
export type User = Static<typeof User>;
export const UserCreate = Type.Object(
  { username: Type.String({ pattern: usernamePattern }), role: literals(roles), password: Password },
  closed,
);
/** What is left out stays. Disabling or a new password ends the user's sessions. */
export const UserChange = Type.Object(
  {
    role: Type.Optional(literals(roles)),
    disabled: Type.Optional(Type.Boolean()),
    password: Type.Optional(Password),
  },
  closed,
);
export type UserChange = Static<typeof UserChange>;

export const ApiToken = Type.Object(
  {
    id: Type.String(),
    name: Type.String(),
    role: literals(roles),
    createdBy: Type.String(),
    createdMs: TimeMs,
    lastUsedMs: Nullable(TimeMs),
  },
  closed,
);
export type ApiToken = Static<typeof ApiToken>;
export const ApiTokenCreate = Type.Object(
  { name: Type.String({ minLength: 1, maxLength: 100 }), role: literals(roles) },
  closed,
);
/** The only time that the token itself is told. */
export const ApiTokenCreated = Type.Object({ ...ApiToken.properties, token: Type.String() }, closed);

export const AuditEntry = Type.Object(
  {
    seq: Type.Integer(),
    atMs: TimeMs,
    user: Type.String(),
    action: Type.String(),
    subject: Type.String(),
    reason: Nullable(Type.String()),
    details: Type.Unknown(),
  },
  closed,
);
export type AuditEntry = Static<typeof AuditEntry>;
export const AuditQuery = Type.Object(
  {
    subject: Type.Optional(Type.String()),
    user: Type.Optional(Type.String()),
    after: Type.Optional(Count),
    limit: Type.Optional(Limit),
  },
  closed,
);
export type AuditQuery = Static<typeof AuditQuery>;
export const AuditPage = page(AuditEntry);

/** A point with its value; a point that has told nothing since the server started has value null, quality bad, times 0. */
export const PointWithValue = Type.Object({ ...Point.properties, ...CurrentValue.properties }, closed);
export type PointWithValue = Static<typeof PointWithValue>;

/** Points of one site, of one equipment or by id. */
export const PointQuery = Type.Object(
  {
    site: Type.Optional(Type.String()),
    equipment: Type.Optional(Type.String()),
    id: Type.Optional(Type.Union([Type.String(), Type.Array(Type.String(), { maxItems: 1000 })])),
  },
  closed,
);

/** A device profile of the catalogue, in short. */
export const ProfileSummary = Type.Object(
  {
    profile: Type.String(),
    vendor: Type.String(),
    model: Type.String(),
    protocol: literals(['modbus', 'mqtt']),
    certainty: Type.String(),
    classes: Type.Array(Type.String()),
    points: Type.Integer(),
    sources: Type.Array(Type.String()),
  },
  closed,
);
export type ProfileSummary = Static<typeof ProfileSummary>;
