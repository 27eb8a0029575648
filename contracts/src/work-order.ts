import Type, { type Static } from 'typebox';
import { alarmPriorities } from './alarm-condition.ts';
import { LocalText } from './local-text.ts';
import { closed, literals, Nullable, TimeMs } from './schema.ts';

export const workOrderStates = [
  'open',
  'assigned',
  'accepted',
  'en-route',
  'in-progress',
  'on-hold',
  'done',
  'verified',
  'visited',
  'closed',
  'cancelled',
  'cannot-complete',
] as const;
export type WorkOrderState = (typeof workOrderStates)[number];

export const workOrderActions = [
  'assign',
  'accept',
  'reject',
  'transfer',
  'depart',
  'start',
  'hold',
  'resume',
  'complete',
  'fail',
  'verify',
  'rework',
  'visit',
  'close',
  'cancel',
  'reopen',
] as const;
export type WorkOrderAction = (typeof workOrderActions)[number];

export const holdReasons = ['parts', 'access', 'vendor', 'permit', 'weather', 'customer'] as const;

interface Transition {
  from: readonly WorkOrderState[];
  to: WorkOrderState;
  /** What the request must carry. */
  needs: readonly ('assignee' | 'comment' | 'holdReason')[];
}

/** The whole life of an order; server and dashboard read the same table. 退单 (reject) goes back to open, 转单 (transfer) to another person. */
export const workOrderTransitions: Record<WorkOrderAction, Transition> = {
  assign: { from: ['open'], to: 'assigned', needs: ['assignee'] },
  accept: { from: ['open', 'assigned'], to: 'accepted', needs: [] },
  reject: { from: ['assigned', 'accepted'], to: 'open', needs: ['comment'] },
  transfer: {
    from: ['assigned', 'accepted', 'en-route', 'in-progress', 'on-hold'],
    to: 'assigned',
    needs: ['assignee', 'comment'],
  },
  depart: { from: ['accepted'], to: 'en-route', needs: [] },
  start: { from: ['accepted', 'en-route'], to: 'in-progress', needs: [] },
  hold: { from: ['in-progress'], to: 'on-hold', needs: ['holdReason'] },
  resume: { from: ['on-hold'], to: 'in-progress', needs: [] },
  complete: { from: ['in-progress'], to: 'done', needs: ['comment'] },
  fail: { from: ['in-progress', 'on-hold'], to: 'cannot-complete', needs: ['comment'] },
  verify: { from: ['done'], to: 'verified', needs: [] },
  rework: { from: ['done'], to: 'in-progress', needs: ['comment'] },
  visit: { from: ['verified'], to: 'visited', needs: [] },
  close: { from: ['verified', 'visited', 'cannot-complete'], to: 'closed', needs: [] },
  cancel: { from: ['open', 'assigned', 'accepted'], to: 'cancelled', needs: ['comment'] },
  reopen: { from: ['done', 'verified', 'visited', 'closed', 'cannot-complete'], to: 'open', needs: ['comment'] },
};

/** States in which an order counts as open for the rule "one per (equipment, failure mode)". */
export const openWorkOrderStates = workOrderStates.filter(
  (s) => s !== 'closed' && s !== 'cancelled',
) as readonly WorkOrderState[];

export function allowedWorkOrderActions(state: WorkOrderState): WorkOrderAction[] {
  return workOrderActions.filter((action) => workOrderTransitions[action].from.includes(state));
}

export const WorkOrderEvidence = Type.Object(
  {
    atMs: TimeMs,
    alarm: Type.String(),
    occurrence: Type.String(),
    text: LocalText,
    value: Type.Union([Type.Number(), Type.Boolean(), Type.String(), Type.Null()]),
  },
  closed,
);
export type WorkOrderEvidence = Static<typeof WorkOrderEvidence>;

export const ChecklistStep = Type.Object(
  { text: LocalText, done: Type.Boolean(), by: Nullable(Type.String()), atMs: Nullable(TimeMs) },
  closed,
);
export type ChecklistStep = Static<typeof ChecklistStep>;

export const workOrderEventKinds = [
  ...workOrderActions,
  'opened',
  'evidence',
  'condition-cleared',
  'priority',
  'comment',
  'checklist',
] as const;

export const WorkOrderEvent = Type.Object(
  {
    seq: Type.Integer(),
    atMs: TimeMs,
    kind: literals(workOrderEventKinds),
    user: Nullable(Type.String()),
    comment: Nullable(Type.String()),
    stateBefore: literals(workOrderStates),
    stateAfter: literals(workOrderStates),
  },
  closed,
);
export type WorkOrderEvent = Static<typeof WorkOrderEvent>;

export const WorkOrder = Type.Object(
  {
    /** `WO-000123` */
    id: Type.String(),
    equipment: Type.String({ description: 'equipment id' }),
    failureMode: Type.String(),
    title: LocalText,
    state: literals(workOrderStates),
    priority: literals(alarmPriorities),
    lifeSafety: Type.Boolean(),
    assignee: Nullable(Type.String()),
    holdReason: Nullable(literals(holdReasons)),
    openedMs: TimeMs,
    updatedMs: TimeMs,
    closedMs: Nullable(TimeMs),
    /** The condition that opened it has returned to normal: verify before closing. */
    conditionCleared: Type.Boolean(),
    evidenceCount: Type.Integer({ minimum: 1 }),
    reopenedCount: Type.Integer({ minimum: 0 }),
    skills: Type.Array(Type.String()),
    estimatedMinutes: Nullable(Type.Integer({ minimum: 0 })),
    revision: Type.Integer({ minimum: 0 }),
  },
  closed,
);
export type WorkOrder = Static<typeof WorkOrder>;

export const WorkOrderDetail = Type.Object(
  {
    ...WorkOrder.properties,
    evidence: Type.Array(WorkOrderEvidence),
    checklist: Type.Array(ChecklistStep),
    events: Type.Array(WorkOrderEvent),
    allowedActions: Type.Array(literals(workOrderActions)),
  },
  closed,
);
export type WorkOrderDetail = Static<typeof WorkOrderDetail>;

export const WorkOrderActionRequest = Type.Object(
  {
    action: literals(workOrderActions),
    assignee: Type.Optional(Type.String({ minLength: 1 })),
    holdReason: Type.Optional(literals(holdReasons)),
    comment: Type.Optional(Type.String({ maxLength: 2000 })),
    /** Refused with 409 when the order has moved on since. */
    revision: Type.Optional(Type.Integer({ minimum: 0 })),
  },
  closed,
);
export type WorkOrderActionRequest = Static<typeof WorkOrderActionRequest>;
