import type { NotificationPolicy } from '@plantroom/contracts';
import { describe, expect, test } from 'vitest';
import { meaningOf } from './journal-meaning.ts';
import { climb } from './ladder.ts';
import { quietUntil } from './quiet-hours.ts';
import { RateWindow } from './rate-window.ts';
import { retryAtMs } from './retry.ts';

const minute = 60_000;
const target = (id: string) => ({ type: 'person', id }) as const;
const policy = (parts: Partial<NotificationPolicy> = {}): NotificationPolicy => ({
  id: 'p',
  name: 'P',
  enabled: true,
  match: {},
  steps: [
    { afterMinutes: 0, targets: [target('an')] },
    { afterMinutes: 5, targets: [target('bo')] },
  ],
  repeat: null,
  stopOnReturn: true,
  tellReturned: false,
  ...parts,
});
const call = { rung: 0, openedMs: 0, lifeSafety: false };
const reaches = () => true;

describe('ladder', () => {
  test('each step in its time, then the end', () => {
    const first = climb(policy(), call, { nowMs: 0, reaches });
    expect(first).toMatchObject({ rung: 1, nextMs: 5 * minute });
    expect(first.rungs.map(({ index }) => index)).toEqual([0]);
    const second = climb(policy(), { ...call, rung: 1 }, { nowMs: 5 * minute, reaches });
    expect(second).toMatchObject({ rung: 2, nextMs: null });
  });

  test('after a stop every step that fell due is climbed, of repetitions only the last', () => {
    const repeated = policy({ repeat: { everyMinutes: 10, times: null } });
    const { rungs, nextMs } = climb(repeated, call, { nowMs: 61 * minute, reaches });
    expect(rungs.map(({ index, repeated: again }) => [index, again])).toEqual([
      [0, false],
      [1, false],
      [6, true],
    ]);
    expect(nextMs).toBe(65 * minute);
  });

  test('a repetition with a count ends; about life it never does, whatever the policy says', () => {
    const twice = policy({ repeat: { everyMinutes: 10, times: 2 } });
    expect(climb(twice, { ...call, rung: 4 }, { nowMs: 100 * minute, reaches })).toMatchObject({
      rungs: [],
      nextMs: null,
    });
    const about = climb(policy(), { ...call, lifeSafety: true, rung: 500 }, { nowMs: 0, reaches });
    expect(about.nextMs).toBe((5 + 499 * 5) * minute);
  });

  test('a step that reaches nobody does not hold up the next one', () => {
    const { rungs } = climb(policy(), call, { nowMs: 0, reaches: ({ index }) => index !== 0 });
    expect(rungs.map(({ index }) => index)).toEqual([0, 1]);
  });
});

describe('what a line of the journal means', () => {
  const line = {
    action: 'activated',
    stateBefore: 'NORM',
    stateAfter: 'UNACK',
    historical: false,
    priority: 'high',
    recordedMs: 1_000_000,
  } as const;
  const fresh = { lifeSafety: false, called: null };
  const called = {
    lifeSafety: false,
    called: { priority: 'high', returnedMs: 1_000_000 - 3 * minute, climbing: false },
  } as const;

  test('every way into unacknowledged calls, and rises in priority call again', () => {
    expect(meaningOf(line, fresh).act).toBe('call');
    expect(meaningOf({ ...line, stateBefore: 'SHLVD' }, fresh).act).toBe('call');
    expect(meaningOf({ ...line, stateBefore: 'ACKED' }, fresh).act).toBe('call');
    expect(meaningOf({ ...line, stateBefore: 'OOSRV', stateAfter: 'LATCHED-UNACK' }, fresh).act).toBe('call');
    expect(meaningOf({ ...line, stateBefore: 'UNACK', priority: 'critical' }, called).act).toBe('call');
  });

  test('what comes back unanswered is told anew when nothing more would tell it, and not within three minutes of its return', () => {
    const back = { ...line, stateBefore: 'RTNUN', action: 'reactivated' } as const;
    const soon = { ...called.called, returnedMs: called.called.returnedMs + 1 };
    const climbing = { ...called.called, climbing: true };
    expect(meaningOf(back, called).act).toBe('call');
    expect(meaningOf(back, { lifeSafety: false, called: soon }).act).toBe('none');
    expect(meaningOf(back, { lifeSafety: false, called: climbing }).act).toBe('none');
    // About life each time is news: it may be somebody else.
    expect(meaningOf(back, { lifeSafety: true, called: { ...soon, climbing: true } }).act).toBe('call');
    // What is merely marked as uncertain has not come back.
    expect(meaningOf({ ...back, stateBefore: 'UNACK', action: 'uncertain' }, called).act).toBe('none');
  });

  test('acknowledging and setting aside end it; a return does not by itself', () => {
    const from = { ...line, stateBefore: 'UNACK' } as const;
    for (const stateAfter of ['ACKED', 'NORM', 'LATCHED-ACK', 'SHLVD', 'DSUPR', 'OOSRV'] as const) {
      expect(meaningOf({ ...from, action: 'acknowledged', stateAfter }, called).act).toBe('end');
    }
    expect(meaningOf({ ...from, action: 'returned', stateAfter: 'RTNUN' }, called)).toEqual({
      act: 'none',
      returned: true,
    });
    expect(meaningOf({ ...from, action: 'latched', stateAfter: 'LATCHED-UNACK' }, called)).toEqual({
      act: 'none',
      returned: true,
    });
  });

  test('what late data tells is news only when it is about life', () => {
    const late = { ...line, stateAfter: 'NORM', historical: true } as const;
    expect(meaningOf(late, fresh).act).toBe('none');
    expect(meaningOf(late, { lifeSafety: true, called: null }).act).toBe('tell');
    expect(meaningOf({ ...late, action: 'returned' }, { lifeSafety: true, called: null }).act).toBe('none');
  });
});

describe('quiet hours', () => {
  const quiet = { from: '22:00', to: '07:00', timeZone: 'Asia/Shanghai' };
  const at = (text: string) => Date.parse(`${text}+08:00`);

  test('over midnight, to their end', () => {
    expect(quietUntil(quiet, at('2026-11-23T21:59:59'))).toBeNull();
    expect(quietUntil(quiet, at('2026-11-23T22:00:00'))).toBe(at('2026-11-24T07:00:00'));
    expect(quietUntil(quiet, at('2026-11-24T06:59:59'))).toBe(at('2026-11-24T07:00:00'));
    expect(quietUntil(quiet, at('2026-11-24T07:00:00'))).toBeNull();
    expect(quietUntil({ ...quiet, to: '22:00' }, at('2026-11-23T22:00:00'))).toBeNull();
    expect(quietUntil(null, at('2026-11-23T23:00:00'))).toBeNull();
  });
});

describe('rate', () => {
  test('no span of a minute ever holds more than the limit, and life has the last places', () => {
    const window = new RateWindow([{ count: 20, perMs: minute }]);
    let now = 0;
    while (window.free(2, now) > 0) window.take(now++);
    expect(now).toBe(13);
    while (window.free(1, now) > 0) window.take(now++);
    expect(now).toBe(17);
    while (window.free(0, now) > 0) window.take(now++);
    expect(now).toBe(20);
    expect(window.nextFreeMs(0, now)).toBe(minute);
    expect(window.nextFreeMs(1, now)).toBe(3 + minute);
    expect(window.nextFreeMs(2, now)).toBe(7 + minute);
    expect(window.free(0, minute - 1)).toBe(0);
    expect(window.free(0, minute)).toBe(1);
  });

  test('two limits hold together', () => {
    const window = new RateWindow([
      { count: 100, perMs: minute },
      { count: 5, perMs: 1000 },
    ]);
    for (let i = 0; i < 5; i++) window.take(0);
    expect(window.free(0, 999)).toBe(0);
    expect(window.nextFreeMs(0, 10)).toBe(1000);
  });
});

describe('retries', () => {
  const at = (attempts: number, random: number, rank: 0 | 2 = 2) => retryAtMs({ attempts, rank, nowMs: 0, random });
  test('30 s, 2 min, 10 min, each a fifth earlier or later, then a dead letter', () => {
    expect([1, 2, 3, 4].map((attempts) => at(attempts, 0.5))).toEqual([30_000, 120_000, 600_000, null]);
    expect([at(1, 0), at(1, 1)]).toEqual([24_000, 36_000]);
    expect([1, 2, 5].map((attempts) => at(attempts, 0.5, 0))).toEqual([5_000, 30_000, null]);
  });
});
