import { PlantroomError, type WorkOrderAction, workOrderTransitions } from '@plantroom/contracts';
import { applyAction } from '../../server/src/domain/work-orders/transitions.ts';
import type { Engine } from '../../server/src/engine/engine.ts';
import {
  appendOrderEvents,
  latestOrder,
  saveOrder,
  undoSteps,
} from '../../server/src/repositories/work-order-repository.ts';
import type { OperatorAct } from './file/schema.ts';

const user = 'operator';
const comment = 'scenario';

/** Does what a person does, through the same commands as the server's routes. Throws what the product says when it is not allowed. */
export async function act(engine: Engine, site: string, what: OperatorAct): Promise<void> {
  if ('alarm' in what) await actOnAlarm(engine, `${site}/${what.alarm}`, what.do);
  else
    for (const action of what.do)
      await actOnOrder(
        engine,
        { equipment: `${site}/${what.order.equipment}`, failureMode: what.order.failureMode },
        action,
      );
}

async function actOnAlarm(engine: Engine, id: string, type: 'acknowledge' | 'reset'): Promise<void> {
  const refused = await engine.command(({ work }) => {
    const entry = engine.book.get(id);
    if (entry === undefined) return Promise.resolve('ALARM_UNKNOWN');
    return Promise.resolve(work.apply(entry, { type, user, comment }).refused);
  });
  if (refused !== undefined) throw new PlantroomError('ACT_REFUSED', `${type} of ${id} is refused: ${refused}`);
}

async function actOnOrder(
  engine: Engine,
  { equipment, failureMode }: { equipment: string; failureMode: string },
  action: WorkOrderAction,
): Promise<void> {
  await engine.command(async ({ db, work }) => {
    const order = await latestOrder(db, equipment, failureMode);
    if (order === null)
      throw new PlantroomError('ACT_REFUSED', `${action}: there is no order for ${failureMode} of ${equipment}`);
    const { needs } = workOrderTransitions[action];
    const request = {
      action,
      ...(needs.includes('comment') ? { comment } : {}),
      ...(needs.includes('assignee') ? { assignee: user } : {}),
      ...(needs.includes('holdReason') ? { holdReason: 'parts' as const } : {}),
    };
    const { order: changed, events } = applyAction(order, request, { user, nowMs: work.nowMs });
    if (action === 'reopen') await undoSteps(db, order.id);
    await appendOrderEvents(db, order.id, events);
    await saveOrder(db, changed);
    work.orders.set(order.id, changed);
  });
}
