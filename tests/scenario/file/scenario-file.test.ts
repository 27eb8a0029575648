import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ProblemsError } from '@plantroom/contracts';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { stringify } from 'yaml';
import { scenarioNames, scenarioPath } from '../options.ts';
import { demoPlant } from './demo-plant.ts';
import { readScenario } from './scenario-file.ts';

const plant = await demoPlant();
let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'plantroom-scenario-file-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const sound = {
  scenario: 'probe',
  title: { zh: '试', en: 'probe' },
  about: { zh: '试', en: 'probe' },
  seed: 1,
  start: '2026-06-03T09:00:00+08:00',
  settle: '5min',
  duration: '30min',
  faults: [{ at: '10min', equipment: 'booster-1', fault: 'dry-run', until: '20min' }],
  expect: { alarms: [] as unknown[], orders: [] as unknown[] },
};

function problemsOf(data: unknown): string[] {
  const file = join(folder, 'probe.yaml');
  writeFileSync(file, typeof data === 'string' ? data : stringify(data));
  try {
    readScenario(file, plant);
    return [];
  } catch (error) {
    if (!(error instanceof ProblemsError)) throw error;
    return error.problems.map(({ path, message }) => `${path} ${message}`);
  }
}

test('a sound file has no problems', () => {
  expect(problemsOf(sound)).toEqual([]);
});

test('everything that is wrong is told at once: path, value, what is allowed', () => {
  const alarm = { alarm: 'booster-1/alarm-code#fualt', after: '10min', before: '9min' };
  const found = problemsOf({
    ...sound,
    scenario: 'other',
    faults: [
      { at: '40min', equipment: 'booster-9', fault: 'dry-run' },
      { at: '10min', equipment: 'booster-1', fault: 'dry-rum', until: '5min' },
    ],
    line: [{ at: '1min', until: '2min', cut: 'uplnk' }],
    operators: [{ at: '1min', order: { equipment: 'booster-1', failureMode: 'none' }, do: ['accept'] }],
    expect: { alarms: [alarm], orders: [{ equipment: 'booster-9', failureMode: 'x', before: '10min' }] },
  });
  for (const [i, pattern] of [
    /^\/faults\/0\/at is 40min; the scenario ends at 30min$/,
    /^\/faults\/0 no equipment "booster-9"; allowed: .*booster-1/,
    /^\/faults\/1\/until is 5min; allowed is later than 10min$/,
    /^\/faults\/1 fault "dry-rum" is not known; allowed for booster-1: .*dry-run/,
    /^\/line\/0\/cut is "uplnk"; allowed: uplink, broker, .*pumproom/,
    /^\/operators\/0\/order\/failureMode is "none"; allowed for booster-1: .*supply-failure/,
    /^\/expect\/alarms\/0\/alarm is "booster-1\/alarm-code#fualt"; .*booster-1\/alarm-code#fault/,
    /^\/expect\/alarms\/0\/before is 9min; allowed is later than 10min$/,
    /^\/expect\/orders\/0\/equipment is "booster-9"; allowed: .*booster-1/,
    /^\/scenario is "other"; the file is probe\.yaml$/,
  ].entries())
    expect(found[i]).toMatch(pattern);
  expect(found).toHaveLength(10);
});

test.each([
  ['a duration without a unit', { ...sound, duration: '30' }, /^\/duration is "30": .*allowed is a time such as/],
  ['a field that there is not', { ...sound, faluts: [] }, /additional.*faluts/],
  ['a field that is missing', { ...sound, expect: undefined }, /required.*expect/],
  [
    'an activity among the faults',
    { ...sound, faults: [{ at: '1min', equipment: 'elevator-1', fault: 'elevator-inspection' }] },
    /belongs under \/activities/,
  ],
  [
    'an end behind that of the scenario',
    { ...sound, faults: [{ at: '1min', equipment: 'booster-1', fault: 'dry-run', until: '31min' }] },
    /^\/faults\/0\/until is 31min; the scenario ends at 30min$/,
  ],
  [
    'an order that may come after the end',
    {
      ...sound,
      expect: { alarms: [], orders: [{ equipment: 'booster-1', failureMode: 'supply-failure', before: '31min' }] },
    },
    /^\/expect\/orders\/0\/before is 31min; the scenario ends at 30min$/,
  ],
  ['no YAML', 'a: [', /flow/i],
])('%s', (_, data, pattern) => {
  expect(problemsOf(data).join('\n')).toMatch(pattern);
});

const long = { ...sound, duration: '2d', faults: [], segments: 2 };

test('a long scenario without faults may be played in segments', () => {
  expect(problemsOf(long)).toEqual([]);
});

test.each([
  ['faults', { ...long, faults: sound.faults }, /^\/segments is 2; allowed with faults: 1/],
  ['too short', { ...long, duration: '2h' }, /^\/segments is 2; the one from .* is shorter than the overlap of 75min/],
  [
    'a line that is cut at the seam',
    { ...long, line: [{ at: '20h', until: '30h', cut: 'uplink' }] },
    /^\/line\/0\/at is 20h; allowed is outside of 1395min to 1470min/,
  ],
  [
    'operators at the seam',
    { ...long, operators: [{ at: '24h', alarm: 'booster-1/alarm-code#fault', do: 'acknowledge' }] },
    /^\/operators\/0\/at is 24h; allowed is outside of 1395min/,
  ],
])('segments are refused with what is allowed: %s', (_, data, pattern) => {
  expect(problemsOf(data).join('\n')).toMatch(pattern);
});

test('every scenario of the project can be read, and says in both languages what it is about', () => {
  const names = scenarioNames();
  expect(names.length).toBeGreaterThan(0);
  for (const name of names) {
    const { title, about } = readScenario(scenarioPath(name), plant);
    expect(
      [title.zh, title.en, about.zh, about.en].every((text) => text.length > 0),
      name,
    ).toBe(true);
  }
});

test('states are expected of alarms that there are, within the time of the scenario; an order ends after it begins', () => {
  const found = problemsOf({
    ...sound,
    expect: {
      alarms: [],
      orders: [{ equipment: 'booster-1', failureMode: 'supply-failure', after: '10min', before: '10min' }],
      states: [
        { at: '40min', alarm: 'booster-1/alarm-code#fault', state: 'SHLVD' },
        { at: '10min', alarm: 'booster-1/alarm-code#fualt', state: 'SHLVD' },
      ],
    },
  });
  expect(found).toEqual([
    '/expect/orders/0/before is 10min; allowed is later than 10min',
    '/expect/states/0/at is 40min; the scenario ends at 30min',
    expect.stringMatching(/^\/expect\/states\/1\/alarm is "booster-1\/alarm-code#fualt"; /),
  ]);
});

test('shelving needs its time, and an alarm state is one of those that there are', () => {
  const shelve = { at: '10min', alarm: 'booster-1/alarm-code#fault', do: 'shelve' };
  expect(problemsOf({ ...sound, operators: [{ ...shelve, for: '15min', once: true }] })).toEqual([]);
  expect(problemsOf({ ...sound, operators: [shelve] })).not.toEqual([]);
  const states = [{ at: '10min', alarm: 'booster-1/alarm-code#fault', state: 'HIDDEN' }];
  expect(problemsOf({ ...sound, expect: { ...sound.expect, states } })).not.toEqual([]);
});
