import {
  historyUplink,
  nodeMetrics,
  type OutboxReport,
  OutboxReport as Report,
  silentLogger,
  VirtualClock,
} from '@plantroom/contracts';
import { Value } from 'typebox/value';
import { expect, test } from 'vitest';
import { openMemoryOutbox } from '../../outbox/memory-outbox.ts';
import { Pipeline } from '../../pipeline/pipeline.ts';
import { pointTable } from '../../pipeline/point-table.ts';
import { testBinding, testDevice } from '../../test-helpers/devices.ts';
import { lineUplinkName } from '../line-protocol/line-uplink.ts';
import { decodePayload } from './payload.ts';
import { SparkplugSession } from './session.ts';

const table = pointTable('tower', [testDevice('drive', [testBinding('flow')])]);

test('the host hears of holes with the birth, and again only when they have changed', async () => {
  const clock = new VirtualClock();
  const outbox = openMemoryOutbox({ uplinks: ['sparkplug'], clock, logger: silentLogger });
  const told: { type: string; report: OutboxReport }[] = [];
  const session = new SparkplugSession(
    {
      uplink: 'sparkplug',
      group: 'tower',
      node: 'edge-1',
      bdSeq: 0,
      table,
      pipeline: new Pipeline({ table, outbox, clock, logger: silentLogger }),
      outbox,
      clock,
      publish: (topic, payload) => {
        const metric = decodePayload(payload).metrics?.find(({ name }) => name === nodeMetrics.outbox);
        const type = topic.split('/')[2] ?? '';
        if (metric !== undefined) told.push({ type, report: JSON.parse(String(metric.value)) as OutboxReport });
        return Promise.resolve();
      },
      onSent: () => undefined,
    },
    { hostConfirms: true, outcomes: [] },
  );
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
