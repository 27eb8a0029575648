import {
  type Alarm,
  type AlarmPriority,
  type LocalText,
  type PointValue,
  priorityNumber,
  type WorkOrder,
} from '@plantroom/contracts';
import type { OrderChange, OrderEventRecord } from './transitions.ts';

/** A recurrence within this time after closing is the same trouble again, not a new one. */
export const relapseMs = 24 * 3_600_000;

/** What the class says about mending this failure mode. */
export interface OrderTemplate {
  failureMode: string;
  title: LocalText;
  skills: readonly string[];
  checklist: readonly LocalText[];
  minutes: number | null;
}

export interface OrderRequest {
  alarm: Alarm & { equipment: string };
  occurrence: string;
  /** Wire time of the announcement. */
  atMs: number;
  value: PointValue;
  template: OrderTemplate;
  /** Id for a new order. */
  newId: () => string;
}

export interface Evidence {
  atMs: number;
  alarm: string;
  occurrence: string;
  text: LocalText;
  value: PointValue;
}

export interface OrderDecision extends OrderChange {
  kind: 'open' | 'append' | 'reopen';
  evidence: Evidence;
}

/**
 * Pure: which order an announced alarm goes to. `latest` is the newest order of the same (equipment, failure mode), if any;
 * cancelled ones are over: a person decided that they were none.
 */
export function decideOrder(request: OrderRequest, latest: WorkOrder | null, nowMs: number): OrderDecision {
  const evidence: Evidence = {
    atMs: request.atMs,
    alarm: request.alarm.id,
    occurrence: request.occurrence,
    text: request.alarm.guidance.name,
    value: request.value,
  };
  if (latest !== null && latest.state !== 'closed' && latest.state !== 'cancelled') {
    return { kind: 'append', evidence, ...append(request, latest, nowMs) };
  }
  if (latest !== null && latest.state === 'closed' && nowMs - (latest.closedMs ?? 0) < relapseMs) {
    const reopened: WorkOrder = {
      ...latest,
      state: 'open',
      assignee: null,
      holdReason: null,
      closedMs: null,
      reopenedCount: latest.reopenedCount + 1,
    };
    const event = systemEvent('reopen', latest, { nowMs, stateAfter: 'open', comment: 'relapse within 24 h' });
    const appended = append(request, reopened, nowMs);
    return { kind: 'reopen', evidence, order: appended.order, events: [event, ...appended.events] };
  }
  return { kind: 'open', evidence, ...open(request, nowMs) };
}

/** Pure: the condition behind an order has returned. Never closes it: somebody must see that it is mended. */
export function clearCondition(order: WorkOrder, alarm: string, nowMs: number): OrderChange | null {
  if (order.conditionCleared || order.state === 'closed' || order.state === 'cancelled') return null;
  return {
    order: { ...order, conditionCleared: true, updatedMs: nowMs, revision: order.revision + 1 },
    events: [systemEvent('condition-cleared', order, { nowMs, stateAfter: order.state, comment: alarm })],
  };
}

function open(request: OrderRequest, nowMs: number): OrderChange {
  const { alarm, template } = request;
  const order: WorkOrder = {
    id: request.newId(),
    equipment: alarm.equipment,
    failureMode: template.failureMode,
    title: template.title,
    state: 'open',
    priority: alarm.priority,
    lifeSafety: alarm.lifeSafety,
    assignee: null,
    holdReason: null,
    openedMs: nowMs,
    updatedMs: nowMs,
    closedMs: null,
    conditionCleared: false,
    evidenceCount: 1,
    reopenedCount: 0,
    skills: [...template.skills],
    estimatedMinutes: template.minutes,
    revision: 1,
  };
  return { order, events: [systemEvent('opened', order, { nowMs, stateAfter: 'open', comment: alarm.id })] };
}

function append(request: OrderRequest, order: WorkOrder, nowMs: number): OrderChange {
  const priority = higher(order.priority, request.alarm.priority);
  const events: OrderEventRecord[] = [
    systemEvent('evidence', order, { nowMs, stateAfter: order.state, comment: request.alarm.id }),
  ];
  if (priority !== order.priority) {
    const comment = `${order.priority} → ${priority}`;
    events.push(systemEvent('priority', order, { nowMs, stateAfter: order.state, comment }));
  }
  const changed: WorkOrder = {
    ...order,
    priority,
    lifeSafety: order.lifeSafety || request.alarm.lifeSafety,
    conditionCleared: false,
    evidenceCount: order.evidenceCount + 1,
    updatedMs: nowMs,
    revision: order.revision + 1,
  };
  return { order: changed, events };
}

function higher(a: AlarmPriority, b: AlarmPriority): AlarmPriority {
  return priorityNumber[a] <= priorityNumber[b] ? a : b;
}

function systemEvent(
  kind: OrderEventRecord['kind'],
  before: WorkOrder,
  { nowMs, stateAfter, comment }: { nowMs: number; stateAfter: WorkOrder['state']; comment: string | null },
): OrderEventRecord {
  return { atMs: nowMs, kind, user: null, comment, stateBefore: before.state, stateAfter };
}
