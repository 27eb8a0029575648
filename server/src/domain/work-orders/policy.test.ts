import {
  allowedWorkOrderActions,
  type WorkOrder,
  workOrderActions,
  workOrderStates,
  workOrderTransitions,
} from '@plantroom/contracts';
import { describe, expect, test } from 'vitest';
import { initialAlarm } from '../alarms/machine.ts';
import { testDefinition } from '../test-helpers/definition.ts';
import { clearCondition, decideOrder, type OrderRequest, relapseMs } from './policy.ts';
import { applyAction, WorkOrderRefusal } from './transitions.ts';

const nowMs = 10 * relapseMs;
const text = { zh: '检查', en: 'Inspect' };

function request(over: Partial<OrderRequest['alarm']> = {}): OrderRequest {
  return {
    alarm: { ...initialAlarm(testDefinition()), ...over, equipment: 'hq/pump-1' },
    occurrence: 'o-1',
    atMs: nowMs - 1,
    value: 250,
    template: { failureMode: 'no-pressure', title: text, skills: ['pumps'], checklist: [text], minutes: 60 },
    newId: () => 'WO-000007',
  };
}
const opened = (over: Partial<WorkOrder> = {}): WorkOrder => ({
  ...decideOrder(request(), null, nowMs).order,
  ...over,
});

describe('an announced alarm', () => {
  test('opens an order when there is none', () => {
    const decision = decideOrder(request(), null, nowMs);
    expect(decision).toMatchObject({ kind: 'open', order: { id: 'WO-000007', state: 'open', evidenceCount: 1 } });
    expect(decision.events.map((event) => event.kind)).toEqual(['opened']);
  });

  test('is appended to the open one, and raises its priority but never lowers it', () => {
    const raised = decideOrder(
      request({ priority: 'critical' }),
      opened({ state: 'in-progress', conditionCleared: true }),
      nowMs,
    );
    expect(raised).toMatchObject({
      kind: 'append',
      order: { state: 'in-progress', priority: 'critical', evidenceCount: 2, conditionCleared: false },
    });
    expect(raised.events.map((event) => event.kind)).toEqual(['evidence', 'priority']);
    expect(decideOrder(request({ priority: 'low' }), raised.order, nowMs).order.priority).toBe('critical');
  });

  test('reopens one closed less than a day ago, and opens a new one after that', () => {
    const closed = opened({ state: 'closed', closedMs: nowMs - relapseMs + 1 });
    expect(decideOrder(request(), closed, nowMs)).toMatchObject({
      kind: 'reopen',
      order: { state: 'open', reopenedCount: 1, closedMs: null },
    });
    expect(decideOrder(request(), { ...closed, closedMs: nowMs - relapseMs }, nowMs).kind).toBe('open');
  });

  test('does not bring a cancelled order back', () => {
    expect(decideOrder(request(), opened({ state: 'cancelled', closedMs: nowMs }), nowMs).kind).toBe('open');
  });
});

test('a return to normal is told and closes nothing; told once', () => {
  const cleared = clearCondition(opened({ state: 'in-progress' }), 'a', nowMs)!;
  expect(cleared.order).toMatchObject({ state: 'in-progress', conditionCleared: true });
  expect(clearCondition(cleared.order, 'a', nowMs)).toBeNull();
});

describe('acts of people', () => {
  const by = { user: 'li', nowMs };
  const full = { assignee: 'wang', comment: 'because', holdReason: 'parts' } as const;
  for (const state of workOrderStates) {
    for (const action of workOrderActions) {
      const allowed = allowedWorkOrderActions(state).includes(action);
      test(`${action} in ${state} is ${allowed ? 'done' : 'refused'}`, () => {
        const act = () => applyAction(opened({ state }), { action, ...full }, by);
        if (!allowed) expect(act).toThrow(WorkOrderRefusal);
        else
          expect(act()).toMatchObject({
            order: { state: workOrderTransitions[action].to },
            events: [{ kind: action, user: 'li' }],
          });
      });
    }
  }

  test('what an act needs must be there', () => {
    expect(() => applyAction(opened(), { action: 'assign' }, by)).toThrow('needs assignee');
    expect(() => applyAction(opened(), { action: 'cancel', comment: ' ' }, by)).toThrow('needs comment');
    expect(() => applyAction(opened({ state: 'in-progress' }), { action: 'hold' }, by)).toThrow('needs holdReason');
  });

  test('an act on an old revision is refused', () => {
    expect(() => applyAction(opened({ revision: 3 }), { action: 'accept', revision: 2 }, by)).toThrow(
      'WORK_ORDER_STALE',
    );
  });

  test('who accepts an order that nobody was given has it', () => {
    expect(applyAction(opened(), { action: 'accept' }, by).order.assignee).toBe('li');
  });
});
