import { createQueryId, type RootOperationNode, sql } from 'kysely';
import { expect, test } from 'vitest';
import { type Db, openDatabase } from './database.ts';
import { ordersOfPeriod } from './handover-repository.ts';
import { journalAfter, returnedBefore } from './journal-repository.ts';
import { auditedChanges } from './kpi-repository.ts';
import { callCounts, callsOfOccurrence, dueCalls, openCallsOf } from './notification-call-repository.ts';
import {
  deliveryCounts,
  lastAttempts,
  noticesOf,
  recentAttempts,
  unfinishedDeliveries,
  waitingNotices,
} from './notification-outbox-repository.ts';
import { newestTime } from './notification-upkeep-repository.ts';

const period = { fromMs: 0, toMs: 1 };

test.each<[string, (db: Db) => Promise<unknown>]>([
  ['callCounts', callCounts],
  ['dueCalls', (db) => dueCalls(db, 1)],
  ['openCallsOf', (db) => openCallsOf(db, 'hq/a/x#H')],
  ['callsOfOccurrence', (db) => callsOfOccurrence(db, 'hq/a/x#H', null)],
  ['waitingNotices', waitingNotices],
  ['noticesOf a delivery', (db) => noticesOf(db, 'delivery', 'd')],
  ['noticesOf a call', (db) => noticesOf(db, 'call', 'c')],
  ['unfinishedDeliveries', unfinishedDeliveries],
  ['deliveryCounts', deliveryCounts],
  ['recentAttempts', (db) => recentAttempts(db, 1)],
  ['lastAttempts', (db) => lastAttempts(db, 'c', 20)],
  ['newestTime', newestTime],
  ['journalAfter', (db) => journalAfter(db, 1, 1)],
  ['returnedBefore', (db) => returnedBefore(db, 'hq/a/x#H', 1)],
  ['auditedChanges', (db) => auditedChanges(db, period)],
])('%s reads no whole table, which grows for years', async (_, ask) => {
  expect((await plansOf(ask)).filter((step) => step.startsWith('SCAN'))).toEqual([]);
});

test('the orders of a shift are found by time, not among all events that ever were', async () => {
  const steps = await plansOf((db) => ordersOfPeriod(db, { site: 'hq', ...period }));
  expect(steps.filter((step) => /SCAN work_order_events/.test(step))).toEqual([]);
});

/** What SQLite would do for each statement that is asked. */
async function plansOf(ask: (db: Db) => Promise<unknown>): Promise<string[]> {
  const database = await openDatabase(':memory:');
  const asked: RootOperationNode[] = [];
  const spied = database.db.withPlugin({
    transformQuery: ({ node }) => {
      asked.push(node);
      return node;
    },
    transformResult: ({ result }) => Promise.resolve(result),
  });
  await ask(spied);
  const steps: string[] = [];
  for (const node of asked) {
    const { sql: text, parameters } = database.db.getExecutor().compileQuery(node, createQueryId());
    const plan = { ...sql`select 1`.compile(database.db), sql: `explain query plan ${text}`, parameters };
    const { rows } = await database.db.executeQuery<{ detail: string }>(plan);
    steps.push(...rows.map(({ detail }) => detail));
  }
  await database.close();
  expect(steps.length).toBeGreaterThan(0);
  return steps;
}
