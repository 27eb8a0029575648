import {
  PlantroomError,
  type WorkOrder,
  type WorkOrderActionRequest,
  type WorkOrderEvent,
  workOrderTransitions,
} from '@plantroom/contracts';

export type OrderEventRecord = Omit<WorkOrderEvent, 'seq'>;

export interface OrderChange {
  order: WorkOrder;
  events: readonly OrderEventRecord[];
}

type Refusal = 'WORK_ORDER_STALE' | 'WORK_ORDER_TRANSITION' | 'WORK_ORDER_NEEDS';

/** An act that the order's state, its revision or the request's own content forbids. */
export class WorkOrderRefusal extends PlantroomError {
  readonly field: string | undefined;

  constructor(code: Refusal, message: string, field?: string) {
    super(code, message);
    this.name = 'WorkOrderRefusal';
    this.field = field;
  }
}

/** Pure: a person's act on an order, by the contracts' table. Throws WorkOrderRefusal. */
export function applyAction(
  order: WorkOrder,
  request: WorkOrderActionRequest,
  { user, nowMs }: { user: string; nowMs: number },
): OrderChange {
  const { action } = request;
  const rule = workOrderTransitions[action];
  if (request.revision !== undefined && request.revision !== order.revision) {
    throw new WorkOrderRefusal(
      'WORK_ORDER_STALE',
      `order ${order.id} has moved on: revision ${order.revision}, not ${request.revision}`,
      'revision',
    );
  }
  if (!rule.from.includes(order.state)) {
    throw new WorkOrderRefusal(
      'WORK_ORDER_TRANSITION',
      `"${action}" is not possible in state "${order.state}" of ${order.id}; it is from ${rule.from.join(', ')}`,
      'action',
    );
  }
  for (const need of rule.needs) {
    if (!request[need]?.trim()) throw new WorkOrderRefusal('WORK_ORDER_NEEDS', `"${action}" needs ${need}`, need);
  }
  const changed: WorkOrder = {
    ...order,
    state: rule.to,
    assignee: assigneeAfter(order, request, user),
    holdReason: action === 'hold' ? (request.holdReason ?? null) : null,
    closedMs: rule.to === 'closed' || rule.to === 'cancelled' ? nowMs : null,
    reopenedCount: order.reopenedCount + (action === 'reopen' ? 1 : 0),
    updatedMs: nowMs,
    revision: order.revision + 1,
  };
  const event: OrderEventRecord = {
    atMs: nowMs,
    kind: action,
    user,
    comment: request.comment?.trim() || null,
    stateBefore: order.state,
    stateAfter: rule.to,
  };
  return { order: changed, events: [event] };
}

function assigneeAfter(order: WorkOrder, request: WorkOrderActionRequest, user: string): string | null {
  switch (request.action) {
    case 'assign':
    case 'transfer':
      return request.assignee ?? null;
    // Taking an order that nobody was given makes it one's own.
    case 'accept':
      return request.assignee ?? order.assignee ?? user;
    case 'reject':
    case 'reopen':
      return null;
    default:
      return order.assignee;
  }
}
