import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { ScriptedFault } from './plan.ts';
import { alarmId, site, zone } from './points.ts';
import type { Expected } from './shown-fault.ts';

export interface AlarmRow {
  alarm: string;
  equipment: string | null;
  action: string;
  /** Found in late data when it was over: journalled, without an order. 1 or 0. */
  historical: number;
  /** Wire time at which it was raised, and server time at which that was stored, UTC ms. */
  atMs: number;
  recordedMs: number;
}

export interface OrderRow {
  equipment: string;
  failureMode: string;
}

export type ExpectedFault = Pick<ScriptedFault, 'unit' | 'kind'> & { expected: Expected };

/** Scripted faults against what the server's database says of them. */
export interface AlarmLedgerResult {
  /** By how many alarms they had to give. */
  faults: Record<Expected, number>;
  raised: number;
  /** Of these, found when they were over. */
  historical: number;
  orders: number;
  /** What is not so, in words. */
  complaints: string[];
  /** Activations by kind of what was not scripted: devices and gateways that went away. */
  others: Record<string, number>;
  /** From the wire time at which they were due until they were stored, ms. */
  delayMs: { median: number; longest: number };
}

/** Pure. `journal`: in order; `orders`: all that were ever opened. */
export function judgeAlarms(
  faults: readonly ExpectedFault[],
  { journal, orders }: { journal: readonly AlarmRow[]; orders: readonly OrderRow[] },
): AlarmLedgerResult {
  const activations = journal.filter(({ action }) => action === 'activated' || action === 'reactivated');
  const result: AlarmLedgerResult = {
    faults: { one: 0, none: 0, 'at most one': 0 },
    raised: 0,
    historical: 0,
    orders: 0,
    complaints: [],
    others: {},
    delayMs: { median: 0, longest: 0 },
  };
  const scripted = new Set<string>();
  const delaysMs: number[] = [];
  for (const { unit, kind, expected } of faults) {
    const equipment = `${site}/${zone(unit)}`;
    const alarm = alarmId(unit, kind);
    scripted.add(alarm);
    result.faults[expected] += 1;
    const raised = activations.filter((row) => row.alarm === alarm);
    const live = raised.filter(({ historical }) => historical === 0);
    const opened = orders.filter((order) => order.equipment === equipment && order.failureMode === kind).length;
    result.raised += raised.length;
    result.historical += raised.length - live.length;
    result.orders += opened;
    for (const { atMs, recordedMs } of live) delaysMs.push(recordedMs - atMs);
    const isRight = expected === 'at most one' ? raised.length <= 1 : raised.length === (expected === 'one' ? 1 : 0);
    if (!isRight) result.complaints.push(`${alarm}: raised ${raised.length} times, expected ${expected}`);
    if (opened !== live.length)
      result.complaints.push(`${alarm}: ${opened} work orders, raised ${live.length} times when it stood`);
  }
  for (const { alarm, equipment } of activations) {
    if (scripted.has(alarm)) continue;
    const kind = alarm.split('#').at(-1) ?? alarm;
    if (equipment?.startsWith(`${site}/zone-`) === true && kind !== 'offline')
      result.complaints.push(`${alarm}: raised, and nothing was wrong`);
    else result.others[kind] = (result.others[kind] ?? 0) + 1;
  }
  if (orders.length !== result.orders)
    result.complaints.push(`${orders.length - result.orders} work orders for what was not scripted`);
  delaysMs.sort((a, b) => a - b);
  result.delayMs = { median: delaysMs[delaysMs.length >> 1] ?? 0, longest: delaysMs.at(-1) ?? 0 };
  return result;
}

/** The server's own database, which it has left. */
export function readAlarms(dataDir: string): { journal: AlarmRow[]; orders: OrderRow[] } {
  const database = new DatabaseSync(join(dataDir, 'plantroom.sqlite'), { readOnly: true });
  try {
    const journal = database
      .prepare(
        'SELECT alarm, equipment, action, historical, at_ms AS "atMs", recorded_ms AS "recordedMs" FROM alarm_journal ORDER BY seq',
      )
      .all();
    const orders = database.prepare('SELECT equipment, failure_mode AS "failureMode" FROM work_orders').all();
    return { journal: journal as unknown as AlarmRow[], orders: orders as unknown as OrderRow[] };
  } finally {
    database.close();
  }
}
