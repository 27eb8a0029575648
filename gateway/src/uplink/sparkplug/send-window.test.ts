import { nodeMetrics, VirtualClock } from '@plantroom/contracts';
import { expect, test } from 'vitest';
import { pointTable } from '../../pipeline/point-table.ts';
import { testBinding, testDevice } from '../../test-helpers/devices.ts';
import { testSession } from '../../test-helpers/session.ts';
import { decodePayload, toNumber } from './payload.ts';
import { SendWindow } from './send-window.ts';

test('it closes when a hundred thousand readings are under way and opens when the host has confirmed', () => {
  const window = new SendWindow(new VirtualClock());
  expect(window.isOpen({ sent: 99_999, confirmed: 0 })).toBe(true);
  expect(window.isOpen({ sent: 100_000, confirmed: 0 })).toBe(false);
  expect(window.isOpen({ sent: 100_000, confirmed: 1 })).toBe(true);
});

test('a host that confirms nothing gets as much again each two seconds', () => {
  const clock = new VirtualClock();
  const window = new SendWindow(clock);
  expect(window.isOpen({ sent: 100_000, confirmed: 0 })).toBe(false);
  clock.advance(1999);
  expect(window.isOpen({ sent: 100_000, confirmed: 0 })).toBe(false);
  clock.advance(1);
  expect(window.isOpen({ sent: 100_000, confirmed: 0 })).toBe(true);
  expect(window.isOpen({ sent: 199_999, confirmed: 0 })).toBe(true);
  expect(window.isOpen({ sent: 200_000, confirmed: 0 })).toBe(false);
});

test('a replay from far back begins with an open window', () => {
  const clock = new VirtualClock();
  const window = new SendWindow(clock);
  window.isOpen({ sent: 300_000, confirmed: 0 });
  clock.advance(2000);
  window.isOpen({ sent: 300_000, confirmed: 0 });
  expect(window.isOpen({ sent: 10_000, confirmed: 0 })).toBe(true);
});

test('a session with much under way sends safety readings all the same, and says nothing complete that it holds back', async () => {
  const smoke = testBinding('smoke', { equipment: 'zone-1', kind: 'boolean', lane: 'safety' });
  const table = pointTable('tower', [testDevice('drive', [testBinding('flow'), smoke])]);
  let watermarkMs = 0;
  const { clock, outbox, session } = testSession(table, (topic, payload) => {
    if (!topic.includes('/NDATA/')) return;
    const metric = decodePayload(payload).metrics?.find(({ name }) => name === nodeMetrics.watermark);
    watermarkMs = toNumber(metric?.value);
  });
  const readings = Array.from({ length: 250_000 }, (_, i) => ({
    point: 'tower/pump-1/flow',
    value: i,
    quality: 'good' as const,
    wireTimeMs: clock.nowMs() + i,
  }));
  outbox.append('live', readings);
  await session.pump({ progress: true });
  expect(session.handOver().sent).toEqual({ safety: 0, live: 100_000 });
  expect(watermarkMs).toBe(0);

  outbox.append('safety', [{ point: 'tower/zone-1/smoke', value: true, quality: 'good', wireTimeMs: clock.nowMs() }]);
  await session.pump({ progress: false });
  expect(session.handOver().sent).toEqual({ safety: 1, live: 100_000 });

  for (const position of [60_000, 160_000, 250_000]) {
    session.command({ kind: 'stored-to', lane: 'live', position });
    await session.pump({ progress: true });
  }
  expect(session.handOver().sent.live).toBe(250_000);
  expect(watermarkMs).toBe(clock.nowMs());
});
