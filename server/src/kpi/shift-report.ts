import {
  type Alarm,
  type HandoverAlarm,
  type JournalRow,
  type OperatingPosition,
  type PositionFlood,
  priorityNumber,
  type ShiftReport,
} from '@plantroom/contracts';
import { isAnnunciation } from '../domain/alarms/annunciation.ts';
import type { Engine } from '../engine/engine.ts';
import { floodOf } from '../engine/flood-desk.ts';
import type { Db } from '../repositories/database.ts';
import { ordersOfPeriod } from '../repositories/handover-repository.ts';
import { scanJournal } from '../repositories/journal-repository.ts';

const hiddenStates: readonly Alarm['state'][] = ['SHLVD', 'DSUPR', 'OOSRV'];

export interface ShiftScope {
  site: string;
  fromMs: number;
  toMs: number;
  nowMs: number;
  /** Whose equipment it is (null: a gateway's alarm). */
  concerns: (equipment: string | null) => boolean;
  /** Whose floods it is about. */
  positions: readonly OperatingPosition[];
}

/** What a shift hands over, as it is now: alarms, what happened since its start, orders, and what is away. */
export async function shiftReport(
  { engine, db }: { engine: Engine; db: Db },
  { site, fromMs, toMs, nowMs, concerns, positions }: ShiftScope,
): Promise<ShiftReport> {
  const ofSite = (id: string): boolean => id.startsWith(`${site}/`);
  const alarms = [...engine.book.standing()]
    .map(({ alarm }) => alarm)
    .filter(({ source, equipment }) => ofSite(source) && concerns(equipment))
    .sort(worstFirst)
    .map(handoverAlarm);
  const period = { fromMs, toMs: Math.min(toMs, nowMs + 1) };
  const report: ShiftReport = {
    madeMs: nowMs,
    standing: alarms.filter(({ state }) => !hiddenStates.includes(state)),
    hidden: alarms.filter(({ state }) => hiddenStates.includes(state)),
    annunciated: 0,
    acknowledged: 0,
    returned: 0,
    lifeSafety: [],
    orders: (await ordersOfPeriod(db, { site, ...period }))
      .filter(({ order }) => concerns(order.equipment))
      .map(({ order, changes }) => {
        const { id, equipment, title, state, priority, assignee } = order;
        return { id, equipment, title, state, priority, assignee, changes };
      }),
    away: [
      // A gateway that is away leaves every position without some of its values.
      ...[...engine.plant.gateways.values()].map((each) => ({ ...each, kind: 'gateway' as const })),
      ...[...engine.plant.devices.values()]
        .filter(({ equipment }) => (equipment.length === 0 ? concerns(null) : equipment.some(concerns)))
        .map((each) => ({ ...each, kind: 'device' as const })),
    ]
      .filter(({ id, online }) => !online && ofSite(id))
      .map(({ kind, id, sinceMs }) => ({ kind, id, sinceMs })),
  };
  const floods: PositionFlood[] = [];
  for await (const rows of scanJournal(db, { site, from: period.fromMs, to: period.toMs })) {
    for (const row of rows) {
      const place = positions.find(({ id }) => id === row.details?.flood?.position);
      const flood = place === undefined ? null : floodOf(row, place.name);
      if (flood !== null) floods.push(flood);
      if (!concerns(row.equipment)) continue;
      if (isAnnunciation(row)) report.annunciated++;
      if (row.action === 'acknowledged') report.acknowledged++;
      if (row.action === 'returned' && !row.historical) report.returned++;
      if (!row.lifeSafety || !isRealRaise(row)) continue;
      report.lifeSafety.push({ alarm: row.alarm, equipment: row.equipment, name: row.name, atMs: row.atMs });
    }
  }
  const isHere = (flood: PositionFlood): boolean =>
    flood.site === site && flood.beganMs < period.toMs && positions.some(({ id }) => id === flood.position);
  return { ...report, floods: [...floods, ...engine.floods.open(nowMs).filter(isHere)] };
}

/** What was only heard of when it was over too; what a test has left standing, but nothing that belongs to one. */
function isRealRaise({ action, details }: JournalRow): boolean {
  return details?.test === undefined && ['activated', 'reactivated', 'test-ended'].includes(action);
}

function worstFirst(a: Alarm, b: Alarm): number {
  return (
    Number(b.lifeSafety) - Number(a.lifeSafety) ||
    priorityNumber[a.priority] - priorityNumber[b.priority] ||
    (a.onsetMs ?? 0) - (b.onsetMs ?? 0) ||
    (a.id < b.id ? -1 : 1)
  );
}

function handoverAlarm(alarm: Alarm): HandoverAlarm {
  const { shelving, serviceRemoval } = alarm;
  const removed = alarm.state === 'OOSRV' ? serviceRemoval : null;
  const shelved = alarm.state === 'SHLVD' ? shelving : null;
  return {
    alarm: alarm.id,
    equipment: alarm.equipment,
    name: alarm.guidance.name,
    priority: alarm.priority,
    lifeSafety: alarm.lifeSafety,
    state: alarm.state,
    sinceMs: alarm.onsetMs,
    ackedBy: alarm.ackedBy,
    ackedMs: alarm.ackedMs,
    hiddenBy: removed?.by ?? shelved?.by ?? null,
    reason: removed?.reason ?? shelved?.reason ?? null,
    untilMs: removed?.reviewMs ?? shelved?.untilMs ?? null,
    workOrder: removed?.workOrder ?? alarm.workOrder,
  };
}
