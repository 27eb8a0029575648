import type { Alarm, PositionFlood } from '@plantroom/contracts';
import { beforeEach, describe, expect, test } from 'vitest';
import { AlarmSounder, type Chime } from './alarm-sound.ts';

const minute = 60_000;
const startMs = 1_000_000;
const flood = { id: 'hq/desk/1', beganMs: startMs } as PositionFlood;

const alarm = (id: string, over: Partial<Alarm> = {}): Alarm =>
  ({
    id,
    occurrence: `${id}@1`,
    state: 'UNACK',
    testMode: null,
    priority: 'high',
    lifeSafety: false,
    count: 1,
    reAlarms: 0,
    ...over,
  }) as unknown as Alarm;

let sounder: AlarmSounder;
let nowMs: number;
const hear = (alarms: Alarm[], floods: PositionFlood[] = []): Chime | null =>
  sounder.take({ alarms, floods, floodOf: () => floods[0], nowMs });

beforeEach(() => {
  sounder = new AlarmSounder();
  nowMs = startMs;
});

describe('outside of a flood', () => {
  test('what stood before is silent; each new alarm sounds once', () => {
    expect(hear([alarm('a')])).toBeNull();
    expect(hear([alarm('a'), alarm('b')])).toBe('alarm');
    expect(hear([alarm('a'), alarm('b')])).toBeNull();
    expect(sounder.nextMs).toBeNull();
  });

  test('it sounds again when it asks again, is worse or comes back, not when it returns or is acknowledged', () => {
    hear([alarm('a')]);
    expect(hear([alarm('a', { state: 'RTNUN' })])).toBeNull();
    expect(hear([alarm('a', { count: 2 })])).toBe('alarm');
    expect(hear([alarm('a', { count: 2, state: 'ACKED' })])).toBeNull();
    expect(hear([alarm('a', { count: 2, reAlarms: 1 })])).toBe('alarm');
    expect(hear([alarm('a', { count: 2, reAlarms: 1, priority: 'critical' })])).toBe('critical');
  });

  test('what is hidden or a test is silent', () => {
    hear([]);
    expect(hear([alarm('a', { state: 'SHLVD' }), alarm('b', { testMode: 'test-1' })])).toBeNull();
    expect(hear([alarm('a')])).toBe('alarm');
  });

  test('life safety sounds again each ten seconds until it is acknowledged, also what stood before', () => {
    const fire = alarm('fire', { lifeSafety: true, priority: 'critical' });
    expect(hear([fire])).toBe('life-safety');
    expect(sounder.nextMs).toBe(startMs + 10_000);
    nowMs += 9_999;
    expect(hear([fire])).toBeNull();
    nowMs += 1;
    expect(hear([fire])).toBe('life-safety');
    expect(hear([{ ...fire, state: 'ACKED' }])).toBeNull();
    expect(sounder.nextMs).toBeNull();
  });
});

describe('in a flood', () => {
  test('its begin sounds once, then what comes sounds together each five minutes', () => {
    hear([]);
    expect(hear([alarm('a')], [flood])).toBe('summary');
    const many = Array.from({ length: 20 }, (_, at) => alarm(`b${at}`));
    expect(hear(many, [flood])).toBeNull();
    expect(sounder.nextMs).toBe(startMs + 5 * minute);
    nowMs += 5 * minute - 1;
    expect(hear(many, [flood])).toBeNull();
    nowMs += 1;
    expect(hear(many, [flood])).toBe('summary');
    nowMs += 20 * minute;
    expect(hear(many, [flood])).toBeNull();
    expect(sounder.nextMs).toBeNull();
  });

  test('life safety and what is critical sound at once, life safety above all', () => {
    hear([], [flood]);
    expect(hear([alarm('a'), alarm('c', { priority: 'critical' })], [flood])).toBe('critical');
    const fire = alarm('fire', { lifeSafety: true, priority: 'critical' });
    expect(hear([alarm('d', { priority: 'critical' }), fire], [flood])).toBe('life-safety');
  });

  test('when it is over each sounds as ever', () => {
    hear([], [flood]);
    hear([alarm('a')], [flood]);
    expect(hear([alarm('a')])).toBeNull();
    expect(hear([alarm('a'), alarm('b')])).toBe('alarm');
  });
});
