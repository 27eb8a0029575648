import type { Alarm, Point } from '@plantroom/contracts';
import { describe, expect, test } from 'vitest';
import { initialPreferences } from '../state/preferences.ts';
import { filterFrom, matchesFilter } from './alarm-filter.ts';
import { countHidden, hidings, shelvingChoices } from './alarm-hiding.ts';
import { compareAlarms, countByPriority, isAnnounced, shapeLook, shownState } from './alarm-look.ts';
import { indicatorAt, indicatorOf } from './indicator.ts';
import { searchEntries } from './search.ts';
import { age, axisLabels, dateTime } from './time.ts';
import { formatNumber, showValue } from './value.ts';

const words = { yes: '是', no: '否', language: 'zh-CN' } as const;
const meaning = { kind: 'number', unit: 'kPa', symbol: 'kPa', precision: 0, states: null } as const;
const limit = {
  alarm: 'a',
  deadband: 0,
  onDelayMs: 0,
  offDelayMs: 0,
  priority: 'high',
  opensOrder: false,
  enabled: true,
  origin: 'class',
} as const;

const alarm = (part: Partial<Alarm>): Alarm =>
  ({
    id: 'demo/x/y#z',
    state: 'UNACK',
    priority: 'high',
    lifeSafety: false,
    activeMs: 1,
    flags: { active: true },
    ...part,
  }) as Alarm;

describe('values', () => {
  test('power is shown in kilowatts', () => {
    expect(showValue({ ...meaning, unit: 'W', symbol: 'W' }, 7456, words)).toEqual({
      text: '7.46',
      symbol: 'kW',
      missing: false,
    });
  });

  test('nothing is a dash, never a zero', () => {
    expect(showValue(meaning, null, words)).toEqual({ text: '–', symbol: '', missing: true });
  });

  test('codes and booleans speak the words of their class', () => {
    const states = [{ value: 1, name: { zh: '运行', en: 'Running' } }];
    expect(showValue({ ...meaning, kind: 'boolean', states }, true, words).text).toBe('运行');
    expect(showValue({ ...meaning, kind: 'boolean' }, false, words).text).toBe('否');
  });

  test('there is no minus zero', () => {
    expect(formatNumber(-0.04, 1)).toBe('0.0');
    expect(formatNumber(-0.06, 1)).toBe('-0.1');
  });
});

describe('times', () => {
  test('are of the site, 24 h', () => {
    expect(dateTime(Date.UTC(2026, 10, 23, 16, 5), 'Asia/Shanghai')).toBe('2026-11-24 00:05');
  });

  test('an axis names the day where it changes', () => {
    const start = Date.UTC(2026, 10, 23, 15, 0);
    expect(axisLabels([start, start + 3_600_000], 3_600_000, 'Asia/Shanghai')).toEqual([
      '23:00\n11-23',
      '00:00\n11-24',
    ]);
  });

  test('an age is coarse and never negative', () => {
    expect(age(-5000)).toEqual({ unit: 'seconds', count: 0 });
    expect(age(3_700_000)).toEqual({ unit: 'hours', count: 1 });
  });
});

describe('the moving indicator', () => {
  test('puts the normal band between the inner limits', () => {
    const point: Pick<Point, 'kind' | 'unit' | 'range' | 'limits'> = {
      kind: 'number',
      unit: 'ppm',
      range: [0, 1600],
      limits: [
        { ...limit, kind: 'L', limit: 400 },
        { ...limit, kind: 'H', limit: 600 },
        { ...limit, kind: 'HH', limit: 800 },
      ],
    };
    const indicator = indicatorOf(point);
    expect(indicator).toMatchObject({ min: 300, max: 900 });
    expect(indicator?.band?.from).toBeCloseTo(1 / 6);
    expect(indicator?.band?.to).toBeCloseTo(0.5);
    expect(indicatorAt(indicator!, 5000)).toBe(1);
  });

  test('without limits the plausible range is the scale and nothing claims to be normal', () => {
    expect(indicatorOf({ kind: 'number', unit: 'bar', range: [0, 10], limits: [] })).toMatchObject({
      min: 0,
      max: 10,
      band: null,
    });
    expect(indicatorOf({ kind: 'number', unit: 'none', range: [0, 65535], limits: [] })).toBeNull();
    expect(indicatorOf({ kind: 'boolean', unit: 'none', range: null, limits: [] })).toBeNull();
  });
});

describe('alarms on screen', () => {
  test('unacknowledged flashes, returned is hollow, shelved bears its letter', () => {
    expect(shapeLook('UNACK')).toEqual({ flash: true, hollow: false, letter: null });
    expect(shapeLook('RTNUN')).toEqual({ flash: true, hollow: true, letter: null });
    expect(shapeLook('SHLVD').letter).toBe('S');
  });

  test('life safety stands above every priority, shelved below', () => {
    const list = [
      alarm({ id: 'shelved', state: 'SHLVD', priority: 'critical' }),
      alarm({ id: 'low', priority: 'low' }),
      alarm({ id: 'critical', priority: 'critical' }),
      alarm({ id: 'life', lifeSafety: true, state: 'ACKED' }),
    ];
    expect(list.sort(compareAlarms).map((each) => each.id)).toEqual(['life', 'critical', 'low', 'shelved']);
  });

  test('shelved alarms are not counted', () => {
    expect(countByPriority([alarm({}), alarm({ state: 'SHLVD' }), alarm({ state: 'ACKED' })])[1]).toEqual({
      priority: 'high',
      total: 2,
      unacked: 1,
    });
  });

  test('what is out of sight is counted by its kind, and each kind has its list', () => {
    const list = [
      alarm({ state: 'SHLVD' }),
      alarm({ state: 'OOSRV' }),
      alarm({ state: 'SHLVD' }),
      alarm({}),
      alarm({ testMode: 'test-1', lifeSafety: true }),
    ];
    expect(countHidden(list).map(({ filter, count }) => [filter, count])).toEqual([
      ['shelved', 2],
      ['suppressed', 0],
      ['out-of-service', 1],
      ['test', 1],
    ]);
    for (const { state, filter } of hidings) {
      const list = filterFrom(new URLSearchParams({ state: filter }));
      const one = state === 'TEST' ? alarm({ testMode: 'test-1' }) : alarm({ state });
      expect(matchesFilter(one, list, () => '')).toBe(true);
      expect(matchesFilter(alarm({ state: 'ACKED' }), list, () => '')).toBe(false);
      expect(matchesFilter(one, filterFrom(new URLSearchParams()), () => '')).toBe(false);
    }
  });

  test('a test is neither counted as an alarm nor flashes, and what hides it goes before', () => {
    const tested = alarm({ testMode: 'test-1', lifeSafety: true });
    expect([shownState(tested), shownState({ ...tested, state: 'SHLVD' })]).toEqual(['TEST', 'SHLVD']);
    expect(shapeLook('TEST')).toEqual({ flash: false, hollow: true, letter: 'T' });
    expect([tested].sort(compareAlarms).filter(isAnnounced)).toEqual([]);
    expect(countByPriority([tested]).map(({ total }) => total)).toEqual([0, 0, 0, 0]);
  });

  test('shelving is offered up to the longest time that the site allows', () => {
    const minuteMs = 60_000;
    expect(shelvingChoices(480 * minuteMs).map((ms) => ms / minuteMs)).toEqual([15, 60, 240, 480]);
    expect(shelvingChoices(60 * minuteMs).map((ms) => ms / minuteMs)).toEqual([15, 60]);
    expect(shelvingChoices(5 * minuteMs).map((ms) => ms / minuteMs)).toEqual([5]);
  });

  test('filters combine', () => {
    const filter = filterFrom(new URLSearchParams('priority=high&state=unacked&q=泵 振动'));
    expect(matchesFilter(alarm({}), filter, () => '2号泵 振动高')).toBe(true);
    expect(matchesFilter(alarm({}), filter, () => '水箱')).toBe(false);
    expect(matchesFilter(alarm({ state: 'ACKED' }), filter, () => '2号泵 振动高')).toBe(false);
  });
});

describe('preferences', () => {
  const fresh = { stored: null, browserLanguages: ['zh-TW'], prefersLight: false, wall: false };
  test('a Chinese browser gets Chinese, any other English', () => {
    expect(initialPreferences(fresh).language).toBe('zh-CN');
    expect(initialPreferences({ ...fresh, browserLanguages: ['de'] }).language).toBe('en');
  });
  test('what is stored wins, damage is ignored', () => {
    expect(initialPreferences({ ...fresh, stored: '{"language":"en","theme":"light"}' })).toMatchObject({
      language: 'en',
      theme: 'light',
    });
    expect(initialPreferences({ ...fresh, stored: '{broken' }).language).toBe('zh-CN');
  });
});

test('search needs every word and puts the best first', () => {
  const entry = (label: string) => ({ label, hint: '', to: label, also: '' });
  expect(
    searchEntries([entry('Set of pumps'), entry('Pump 2'), entry('Tank')], 'pump').map((each) => each.label),
  ).toEqual(['Pump 2', 'Set of pumps']);
});
