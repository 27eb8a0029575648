import { PlantroomError, type WorkOrderAction, workOrderTransitions } from '@plantroom/contracts';
import { parseDuration } from '@plantroom/device-profiles';
import type { AlarmEvent } from '../../server/src/domain/alarms/alarm-events.ts';
import { applyAction } from '../../server/src/domain/work-orders/transitions.ts';
import type { Engine } from '../../server/src/engine/engine.ts';
import { actOnTest, askForTest, type TestAct } from '../../server/src/engine/test-acts.ts';
import { approvalRefusal } from '../../server/src/people/approval.ts';
import type { Db } from '../../server/src/repositories/database.ts';
import { hashPassword } from '../../server/src/repositories/password.ts';
import { addUser, findUser } from '../../server/src/repositories/people-repository.ts';
import {
  appendOrderEvents,
  latestOrder,
  saveOrder,
  undoSteps,
} from '../../server/src/repositories/work-order-repository.ts';
import type { AlarmAct, OperatorAct } from './file/schema.ts';

const user = 'operator';
const supervisor = 'supervisor';
const comment = 'scenario';

/**
 * The supervisor signs beside the operator what needs it. Apart from the act: deriving a key takes real time, in which the scenario's must stand
 * still.
 */
export async function sign(db: Db, what: OperatorAct): Promise<void> {
  if (!('alarm' in what) || what.do !== 'out-of-service') return;
  for (const username of [user, supervisor]) {
    if ((await findUser(db, username)) !== null) continue;
    const passwordHash = await hashPassword(`${username} of the scenario`);
    await addUser(db, { username, role: 'engineer', disabled: false, createdMs: 0, passwordHash });
  }
  const refusal = await approvalRefusal(db, { user, approver: supervisor, password: `${supervisor} of the scenario` });
  if (refusal !== null) throw new PlantroomError('ACT_REFUSED', `${supervisor} cannot approve: ${refusal.refused}`);
}

/** Does what a person does, through the same commands as the server's routes. Throws what the product says when it is not allowed. */
export async function act(engine: Engine, site: string, what: OperatorAct): Promise<void> {
  if ('alarm' in what) await actOnAlarm(engine, `${site}/${what.alarm}`, what);
  else if ('startTest' in what) await startTest(engine, site, what.startTest);
  else if ('endTest' in what) await onTest(engine, `${site}/${what.endTest}`, { act: { type: 'end', comment }, user });
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
      return { type: 'out-of-service', user, approver: supervisor, workOrder: comment, reviewMs, reason: comment };
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

async function startTest(
  engine: Engine,
  site: string,
  { equipment, for: lasts }: { equipment: readonly string[]; for: string },
): Promise<void> {
  const ids = equipment.map((id) => `${site}/${id}`);
  const { refused } = await engine.command((context) => {
    const asked = { equipment: ids, reason: comment, untilMs: context.work.nowMs + parseDuration(lasts) };
    return askForTest(engine, context, { asked, site, user, act: null });
  });
  if (refused !== undefined) throw new PlantroomError('ACT_REFUSED', `a test of ${equipment} is refused: ${refused}`);
  await onTest(engine, ids[0] ?? '', { act: { type: 'approve' }, user: supervisor });
}

async function onTest(engine: Engine, id: string, { act, user }: { act: TestAct; user: string }): Promise<void> {
  const before = engine.tests.open().find(({ equipment }) => equipment.includes(id));
  if (before === undefined) throw new PlantroomError('ACT_REFUSED', `${id} is in no test mode`);
  const { refused } = await engine.command((context) => actOnTest(engine, context, { before, act, user }));
  if (refused !== undefined)
    throw new PlantroomError('ACT_REFUSED', `${act.type} of ${before.id} is refused: ${refused}`);
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
