import { expect, test } from 'vitest';
import type { DemoPlant } from '../file/demo-plant.ts';
import type { ScenarioResult } from '../run-scenario.ts';
import { groundTruth } from './ground-truth.ts';
import { page } from './page.ts';
import { timeline } from './timeline.ts';
import { chosenPoints } from './trends.ts';

const min = 60_000;
const zeroMs = Date.parse('2026-06-03T09:00:00+08:00');
const alarm = 'booster-1/alarm-code#fault';
const sample = (atMs: number, pressure: number, level?: number): ScenarioResult['samples'][number] => ({
  atMs,
  values: { 'booster-1/discharge-pressure': pressure, 'booster-1/energy': atMs, 'booster-1/remote': true },
  levels: level === undefined ? {} : { 'dry-run of booster-1': level },
});
const result: ScenarioResult = {
  scenario: {
    scenario: 'probe',
    title: { zh: '断水 <1>', en: 'Dry & "quoted"' },
    about: { zh: '说明', en: 'about' },
    seed: 3,
    start: '2026-06-03T09:00:00+08:00',
    settle: '5min',
    duration: '30min',
    faults: [{ at: '10min', equipment: 'booster-1', fault: 'dry-run', until: '20min' }],
    expect: { alarms: [{ alarm, after: '10min', before: '11min' }], orders: [] },
  },
  alarms: [{ alarm, atMs: 10.5 * min, returnedMs: null, historical: false }],
  orders: [
    {
      id: 'WO-000001',
      equipment: 'booster-1',
      failureMode: 'supply-failure',
      openedMs: 10.5 * min,
      closedMs: null,
      reopened: 0,
      state: 'open',
    },
  ],
  told: [
    { alarm, occurrence: 'o', atMs: 10.5 * min, toldMs: 11 * min, urgent: false, inFlood: false, lifeSafety: false },
  ],
  journal: [],
  samples: [sample(-min, 600), sample(9 * min, 600), sample(12 * min, 130, 1), sample(25 * min, 600)],
  complaints: ['an order came; nobody expected <it>'],
  falseAlarms: 0,
  falseOrders: 1,
  leadMs: new Map([['dry-run of booster-1', 30_000]]),
  segment: { openMs: -5 * min, fromMs: -5 * min, toMs: 30 * min, closeMs: 30 * min },
  problems: [],
  models: { from: 'a', to: 'b' },
  zeroMs,
  simulatedMs: 35 * min,
  wallMs: 1000,
  cpuMs: 900,
};
const plant: Pick<DemoPlant, 'alarms' | 'classes' | 'failureModes' | 'names' | 'points'> = {
  alarms: new Map([
    [
      alarm,
      {
        rule: 'booster-pump-set/alarm-code#fault',
        definition: { priority: 'high', guidance: { name: { zh: '故障', en: 'Fault' } } } as never,
      },
    ],
  ]),
  classes: new Map([['booster-1', 'booster-pump-set']]),
  failureModes: new Map([['booster-pump-set', new Map([['supply-failure', { zh: '供水中断', en: 'Supply failed' }]])]]),
  names: new Map([['booster-1', { zh: '供水机组', en: 'Booster set' }]]),
  points: new Map([
    ['booster-1/discharge-pressure', { name: { zh: '出口压力', en: 'Discharge pressure' }, unit: 'kPa' }],
  ]),
};

test('the page needs nothing else, says everything in both languages, and takes text for text', () => {
  const html = page(
    [
      { name: 'probe', result },
      { name: 'other', error: 'no <file>' },
    ],
    plant as DemoPlant,
  );
  expect(html).not.toMatch(/<script|src=|href="(?!#)|@import|url\(/);
  expect(html).toContain('断水 &lt;1&gt;');
  expect(html).toContain('Dry &amp; &quot;quoted&quot;');
  expect(html).toContain('nobody expected &lt;it&gt;');
  expect(html).toContain('no &lt;file&gt;');
  expect(html.match(/class="zh"/g)?.length).toBe(html.match(/class="en"/g)?.length);
  for (const text of [
    '0 / 2',
    '供水机组 · 故障',
    'Booster set · Fault',
    '供水机组 · 供水中断',
    'Booster set · Supply failed',
    '30.0 s · <span class="zh" lang="zh-CN">供水机组 · 泵组吸水中断',
    'Discharge pressure',
    '130 … 600 kPa',
    'prefers-color-scheme:dark',
  ])
    expect(html).toContain(text);
});

test('a bar lies where its time is, and an alarm has the shape of its priority', () => {
  const name = { zh: '甲', en: 'A' };
  const svg = timeline(
    [
      { name, spans: [{ fromMs: 0, toMs: 50, name }] },
      { name, spans: [{ fromMs: 25, toMs: 100, name, kind: 'critical' }] },
      { name, spans: [] },
    ],
    { fromMs: 0, toMs: 100 },
  );
  const [grey, red] = [...svg.matchAll(/class="(span|critical)" x="([\d.]+)" y="[\d.]+" width="([\d.]+)"/g)].map(
    ([, , x, width]) => [Number(x), Number(width)] as const,
  );
  // 1028 px from 96 to 1124.
  expect(grey).toEqual([96, 514]);
  expect(red).toEqual([353, 771]);
  expect(svg.match(/class="lane"/g)).toHaveLength(2);
  expect(svg).toContain('M-5,-5h10v10h-10z');
});

test('trends show what alarms watch and what moves, counters last, and nothing that stands still', () => {
  expect(chosenPoints(result)).toEqual(['booster-1/discharge-pressure', 'booster-1/energy']);
});

test('the ground truth has everything in order of time, and says of each state whether something is wrong', () => {
  const rows = groundTruth(result, 'demo')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>);
  expect(rows.map(({ type }) => type)).toEqual([
    'scenario',
    'state',
    'state',
    'fault',
    'alarm',
    'order',
    'notification',
    'state',
    'state',
  ]);
  expect(rows[0]).toMatchObject({ fromMs: zeroMs - 5 * min, zeroMs, toMs: zeroMs + 30 * min, seed: 3 });
  expect(rows[3]).toMatchObject({ fromMs: zeroMs + 10 * min, toMs: zeroMs + 20 * min, kind: 'equipment', severity: 1 });
  expect(rows[4]).toMatchObject({ alarm, fromMs: zeroMs + 10.5 * min, toMs: null });
  expect(rows.filter(({ type }) => type === 'state').map(({ anomaly }) => anomaly)).toEqual([
    false,
    false,
    true,
    false,
  ]);
});
