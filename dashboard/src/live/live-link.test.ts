import type { LiveDelta, LiveSnapshot, LiveSubscription, PositionFlood } from '@plantroom/contracts';
import { describe, expect, test } from 'vitest';
import { LiveLink } from './live-link.ts';
import { LiveStore } from './live-store.ts';

const point = 'demo/pump-1/power';

function snapshot(seq: number, value: number): LiveSnapshot {
  return {
    seq,
    serverTimeMs: 1000,
    values: [{ point, value, quality: 'good', wireTimeMs: 900, ingestTimeMs: 950 }],
    alarms: [],
    workOrders: [],
    gateways: [],
    devices: [],
    testModes: [],
    floods: [],
  };
}

const delta = (seq: number, value: number): LiveDelta => ({
  seq,
  serverTimeMs: 1000 + seq,
  values: [[point, value, 'good', 900 + seq]],
});

function setup() {
  const flushes: (() => void)[] = [];
  const store = new LiveStore({ schedule: (flush) => flushes.push(flush), now: () => 1000 });
  const asked: { subscription: LiveSubscription; answer: (snapshot: LiveSnapshot) => void }[] = [];
  const link = new LiveLink({
    store,
    wire: { connected: () => true, subscribe: (subscription, answer) => asked.push({ subscription, answer }) },
    now: () => 1000,
  });
  const flush = () => {
    for (const each of flushes.splice(0)) each();
  };
  return { store, link, asked, flush, flushes };
}

describe('the live link', () => {
  test('a snapshot, then deltas in order', () => {
    const { store, link, asked } = setup();
    link.connected();
    asked[0]!.answer(snapshot(4, 1));
    link.delta(delta(5, 2));
    expect(store.point(point)?.value).toBe(2);
    expect(store.meta().state).toBe('live');
    expect(asked).toHaveLength(1);
  });

  test("the server's time is in whole milliseconds, as the API takes them, after an odd round trip too", () => {
    const times = [1000, 1003];
    const store = new LiveStore({ schedule: () => undefined, now: () => 2000 });
    const answers: ((snapshot: LiveSnapshot) => void)[] = [];
    const link = new LiveLink({
      store,
      wire: { connected: () => true, subscribe: (_, answer) => answers.push(answer) },
      now: () => times.shift() ?? 0,
    });
    link.connected();
    answers[0]!(snapshot(1, 1));
    expect(Number.isInteger(store.serverNow())).toBe(true);
    expect(Math.abs(store.serverNow() - 1998.5)).toBeLessThanOrEqual(0.5);
  });

  test('a gap asks for a new snapshot and applies nothing until it is there', () => {
    const { store, link, asked } = setup();
    link.connected();
    asked[0]!.answer(snapshot(4, 1));
    link.delta(delta(6, 99));
    link.delta(delta(7, 99));
    expect(store.point(point)?.value).toBe(1);
    expect(asked).toHaveLength(2);
    asked[1]!.answer(snapshot(7, 3));
    link.delta(delta(8, 4));
    expect(store.point(point)?.value).toBe(4);
    expect(store.meta().gaps).toBe(1);
  });

  test('the answer to a former subscription is dropped', () => {
    const { store, link, asked } = setup();
    link.connected();
    link.setScope({ kind: 'site', site: 'demo' });
    asked[0]!.answer(snapshot(1, 1));
    expect(store.loaded()).toBe(false);
    asked[1]!.answer(snapshot(2, 2));
    expect(store.point(point)?.value).toBe(2);
  });

  test('the same scope again asks nothing', () => {
    const { link, asked } = setup();
    link.setScope({ kind: 'site', site: 'demo' });
    link.setScope({ kind: 'site', site: 'demo' });
    expect(asked).toHaveLength(1);
  });

  test('a lost connection is told and its late deltas are ignored', () => {
    const { store, link, asked } = setup();
    link.connected();
    asked[0]!.answer(snapshot(4, 1));
    link.disconnected();
    link.delta(delta(5, 2));
    expect(store.meta().state).toBe('down');
    expect(store.point(point)?.value).toBe(1);
    link.connected();
    asked[1]!.answer({ ...snapshot(0, 7), values: [] });
    expect(store.point(point)).toBeUndefined();
    expect(store.meta().state).toBe('live');
  });
});

describe('the live store', () => {
  test('many deltas give one flush, and only listeners of changed points hear it', () => {
    const { store, link, asked, flush, flushes } = setup();
    link.connected();
    asked[0]!.answer(snapshot(0, 1));
    flush();
    let mine = 0;
    let other = 0;
    store.onPoint(point, () => {
      mine += 1;
    });
    store.onPoint('demo/pump-2/power', () => {
      other += 1;
    });
    link.delta(delta(1, 2));
    link.delta(delta(2, 3));
    link.delta(delta(3, 4));
    expect(flushes).toHaveLength(1);
    flush();
    expect([mine, other]).toEqual([1, 0]);
    expect(store.meta().latencyMs).toBe(97);
  });

  test('a flood is held with its newest figures until it has ended', () => {
    const { store, link, asked, flush } = setup();
    link.connected();
    const flood: PositionFlood = {
      id: 'hq/desk/5',
      site: 'hq',
      position: 'desk',
      name: { zh: '值班室', en: 'Duty desk' },
      beganMs: 5,
      endedMs: null,
      alarms: 11,
      lifeSafety: 0,
      critical: 0,
      rate: 11,
      peak: 11,
      first: { alarm: 'hq/p/a#b', equipment: 'hq/p', atMs: 1 },
      systems: [],
      equipment: [],
    };
    asked[0]!.answer({ ...snapshot(0, 1), floods: [flood] });
    link.delta({ seq: 1, serverTimeMs: 1001, floods: [{ ...flood, alarms: 14, rate: 9 }] });
    flush();
    expect(store.floods()).toMatchObject([{ alarms: 14, rate: 9 }]);
    link.delta({ seq: 2, serverTimeMs: 1002, floods: [{ ...flood, endedMs: 9 }] });
    flush();
    expect(store.floods()).toEqual([]);
  });
});
