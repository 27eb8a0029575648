import { expect, test } from 'vitest';
import type { KpiRow } from './alarm-track.ts';
import { KpiFolder } from './kpi-fold.ts';

const row = (action: KpiRow['action'], atMs: number, more: Partial<KpiRow> = {}): KpiRow => ({
  alarm: 'hq/zone-1/fire#fire',
  equipment: 'hq/zone-1',
  action,
  stateBefore: 'NORM',
  stateAfter: 'UNACK',
  priority: 'critical',
  atMs,
  recordedMs: atMs,
  historical: false,
  user: null,
  details: null,
  ...more,
});
const inTest = { details: { test: 'test-1' } };
const foldOf = (...rows: KpiRow[]) => {
  const folder = new KpiFolder({ fromMs: 0, toMs: 3_600_000, zoneOffsetMs: 0 });
  for (const one of rows) folder.add(one);
  return folder.result();
};

test('what is raised in a test mode is no load of the operator', () => {
  const fold = foldOf(
    row('test-started', 500, { ...inTest, alarm: 'hq/zone-1#test-mode', stateAfter: 'NORM' }),
    row('activated', 1_000, inTest),
    row('acknowledged', 2_000, { ...inTest, stateBefore: 'UNACK', stateAfter: 'ACKED' }),
    row('test-ended', 3_000, { ...inTest, stateBefore: 'ACKED', stateAfter: 'NORM' }),
  );
  expect(fold).toMatchObject({ annunciated: 0, acknowledgeMs: [], unauthorised: 0 });
  expect([fold.tracks.size, fold.timeInState.size]).toEqual([0, 0]);
});

test('what a test leaves standing is annunciated once, when the test ends', () => {
  const fold = foldOf(
    row('activated', 1_000, inTest),
    row('test-ended', 1_000, {
      recordedMs: 60_000,
      stateBefore: 'ACKED',
      details: { cause: 'test-1' },
    }),
    row('acknowledged', 90_000, { stateBefore: 'UNACK', stateAfter: 'ACKED', user: 'li' }),
  );
  expect(fold).toMatchObject({ annunciated: 1, acknowledgeMs: [30_000] });
  expect(fold.byPriority.critical).toBe(1);
});
