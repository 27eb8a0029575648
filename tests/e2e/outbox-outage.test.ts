import type { Gateway } from '@plantroom/contracts';
import { eventually } from '@plantroom/contracts/testing';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { OutageBed } from '../helpers/outage-bed.ts';

const point = (name: string): string => `outage/${name}`;
const drained = (bed: OutageBed): Promise<void> =>
  eventually(() => {
    for (const uplink of ['sparkplug', 'line-protocol']) expect(bed.pending(uplink), uplink).toBe(0);
  });

describe('an hour of a building without broker and server, the outbox large enough', () => {
  let bed: OutageBed;
  beforeAll(async () => {
    bed = await OutageBed.start({ points: 200, hours: 1 });
    await bed.passOutage();
  });
  afterAll(() => bed?.stop());

  test('everything that was read arrives once, in order for each point', async () => {
    expect(bed.pending('line-protocol')).toBeGreaterThan(100_000);
    bed.endOutage({ live: false });
    await drained(bed);
    expect(bed.outbox.holes()).toEqual([]);
    expect(bed.watched.size).toBeGreaterThan(200);
    for (const [id, readings] of bed.watched) {
      const { t, v, truncated, holes } = await bed.api.history(id, 0, Date.now() + 1);
      expect({ truncated, holes }, id).toEqual({ truncated: false, holes: [] });
      expect(t, id).toEqual(readings.map(({ wireTimeMs }) => wireTimeMs));
      expect(v, id).toEqual(readings.map(({ value }) => Number(value)));
    }
  });
});

describe('an hour of a building without broker and server, the outbox too small for it', () => {
  let bed: OutageBed;
  const maxBytes = 1_048_576;
  beforeAll(async () => {
    bed = await OutageBed.start({ points: 400, hours: 1, maxBytes });
    await bed.passOutage();
  });
  afterAll(() => bed?.stop());

  test('the oldest telemetry was thinned, every safety event kept, and what is missing counted', async () => {
    const { bytes, dropped, produced } = bed.outbox.stats();
    expect(bytes).toBeLessThanOrEqual(maxBytes);
    expect(dropped.safety).toBe(0);
    expect(dropped.live).toBeGreaterThan(10_000);
    bed.endOutage({ live: false });
    await drained(bed);
    let stored = 0;
    for (const [id, readings] of bed.watched) {
      const { t } = await bed.api.history(id, 0, Date.now() + 1);
      const times = new Set(readings.map(({ wireTimeMs }) => wireTimeMs));
      expect(
        t.filter((ms) => !times.has(ms)),
        id,
      ).toEqual([]);
      expect(t, id).toEqual(t.toSorted((a, b) => a - b));
      if (id.includes('/panel/')) expect(t, id).toEqual(readings.map(({ wireTimeMs }) => wireTimeMs));
      stored += t.length;
    }
    expect(stored).toBe(produced.live + produced.safety - dropped.live);
  });

  test('history says which span is thinned, for telemetry and not for the safety lane', async () => {
    const [told] = bed.outbox.holes();
    await eventually(async () => {
      const { holes } = await bed.api.history(point('meter-0/voltage-l1'), 0, Date.now() + 1);
      expect(holes).toEqual([{ fromMs: told?.fromMs, toMs: told?.toMs, reason: 'thinned', count: told?.count }]);
    });
    const safety = await bed.api.history(point('panel/input-0'), 0, Date.now() + 1);
    expect(safety.holes).toEqual([]);
    const later = await bed.api.history(point('meter-0/voltage-l1'), (told?.toMs ?? 0) + 1, Date.now() + 1);
    expect(later.holes).toEqual([]);
  });

  test('the list of gateways says it too', async () => {
    const { items } = await bed.api.get<{ items: Gateway[] }>('/api/gateways');
    expect(items.find(({ id }) => id === 'outage/edge')).toMatchObject({
      outbox: { maxBytes, refusing: null },
      holes: bed.outbox.holes(),
    });
  });
});
