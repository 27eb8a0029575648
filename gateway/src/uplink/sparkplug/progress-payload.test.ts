import { expect, test } from 'vitest';
import { type NodeProgress, progressMetrics } from './metrics.ts';
import { decodePayload, encodePayload } from './payload.ts';
import { ProgressPayload } from './progress-payload.ts';

const t = 1_750_000_000_000;
const progress: NodeProgress = {
  watermarkMs: t - 1,
  positions: { safety: 0, live: 2 ** 40 + 7 },
  ahead: undefined,
  counts: { safety: 3, live: 300 },
  replayed: { safety: 0, live: 128 },
};

test.each([
  ['with no backlog', progress],
  ['ahead of a backlog', { ...progress, ahead: 2 ** 41 }],
])('progress %s is what another codec writes', (_, told) => {
  const bytes = new ProgressPayload().encode(told, { timestampMs: t, seq: 200 });
  const library = encodePayload({ timestamp: t, seq: 200, metrics: progressMetrics(told, t) });
  expect(decodePayload(bytes)).toEqual(decodePayload(library));
});

test('what was encoded before stays as it was', () => {
  const payload = new ProgressPayload();
  const first = payload.encode(progress, { timestampMs: t, seq: 1 });
  const copy = first.slice();
  payload.encode({ ...progress, watermarkMs: t + 5000 }, { timestampMs: t + 5000, seq: 2 });
  expect(first).toEqual(copy);
});
