import { expect, test } from 'vitest';
import type { ExpectedAlarm, ExpectedOrder } from './file/schema.ts';
import { clock, judge, type SeenAlarm, type SeenOrder } from './judge.ts';

const min = 60_000;
const expectedAlarm = (of: Partial<ExpectedAlarm> = {}): ExpectedAlarm => ({
  alarm: 'p/x#h',
  after: '10min',
  before: '12min',
  ...of,
});
const seenAlarm = (of: Partial<SeenAlarm> = {}): SeenAlarm => ({
  alarm: 'p/x#h',
  atMs: 11 * min,
  returnedMs: null,
  historical: false,
  ...of,
});
const expectedOrder = (of: Partial<ExpectedOrder> = {}): ExpectedOrder => ({
  equipment: 'p',
  failureMode: 'm',
  before: '12min',
  ...of,
});
const seenOrder = (of: Partial<SeenOrder> = {}): SeenOrder => ({
  id: 'WO-000001',
  equipment: 'p',
  failureMode: 'm',
  openedMs: 11 * min,
  closedMs: null,
  reopened: 0,
  state: 'open',
  ...of,
});

function complaints(
  expected: { alarms?: ExpectedAlarm[]; orders?: ExpectedOrder[] },
  seen: { alarms?: SeenAlarm[]; orders?: SeenOrder[] },
): string[] {
  const { alarms = [], orders = [] } = expected;
  return judge({ expect: { alarms, orders }, faults: [] }, { alarms: seen.alarms ?? [], orders: seen.orders ?? [] })
    .complaints;
}

const returns = { after: '20min', before: '21min' };

test.each<[string, Parameters<typeof complaints>, RegExp[]]>([
  ['nothing was expected and nothing came', [{}, {}], []],
  ['it came in its time', [{ alarms: [expectedAlarm()] }, { alarms: [seenAlarm()] }], []],
  [
    'the ends of the time belong to it',
    [
      { alarms: [expectedAlarm(), expectedAlarm()] },
      { alarms: [seenAlarm({ atMs: 10 * min }), seenAlarm({ atMs: 12 * min })] },
    ],
    [],
  ],
  [
    'it did not come',
    [{ alarms: [expectedAlarm()] }, {}],
    [/^p\/x#h was to come between 10min and 12min; it did not$/],
  ],
  [
    'it came late',
    [{ alarms: [expectedAlarm()] }, { alarms: [seenAlarm({ atMs: 12 * min + 1 })] }],
    [/it came at 0 h 12 min 0\.0 s$/, /nobody expected it$/],
  ],
  [
    'it came too soon',
    [{ alarms: [expectedAlarm()] }, { alarms: [seenAlarm({ atMs: 10 * min - 1 })] }],
    [/was to come/, /nobody expected it$/],
  ],
  ['another one came', [{}, { alarms: [seenAlarm()] }], [/^p\/x#h came at 0 h 11 min 0\.0 s; nobody expected it$/]],
  [
    'it came twice',
    [{ alarms: [expectedAlarm()] }, { alarms: [seenAlarm(), seenAlarm({ atMs: 11.5 * min })] }],
    [/11 min 30\.0 s; nobody expected it$/],
  ],
  [
    'it was to come twice',
    [{ alarms: [expectedAlarm(), expectedAlarm()] }, { alarms: [seenAlarm()] }],
    [/was to come/],
  ],
  [
    'it was to stand and returned',
    [{ alarms: [expectedAlarm()] }, { alarms: [seenAlarm({ returnedMs: 20 * min })] }],
    [/it was to stand$/],
  ],
  [
    'it was to return and stands',
    [{ alarms: [expectedAlarm({ returns })] }, { alarms: [seenAlarm()] }],
    [/it stands$/],
  ],
  [
    'it returned in its time',
    [{ alarms: [expectedAlarm({ returns })] }, { alarms: [seenAlarm({ returnedMs: 20 * min })] }],
    [],
  ],
  [
    'it returned late',
    [{ alarms: [expectedAlarm({ returns })] }, { alarms: [seenAlarm({ returnedMs: 22 * min })] }],
    [/it returned at 0 h 22 min/],
  ],
  [
    'it was only found afterwards',
    [{ alarms: [expectedAlarm()] }, { alarms: [seenAlarm({ historical: true })] }],
    [/was to be announced$/],
  ],
  [
    'it was to be found afterwards and was',
    [{ alarms: [expectedAlarm({ historical: true })] }, { alarms: [seenAlarm({ historical: true })] }],
    [],
  ],
  [
    'it was to be found afterwards and was announced',
    [{ alarms: [expectedAlarm({ historical: true })] }, { alarms: [seenAlarm()] }],
    [/to be found afterwards$/],
  ],
  [
    'it was suppressed by what was to suppress it',
    [{ alarms: [expectedAlarm({ suppressed: 'q/y#z' })] }, { alarms: [seenAlarm({ suppressedBy: 'q/y#z' })] }],
    [],
  ],
  [
    'it was to be suppressed and was announced',
    [{ alarms: [expectedAlarm({ suppressed: 'q/y#z' })] }, { alarms: [seenAlarm()] }],
    [/was announced; it was to be suppressed by q\/y#z$/],
  ],
  [
    'it was suppressed and was to be announced',
    [{ alarms: [expectedAlarm()] }, { alarms: [seenAlarm({ suppressedBy: 'q/y#z' })] }],
    [/was suppressed by q\/y#z; it was to be announced$/],
  ],
  [
    'it was shown in its time',
    [
      { alarms: [expectedAlarm({ suppressed: 'q', shown: { after: '20min', before: '21min' } })] },
      { alarms: [seenAlarm({ suppressedBy: 'q', shownMs: 20.5 * min })] },
    ],
    [],
  ],
  [
    'it was shown and was to stay suppressed',
    [
      { alarms: [expectedAlarm({ suppressed: 'q' })] },
      { alarms: [seenAlarm({ suppressedBy: 'q', shownMs: 20 * min })] },
    ],
    [/was shown at 0 h 20 min.*stay suppressed$/],
  ],
  [
    'it was to be shown and stayed suppressed',
    [
      { alarms: [expectedAlarm({ suppressed: 'q', shown: { after: '20min', before: '21min' } })] },
      { alarms: [seenAlarm({ suppressedBy: 'q' })] },
    ],
    [/was to be shown between 20min and 21min; it was not$/],
  ],
  [
    'it came and went within one occurrence',
    [
      { alarms: [expectedAlarm({ count: 2, returns })] },
      {
        alarms: [seenAlarm({ returnedMs: 12 * min }), seenAlarm({ atMs: 14 * min, again: true, returnedMs: 20 * min })],
      },
    ],
    [],
  ],
  [
    'it was to come back within one occurrence, and another one began',
    [
      { alarms: [expectedAlarm({ count: 2, returns })] },
      { alarms: [seenAlarm({ returnedMs: 12 * min }), seenAlarm({ atMs: 14 * min, returnedMs: 20 * min })] },
    ],
    [/was to come 2 times in one occurrence; it came once$/, /nobody expected it$/],
  ],
  ['the order came', [{ orders: [expectedOrder()] }, { orders: [seenOrder()] }], []],
  ['no order came', [{ orders: [expectedOrder()] }, {}], [/^no order for m of p$/]],
  [
    'the order came late',
    [{ orders: [expectedOrder()] }, { orders: [seenOrder({ openedMs: 13 * min })] }],
    [/it was to come before 12min$/],
  ],
  [
    'the order came before its time',
    [{ orders: [expectedOrder({ after: '10min' })] }, { orders: [seenOrder({ openedMs: 9 * min })] }],
    [/it was to come after 10min$/],
  ],
  ['an order came that nobody expected', [{}, { orders: [seenOrder()] }], [/nobody expected it$/]],
  [
    'a second order came',
    [{ orders: [expectedOrder()] }, { orders: [seenOrder(), seenOrder()] }],
    [/nobody expected it$/],
  ],
  [
    'it was opened again',
    [{ orders: [expectedOrder()] }, { orders: [seenOrder({ reopened: 1 })] }],
    [/was opened again once; it was to be 0 times$/],
  ],
  [
    'it was to be opened again and was not',
    [{ orders: [expectedOrder({ reopened: 1 })] }, { orders: [seenOrder()] }],
    [/0 times; it was to be once$/],
  ],
  [
    'it is in another state',
    [{ orders: [expectedOrder({ state: 'closed' })] }, { orders: [seenOrder()] }],
    [/is open at the end; it was to be closed$/],
  ],
])('%s', (_, [expected, seen], want) => {
  const found = complaints(expected, seen);
  expect(found).toHaveLength(want.length);
  want.forEach((pattern, i) => void expect(found[i]).toMatch(pattern));
});

test('a narrow window is not robbed by a wide one', () => {
  const wide = expectedAlarm({ after: '0s', before: '1h' });
  const alarms = [seenAlarm({ atMs: 11 * min }), seenAlarm({ atMs: 30 * min })];
  expect(complaints({ alarms: [wide, expectedAlarm()] }, { alarms })).toEqual([]);
});

test('the lead is that of the first expected alarm behind the onset, and what is false is counted', () => {
  const verdict = judge(
    { expect: { alarms: [expectedAlarm()], orders: [] }, faults: [{ at: '9min', equipment: 'p', fault: 'f' }] },
    { alarms: [seenAlarm({ alarm: 'q/y#l', atMs: 9.5 * min }), seenAlarm()], orders: [seenOrder()] },
  );
  expect([...verdict.leadMs]).toEqual([['f of p', 2 * min]]);
  expect([verdict.falseAlarms, verdict.falseOrders]).toEqual([1, 1]);
});

test('times are told as one reads them', () => {
  expect([clock(0), clock(7_512_300), clock(-61_000)]).toEqual([
    '0 h 00 min 0.0 s',
    '2 h 05 min 12.3 s',
    '-0 h 01 min 1.0 s',
  ]);
});
