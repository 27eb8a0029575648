import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { silentLogger, VirtualClock } from '@plantroom/contracts';
import { eventually } from '@plantroom/contracts/testing';
import { expect, test } from 'vitest';
import { createHistorian } from '../historian/create-historian.ts';
import { recordForeign } from './record-foreign.ts';
import { RecordingSink } from './test-helpers/recording-sink.ts';

test('telemetry of foreign nodes reaches the historian, that of our gateways is left to them, and all is passed on', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'plantroom-foreign-'));
  const t = Date.UTC(2026, 0, 20);
  const historian = createHistorian({
    kind: 'duckdb',
    folder,
    logger: silentLogger,
    clock: new VirtualClock(t + 9_000),
  });
  await historian.start();
  const sink = new RecordingSink();
  const recorder = recordForeign(sink, { historian, logger: silentLogger });
  const born = (point: string, profile: string | null) =>
    ({ point, profile, class: null, unit: null, lane: 'live', silenceMs: null }) as const;
  recorder.deviceOnline('hq/n', 'd', [born('hq/d/foreign', null), born('hq/d/ours', 'acme/p1')], t);
  const reading = (point: string, value: number, at: number) =>
    ({ point, value, quality: 'good', wireTimeMs: t + at }) as const;
  recorder.readings('hq/n', [reading('hq/d/foreign', 5, 0), reading('hq/d/ours', 6, 0)], false);
  recorder.degraded('hq/n', ['hq/d/foreign', 'hq/d/ours'], 'bad', 'comm-lost', t + 1_000);
  recorder.readings('hq/n', [reading('hq/d/foreign', 7, 3_000)], false);
  await eventually(() => expect(recorder.stats().recorded).toBe(2));
  const points = ['hq/d/foreign', 'hq/d/ours'];
  const [foreign, ours] = await historian.query({ points, fromMs: t, toMs: t + 5_000, aggregate: 'raw', limit: 10 });
  expect(foreign).toMatchObject({ v: [5, 7], holes: [{ fromMs: t + 1_000, toMs: t + 3_000, reason: 'comm-lost' }] });
  expect(ours).toMatchObject({ v: [], holes: [] });
  expect(sink.lines).toHaveLength(6);
  await historian.stop();
  await rm(folder, { recursive: true });
});
