import { historyUplink, nodeMetrics, type OutboxReport, OutboxReport as Report } from '@plantroom/contracts';
import { Value } from 'typebox/value';
import { expect, test } from 'vitest';
import { pointTable } from '../../pipeline/point-table.ts';
import { testBinding, testDevice } from '../../test-helpers/devices.ts';
import { testSession } from '../../test-helpers/session.ts';
import { lineUplinkName } from '../line-protocol/line-uplink.ts';
import { decodePayload } from './payload.ts';

const table = pointTable('tower', [testDevice('drive', [testBinding('flow')])]);

test('the host hears of holes with the birth, and again only when they have changed', async () => {
  const told: { type: string; report: OutboxReport }[] = [];
  const { outbox, session } = testSession(table, (topic, payload) => {
    const metric = decodePayload(payload).metrics?.find(({ name }) => name === nodeMetrics.outbox);
    const type = topic.split('/')[2] ?? '';
    if (metric !== undefined) told.push({ type, report: JSON.parse(String(metric.value)) as OutboxReport });
  });
  const lose = (): void => outbox.lost('live', { fromMs: 1, toMs: 2, count: 3, reason: 'not-stored' });
  lose();
  await session.pump({ progress: true });
  await session.pump({ progress: true });
  expect(told).toMatchObject([{ type: 'NBIRTH', report: { refusing: null, holes: [{ count: 3 }] } }]);
  lose();
  await session.pump({ progress: true });
  await session.pump({ progress: true });
  expect(told.slice(1)).toMatchObject([{ type: 'NDATA', report: { holes: [{ count: 6, reason: 'not-stored' }] } }]);
  session.command({ kind: 'rebirth' });
  await session.pump({ progress: true });
  expect(told.slice(2)).toMatchObject([{ type: 'NBIRTH', report: { holes: [{ count: 6 }] } }]);
  for (const { report } of told) expect(Value.Check(Report, report)).toBe(true);
});

test('the uplink that writes history is named as the contract says', () => {
  expect(lineUplinkName).toBe(historyUplink);
});
