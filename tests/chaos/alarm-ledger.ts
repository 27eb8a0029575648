import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { ScriptedFault } from './plan.ts';
import { alarmId, site, zone } from './points.ts';

export interface AlarmRow {
  alarm: string;
  equipment: string | null;
  action: string;
}

export interface OrderRow {
  equipment: string;
  failureMode: string;
}

/** Scripted faults against what the server's database says of them. */
export interface AlarmLedgerResult {
  faults: number;
  /** Faults with exactly one activation. */
  alarms: number;
  /** Faults with exactly one order. */
  orders: number;
  /** What is not so, in words. */
  complaints: string[];
  /** Activations by kind of what was not scripted: devices and gateways that went away. */
  others: Record<string, number>;
}

/** Pure. `journal`: in order; `orders`: all that were ever opened. */
export function judgeAlarms(
  faults: readonly Pick<ScriptedFault, 'unit' | 'kind'>[],
  { journal, orders }: { journal: readonly AlarmRow[]; orders: readonly OrderRow[] },
): AlarmLedgerResult {
  const result: AlarmLedgerResult = { faults: faults.length, alarms: 0, orders: 0, complaints: [], others: {} };
  const activations = new Map<string, number>();
  for (const { alarm, equipment, action } of journal) {
    if (action !== 'activated' && action !== 'reactivated') continue;
    activations.set(alarm, (activations.get(alarm) ?? 0) + 1);
    if (equipment !== null && /\/zone-\d+$/.test(equipment)) continue;
    const kind = alarm.split('#').at(-1) ?? alarm;
    result.others[kind] = (result.others[kind] ?? 0) + 1;
  }
  const scripted = new Set<string>();
  for (const { unit, kind } of faults) {
    const equipment = `${site}/${zone(unit)}`;
    const alarm = alarmId(unit, kind);
    scripted.add(alarm);
    const raised = activations.get(alarm) ?? 0;
    const opened = orders.filter((order) => order.equipment === equipment && order.failureMode === kind).length;
    if (raised === 1) result.alarms += 1;
    else result.complaints.push(`${alarm}: ${raised} activations`);
    if (opened === 1) result.orders += 1;
    else result.complaints.push(`${alarm}: ${opened} work orders`);
  }
  for (const [alarm, count] of activations)
    if (alarm.startsWith(`${site}/zone-`) && !scripted.has(alarm))
      result.complaints.push(`${alarm}: ${count} activations, and nothing was wrong`);
  if (orders.length > result.orders && result.complaints.length === 0)
    result.complaints.push(`${orders.length} work orders for ${faults.length} faults`);
  return result;
}

/** The server's own database, which it has left. */
export function readAlarms(dataDir: string): { journal: AlarmRow[]; orders: OrderRow[] } {
  const database = new DatabaseSync(join(dataDir, 'plantroom.sqlite'), { readOnly: true });
  try {
    const journal = database.prepare('SELECT alarm, equipment, action FROM alarm_journal ORDER BY seq').all();
    const orders = database.prepare('SELECT equipment, failure_mode AS "failureMode" FROM work_orders').all();
    return { journal: journal as unknown as AlarmRow[], orders: orders as unknown as OrderRow[] };
  } finally {
    database.close();
  }
}
