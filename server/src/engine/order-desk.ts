import type { Alarm, LocalText, WorkOrder } from '@plantroom/contracts';
import type { EquipmentClass } from '@plantroom/device-profiles';
import { orderTemplate } from '../domain/definitions.ts';
import { clearCondition, decideOrder } from '../domain/work-orders/policy.ts';
import type { Db } from '../repositories/database.ts';
import {
  appendEvidence,
  appendOrderEvents,
  findOrder,
  hasEvidence,
  latestOrder,
  nextOrderNumber,
  orderIdOf,
  resetSteps,
  saveOrder,
} from '../repositories/work-order-repository.ts';
import type { RuleBook, RuleEntry } from './rule-book.ts';
import type { UnitOfWork } from './unit-of-work.ts';

export interface OrderDeskOptions {
  book: RuleBook;
  classOf: (equipment: string) => EquipmentClass | undefined;
}

/** Carries out what alarms ask of the work-order policy, inside the transaction of their unit of work. */
export async function settleOrders(db: Db, work: UnitOfWork, options: OrderDeskOptions): Promise<void> {
  for (const { entry, effect } of work.orderEffects) {
    if (effect.type === 'request-order') await request(db, { work, entry, effect, options });
    else await cleared(db, { work, entry, options });
  }
}

interface Step {
  work: UnitOfWork;
  entry: RuleEntry;
  options: OrderDeskOptions;
}

async function request(
  db: Db,
  {
    work,
    entry,
    effect,
    options,
  }: Step & { effect: { occurrence: string; activation: string; atMs: number; value: Alarm['lastValue'] } },
): Promise<void> {
  const { definition } = entry;
  const { alarm } = work.view(entry);
  const { equipment } = definition;
  if (equipment === null) return;
  const equipmentClass = options.classOf(equipment);
  const template = orderTemplate(definition, equipmentClass, pointName(definition.source, equipmentClass));
  if (template === null) return;
  const key = `${effect.occurrence}#${effect.activation}`;
  if (await hasEvidence(db, key)) return;
  const latest = await latestOrder(db, equipment, template.failureMode);
  const id = latest === null || isOver(latest) ? orderIdOf(await nextOrderNumber(db)) : latest.id;
  const decision = decideOrder(
    {
      alarm: { ...alarm, equipment },
      occurrence: effect.occurrence,
      atMs: effect.atMs,
      value: effect.value,
      template,
      newId: () => id,
    },
    latest,
    work.nowMs,
  );
  const { order } = decision;
  await saveOrder(db, order);
  await appendOrderEvents(db, order.id, decision.events);
  await appendEvidence(db, order.id, { key, evidence: decision.evidence });
  if (decision.kind !== 'append') await resetSteps(db, order.id, template.checklist);
  work.orders.set(order.id, order);
  const linked: Alarm = { ...alarm, workOrder: order.id, revision: alarm.revision + 1 };
  work.setAlarm(entry, linked);
  work.record(
    {
      alarm: alarm.id,
      occurrence: alarm.occurrence,
      action: decision.kind === 'open' ? 'order-opened' : 'order-appended',
      stateBefore: alarm.state,
      stateAfter: alarm.state,
      priority: alarm.priority,
      atMs: effect.atMs,
      recordedMs: work.nowMs,
      historical: false,
      user: null,
      comment: order.id,
      details: null,
      value: effect.value,
    },
    entry,
  );
}

/** The order's condition is cleared when none of the alarms that point to it is active any more. */
async function cleared(db: Db, { work, entry, options }: Step): Promise<void> {
  const id = work.view(entry).alarm.workOrder;
  if (id === null) return;
  for (const other of [...options.book.standing(), ...work.changes.keys()]) {
    const { alarm } = work.view(other);
    if (alarm.workOrder === id && alarm.flags.active) return;
  }
  const order = work.orders.get(id) ?? (await findOrder(db, id));
  const change = order === null ? null : clearCondition(order, entry.definition.id, work.nowMs);
  if (change === null) return;
  await saveOrder(db, change.order);
  await appendOrderEvents(db, id, change.events);
  work.orders.set(id, change.order);
}

const isOver = (order: WorkOrder): boolean => order.state === 'closed' || order.state === 'cancelled';

function pointName(source: string, equipmentClass: EquipmentClass | undefined): LocalText {
  const point = source.split('/').at(-1) ?? source;
  return equipmentClass?.points[point]?.name ?? { zh: point, en: point };
}
