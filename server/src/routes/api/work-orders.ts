import {
  ChecklistStepRequest,
  CommentRequest,
  openWorkOrderStates,
  type WorkOrder,
  WorkOrderActionRequest,
  WorkOrderDetail,
  type WorkOrderEvent,
  WorkOrderPage,
  WorkOrderQuery,
} from '@plantroom/contracts';
import type { FastifyInstance } from 'fastify';
import Type from 'typebox';
import { applyAction, WorkOrderRefusal } from '../../domain/work-orders/transitions.ts';
import type { CommandContext } from '../../engine/committer.ts';
import {
  appendOrderEvents,
  findOrder,
  latestOrder,
  listOrders,
  orderDetail,
  saveOrder,
  setStep,
  undoSteps,
} from '../../repositories/work-order-repository.ts';
import { notFound, operators, replies, typed } from './replies.ts';

const Params = Type.Object({ id: Type.String() });
const StepParams = Type.Object({ id: Type.String(), step: Type.Integer({ minimum: 0 }) });

export function workOrderRoutes(app: FastifyInstance): void {
  const { engine, database } = app.services;
  typed(app).get(
    '/api/work-orders',
    { schema: { querystring: WorkOrderQuery, response: replies(WorkOrderPage) } },
    ({ query }) => listOrders(database.db, query),
  );
  const detail = async (id: string): Promise<WorkOrderDetail> => {
    const found = await orderDetail(database.db, id);
    if (found === null) throw notFound('work order', id);
    return found;
  };
  typed(app).get(
    '/api/work-orders/:id',
    { schema: { params: Params, response: replies(WorkOrderDetail) } },
    ({ params }) => detail(params.id),
  );

  /** Changes one order in its turn, with all that comes along, and answers it anew. */
  const change = async (id: string, act: (order: WorkOrder, context: CommandContext) => Promise<WorkOrder>) => {
    await engine.command(async (context) => {
      const order = await findOrder(context.db, id);
      if (order === null) throw notFound('work order', id);
      const after = await act(order, context);
      await saveOrder(context.db, after);
      context.work.orders.set(id, after);
    });
    return detail(id);
  };
  /** A note on an order that leaves its state. */
  const note = async (
    { order, context }: { order: WorkOrder; context: CommandContext },
    { kind, user, comment }: { kind: WorkOrderEvent['kind']; user: string; comment: string },
  ): Promise<WorkOrder> => {
    const atMs = context.work.nowMs;
    const { state } = order;
    await appendOrderEvents(context.db, order.id, [
      { atMs, kind, user, comment, stateBefore: state, stateAfter: state },
    ]);
    return { ...order, updatedMs: atMs, revision: order.revision + 1 };
  };

  const config = { roles: operators };
  typed(app).post(
    '/api/work-orders/:id/actions',
    { config, schema: { params: Params, body: WorkOrderActionRequest, response: replies(WorkOrderDetail) } },
    ({ params, body, session }) =>
      change(params.id, async (order, { db, work }) => {
        const result = applyAction(order, body, { user: session?.username ?? '', nowMs: work.nowMs });
        if (body.action === 'reopen') {
          const other = await latestOrder(db, order.equipment, order.failureMode);
          if (other !== null && other.id !== order.id && openWorkOrderStates.includes(other.state)) {
            throw new WorkOrderRefusal(
              'WORK_ORDER_TRANSITION',
              `${other.id} is already open for the same trouble`,
              'action',
            );
          }
          await undoSteps(db, order.id);
        }
        await appendOrderEvents(db, order.id, result.events);
        return result.order;
      }),
  );
  typed(app).post(
    '/api/work-orders/:id/comments',
    { config, schema: { params: Params, body: CommentRequest, response: replies(WorkOrderDetail) } },
    ({ params, body, session }) =>
      change(params.id, (order, context) =>
        note({ order, context }, { kind: 'comment', user: session?.username ?? '', comment: body.comment }),
      ),
  );
  typed(app).put(
    '/api/work-orders/:id/checklist/:step',
    { config, schema: { params: StepParams, body: ChecklistStepRequest, response: replies(WorkOrderDetail) } },
    ({ params, body, session }) =>
      change(params.id, async (order, context) => {
        const user = session?.username ?? '';
        const at = { order: params.id, step: params.step };
        const text = await setStep(context.db, at, { done: body.done, user, nowMs: context.work.nowMs });
        if (text === null) throw notFound('checklist step', String(params.step));
        const comment = `${body.done ? '✓' : '○'} ${text.zh} / ${text.en}`;
        return note({ order, context }, { kind: 'checklist', user, comment });
      }),
  );
}
