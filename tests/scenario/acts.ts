import { PlantroomError, type WorkOrderAction, workOrderTransitions } from '@plantroom/contracts';
import { parseDuration } from '@plantroom/device-profiles';
import type { AlarmEvent } from '../../server/src/domain/alarms/alarm-events.ts';
import { applyAction } from '../../server/src/domain/work-orders/transitions.ts';
import type { Engine } from '../../server/src/engine/engine.ts';
import {
  appendOrderEvents,
  latestOrder,
  saveOrder,
  undoSteps,
} from '../../server/src/repositories/work-order-repository.ts';
import type { AlarmAct, OperatorAct } from './file/schema.ts';

const user = 'operator';
const comment = 'scenario';

/** Does what a person does, through the same commands as the server's routes. Throws what the product says when it is not allowed. */
export async function act(engine: Engine, site: string, what: OperatorAct): Promise<void> {
  if ('alarm' in what) await actOnAlarm(engine, `${site}/${what.alarm}`, what);
  else
    for (const action of what.do)
      await actOnOrder(
        engine,
        { equipment: `${site}/${what.order.equipment}`, failureMode: what.order.failureMode },
        action,
      );
}

/** As the longest shelving of a server whose environment does not say. */
const maxShelvingMs = 8 * 3_600_000;

function eventOf(what: AlarmAct, nowMs: number): AlarmEvent {
  switch (what.do) {
    case 'shelve': {
      const mode = what.once === true ? 'one-shot' : 'timed';
      const untilMs = nowMs + parseDuration(what.for);
      return { type: 'shelve', mode, untilMs, maxMs: maxShelvingMs, user, reason: comment };
    }
    case 'out-of-service': {
      const reviewMs = nowMs + parseDuration(what.review);
      return { type: 'out-of-service', user, approver: 'engineer', workOrder: comment, reviewMs, reason: comment };
    }
    default:
      return { type: what.do, user, comment };
  }
}

async function actOnAlarm(engine: Engine, id: string, what: AlarmAct): Promise<void> {
  const refused = await engine.command(({ work }) => {
    const entry = engine.book.get(id);
    if (entry === undefined) return Promise.resolve('ALARM_UNKNOWN');
    return Promise.resolve(work.apply(entry, eventOf(what, work.nowMs)).refused);
  });
  if (refused !== undefined) throw new PlantroomError('ACT_REFUSED', `${what.do} of ${id} is refused: ${refused}`);
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
