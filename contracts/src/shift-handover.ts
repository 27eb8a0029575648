import Type, { type Static } from 'typebox';
import { alarmStates } from './alarm.ts';
import { alarmPriorities } from './alarm-condition.ts';
import { PositionFlood } from './alarm-flood.ts';
import { page } from './api.ts';
import { LocalText } from './local-text.ts';
import { Count, closed, literals, Nullable, TimeMs } from './schema.ts';
import { Shift } from './site-operations.ts';
import { workOrderEventKinds, workOrderStates } from './work-order.ts';

const subject = { alarm: Type.String(), equipment: Nullable(Type.String()), name: Nullable(LocalText) };

/** An alarm that is handed over: standing, or hidden until a time or by a removal from service. */
export const HandoverAlarm = Type.Object(
  {
    ...subject,
    priority: literals(alarmPriorities),
    lifeSafety: Type.Boolean(),
    state: literals(alarmStates),
    sinceMs: Nullable(TimeMs),
    ackedBy: Nullable(Type.String()),
    ackedMs: Nullable(TimeMs),
    /** Who hid it and why; null: it is not hidden by a person. */
    hiddenBy: Nullable(Type.String()),
    reason: Nullable(Type.String()),
    /** End of the shelving, or the date of review. */
    untilMs: Nullable(TimeMs),
    workOrder: Nullable(Type.String()),
  },
  closed,
);
export type HandoverAlarm = Static<typeof HandoverAlarm>;

export const HandoverOrder = Type.Object(
  {
    id: Type.String(),
    equipment: Type.String(),
    title: LocalText,
    state: literals(workOrderStates),
    priority: literals(alarmPriorities),
    assignee: Nullable(Type.String()),
    /** What was done to it in the shift, oldest first. */
    changes: Type.Array(
      Type.Object({ atMs: TimeMs, kind: literals(workOrderEventKinds), user: Nullable(Type.String()) }, closed),
    ),
  },
  closed,
);
export type HandoverOrder = Static<typeof HandoverOrder>;

/** What the leaving engineer hands over; once signed it is kept as it was. */
export const ShiftReport = Type.Object(
  {
    /** When it was made; the shift up to then. */
    madeMs: TimeMs,
    standing: Type.Array(HandoverAlarm),
    hidden: Type.Array(HandoverAlarm),
    annunciated: Type.Integer(),
    acknowledged: Type.Integer(),
    returned: Type.Integer(),
    /** Each raise of a life-safety alarm in the shift. */
    lifeSafety: Type.Array(Type.Object({ ...subject, atMs: TimeMs }, closed)),
    /** Those that ended in the shift or go on, oldest first; left out: the report is older than the list. */
    floods: Type.Optional(Type.Array(PositionFlood)),
    /** Open ones, and those that were ended in the shift. */
    orders: Type.Array(HandoverOrder),
    away: Type.Array(
      Type.Object({ kind: literals(['gateway', 'device']), id: Type.String(), sinceMs: TimeMs }, closed),
    ),
  },
  closed,
);
export type ShiftReport = Static<typeof ShiftReport>;

/** `open`: nobody has signed. `left`: the leaving engineer has. `taken`: both have. */
export const handoverStates = ['open', 'left', 'taken'] as const;

const handover = {
  /** Null: nothing of it has been kept yet. */
  id: Nullable(Type.String()),
  site: Type.String(),
  /** Whose shift it is; null: the site has one position for all. One that the site file no longer has keeps its id for a name. */
  position: Nullable(Type.Object({ id: Type.String(), name: LocalText }, closed)),
  shift: Shift,
  fromMs: TimeMs,
  toMs: TimeMs,
  state: literals(handoverStates),
  notes: Type.String(),
  leftBy: Nullable(Type.String()),
  leftMs: Nullable(TimeMs),
  takenBy: Nullable(Type.String()),
  takenMs: Nullable(TimeMs),
  /** What the taking engineer adds. */
  remark: Nullable(Type.String()),
};
export const HandoverSummary = Type.Object(handover, closed);
export type HandoverSummary = Static<typeof HandoverSummary>;
export const ShiftHandover = Type.Object({ ...handover, report: ShiftReport }, closed);
export type ShiftHandover = Static<typeof ShiftHandover>;

const Notes = Type.String({ maxLength: 10_000 });
/** Id of an operating position; needed where the site has several. */
const Position = Type.Optional(Type.String());
/** Newest first. */
export const HandoverQuery = Type.Object(
  {
    site: Type.String(),
    position: Type.Optional(Type.String({ description: 'left out: of all positions' })),
    after: Type.Optional(Count),
    limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 200, description: 'left out: 50' })),
  },
  closed,
);
export const HandoverPage = page(HandoverSummary);
/** `at`: a time in the shift; left out: now. */
export const ShiftHandoverQuery = Type.Object(
  { site: Type.String(), position: Position, at: Type.Optional(TimeMs) },
  closed,
);
/** `fromMs`: start of the shift. */
export const HandoverNotes = Type.Object(
  { site: Type.String(), position: Position, fromMs: TimeMs, notes: Notes },
  closed,
);
/** Signs as the one who is signed in or, at the same screen, as another with name and password. */
export const HandoverTake = Type.Object(
  {
    remark: Type.Optional(Type.String({ maxLength: 2_000 })),
    username: Type.Optional(Type.String({ minLength: 1 })),
    password: Type.Optional(Type.String({ minLength: 1 })),
  },
  closed,
);
