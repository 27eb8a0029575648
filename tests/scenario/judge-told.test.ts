import { expect, test } from 'vitest';
import type { ExpectedAlarm, Scenario } from './file/schema.ts';
import { toldComplaints } from './judge-told.ts';
import type { SeenTold } from './told.ts';

const min = 60_000;
const expected = (of: Partial<ExpectedAlarm> = {}): ExpectedAlarm => ({
  alarm: 'p/x#h',
  after: '10min',
  before: '12min',
  ...of,
});
const told = (toldMs: number, of: Partial<SeenTold> = {}): SeenTold => ({
  alarm: 'p/x#h',
  occurrence: 'p/x#h@1',
  atMs: 11 * min,
  toldMs,
  urgent: false,
  lifeSafety: false,
  inFlood: false,
  ...of,
});
const fire = (toldMs: number, of: Partial<SeenTold> = {}): SeenTold =>
  told(toldMs, { urgent: true, lifeSafety: true, ...of });

function complaints(
  alarms: ExpectedAlarm[],
  seen: SeenTold[],
  rest: Pick<Partial<Scenario>, 'operators' | 'line' | 'duration'> = {},
): string[] {
  return toldComplaints({ duration: '60min', expect: { alarms, orders: [] }, ...rest } as unknown as Scenario, seen);
}
const acknowledge = (at: string) => [{ at, alarm: 'p/x#h', do: 'acknowledge' as const }];

test.each<[string, Parameters<typeof complaints>, RegExp[]]>([
  ['told once and in time', [[expected()], [told(11.5 * min)]], []],
  ['it was gathered and had waited for its cause', [[expected()], [told(12 * min + 65_000)]], []],
  ['later than that', [[expected()], [told(12 * min + 65_001)]], [/were to be told between/, /nobody was to be$/]],
  [
    'what is urgent is not gathered',
    [[expected()], [told(12 * min + 1001, { urgent: true })]],
    [/were to be/, /nobody/],
  ],
  ['in a flood it came with the next summary', [[expected()], [told(17 * min, { inFlood: true })]], []],
  ['nobody was told', [[expected()], []], [/^of p\/x#h people were to be told.*; nobody was$/]],
  ['too near to the end to be told', [[expected()], [], { duration: '13min' }], []],
  ['told, and nobody expected the alarm', [[], [told(11 * min)]], [/people were told of p\/x#h.*nobody was to be$/]],
  ['told twice', [[expected()], [told(11 * min), told(11.5 * min)]], [/people were told again at 0 h 11 min 30/]],
  [
    'two announcements, each told',
    [
      [expected(), expected()],
      [told(11 * min), told(11.5 * min, { atMs: 11.4 * min })],
    ],
    [],
  ],
  ['suppressed, and nobody told', [[expected({ suppressed: 'q' })], []], []],
  ['suppressed, and told', [[expected({ suppressed: 'q' })], [told(11 * min)]], [/nobody was to be$/]],
  [
    'suppressed, and told when it was shown',
    [[expected({ suppressed: 'q', shown: { after: '20min', before: '21min' } })], [told(20.6 * min)]],
    [],
  ],
  ['a test', [[expected({ test: true })], [told(11 * min)]], [/nobody was to be$/]],
  ['found afterwards', [[expected({ historical: true })], [told(11 * min)]], [/nobody was to be$/]],
  [
    'told when the uplink is back',
    [[expected({ told: [{ after: '30min', before: '31min' }] })], [told(30.5 * min)]],
    [],
  ],
  ['not to be told', [[expected({ told: [] })], []], []],
  [
    'of what is about life again and again',
    [[expected()], [11, 16, 21, 26].map((at) => fire(at * min)), { duration: '30min' }],
    [],
  ],
  [
    'of what is about life not again',
    [[expected()], [fire(11 * min)], { duration: '30min' }],
    [/nobody was told again after 0 h 11 min 0\.0 s, and nobody had answered$/],
  ],
  ['answered', [[expected()], [fire(11 * min)], { operators: acknowledge('12min') }], []],
  [
    'told again when it was answered',
    [[expected()], [fire(11 * min), fire(16 * min)], { operators: acknowledge('12min') }],
    [/when it was answered$/],
  ],
  [
    'told again too soon',
    [[expected()], [11, 14, 19, 24, 29].map((at) => fire(at * min)), { duration: '30min' }],
    [/0 h 14 min 0\.0 s; it was to be five minutes after/],
  ],
  [
    'the server was down when it was to be told again',
    [
      [expected()],
      [11, 18, 23, 28].map((at) => fire(at * min)),
      { duration: '30min', line: [{ at: '15min', until: '18min', restart: 'server' }] },
    ],
    [],
  ],
])('%s', (_, args, want) => {
  const found = complaints(...args);
  expect(found).toHaveLength(want.length);
  want.forEach((pattern, i) => void expect(found[i]).toMatch(pattern));
});
