import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  type Alarm,
  type AlarmOverride,
  type AlarmSetting,
  AlarmSettings,
  type ApiError,
  type AuditEntry,
} from '@plantroom/contracts';

import { Value } from 'typebox/value';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { RunningServer } from '../../server.ts';
import { bornPoint } from '../../test-helpers/booster-site.ts';
import { startTestServer, TestClient, temporaryFolder } from '../../test-helpers/start-test-server.ts';

const { folder, remove } = temporaryFolder();
const startMs = Date.UTC(2026, 0, 20, 8);
type Settings = { items: AlarmSetting[] };
const booster = 'hq/booster-1';
const pressure = `${booster}/discharge-pressure`;
const low = `${pressure}#discharge-pressure-low`;
const siteFile = join(folder, 'site.yaml');
let server: RunningServer;
let client: TestClient;

const start = async (): Promise<void> => {
  server = await startTestServer(folder, { env: { PLANTROOM_SITE_FILE: siteFile } });
  client = new TestClient(server.url);
  await client.signIn();
};
const say = async (value: number, s: number): Promise<void> => {
  const atMs = startMs + s * 1000;
  server.engine.readings('hq/g', [{ point: pressure, value, quality: 'good', wireTimeMs: atMs }], false);
  server.engine.watermark('hq/g', atMs);
  await server.engine.settled();
};
const list = async (): Promise<Settings> =>
  (await client.call<Settings>('GET', `/api/alarms/definitions?equipment=${booster}`)).body;
const settingOf = async (id: string) => (await list()).items.find(({ inForce }) => inForce.id === id);
const put = (id: string, override: Partial<AlarmOverride>) =>
  client.call<Settings & ApiError>('PUT', `/api/alarms/definitions/${id.replace('#', '/')}`, override);
const reset = (id: string) =>
  client.call<ApiError>('DELETE', `/api/alarms/definitions/${id.replace('#', '/')}?reason=as%20before`);
const alarmOf = async (id: string): Promise<Alarm | undefined> =>
  (await client.call<{ items: Alarm[] }>('GET', '/api/alarms?all=true')).body.items.find((alarm) => alarm.id === id);

beforeAll(async () => {
  writeFileSync(
    siteFile,
    `
site: hq
name: { zh: 总部, en: HQ }
timeZone: Asia/Shanghai
spaces:
  - { id: b1, kind: building, name: { zh: 一号楼, en: B1 } }
equipment:
  - { id: booster-1, class: booster-pump-set, name: { zh: 一号泵组, en: Booster set 1 }, space: b1 }
  - { id: pump-1, class: pump, parent: booster-1, name: { zh: 一号泵, en: Pump 1 }, space: b1 }
  - { id: elevator-1, class: elevator, name: { zh: 一号梯, en: Elevator 1 }, space: b1 }
`,
  );
  await start();
  server.engine.deviceOnline(
    'hq/g',
    'd',
    [
      bornPoint(pressure, 'booster-pump-set'),
      bornPoint('hq/pump-1/running', 'pump'),
      bornPoint('hq/pump-1/starts', 'pump'),
      bornPoint('hq/elevator-1/entrapment', 'elevator'),
    ],
    startMs,
  );
  await say(400, 0);
});
afterAll(async () => {
  await server.stop();
  remove();
});

describe('a changed alarm', () => {
  test('stands beside what its class says, with reason, person and audit, and goes back to it', async () => {
    expect(Value.Check(AlarmSettings, await list())).toBe(true);
    expect(await settingOf(low)).toMatchObject({ mark: 'default', override: null, changed: null });
    const condition = { type: 'limit', kind: 'L', limit: 350, deadband: 20 } as const;
    const { status } = await put(low, { condition, priority: 'critical', onDelayMs: 5000, reason: 'a tall building' });
    expect(status).toBe(200);
    expect(await settingOf(low)).toMatchObject({
      mark: 'overridden',
      inForce: { condition, priority: 'critical', onDelayMs: 5000, offDelayMs: 30_000 },
      classDefault: { condition: { limit: 300 }, priority: 'high' },
      changed: { by: 'admin', reason: 'a tall building' },
    });
    const audit = await client.call<{ items: AuditEntry[] }>('GET', `/api/audit?subject=${encodeURIComponent(low)}`);
    expect(audit.body.items).toMatchObject([
      {
        action: 'alarm.set',
        user: 'admin',
        reason: 'a tall building',
        details: { before: null, after: { priority: 'critical' }, inForceBefore: { condition: { limit: 300 } } },
      },
    ]);
    await put(low, { enabled: false, reason: 'pressure is let down for works' });
    expect(await settingOf(low)).toMatchObject({ mark: 'disabled', inForce: { condition: { limit: 300 } } });
    expect((await reset(low)).status).toBe(200);
    expect(await settingOf(low)).toMatchObject({ mark: 'default', changed: null });
    expect((await reset(low)).status).toBe(404);
  });

  test('keeps what stands and who has acknowledged it', async () => {
    await say(200, 10);
    await say(200, 40);
    await client.call('POST', '/api/alarms/ack', { ids: [low] });
    const before = await alarmOf(low);
    expect(before).toMatchObject({ state: 'ACKED', ackedBy: 'admin' });
    await put(low, { condition: { type: 'limit', kind: 'L', limit: 250 }, reason: 'lower' });
    await put(low, { condition: { type: 'deviation', from: 400, below: 100 }, reason: 'another type' });
    expect(await alarmOf(low)).toMatchObject({
      state: 'ACKED',
      ackedBy: 'admin',
      occurrence: before?.occurrence,
      condition: { type: 'deviation' },
    });
    await say(400, 50);
    await say(400, 100);
    expect(await alarmOf(low)).toMatchObject({ state: 'NORM' });
    await reset(low);
  });

  test('a limit that was set on the point is such a change too', async () => {
    const limit = { kind: 'L', limit: 320, priority: 'low', opensOrder: false, enabled: true, reason: 'by the point' };
    await client.call('PUT', `/api/points/${pressure}/limits/L`, limit);
    expect(await settingOf(low)).toMatchObject({
      mark: 'overridden',
      inForce: { condition: { limit: 320 }, priority: 'low' },
      changed: { by: 'admin', reason: 'by the point' },
    });
    await put(low, { priority: 'medium', reason: 'laid over it' });
    expect(await settingOf(low)).toMatchObject({ inForce: { condition: { limit: 320 }, priority: 'medium' } });
    await reset(low);
    expect(await settingOf(low)).toMatchObject({ mark: 'default', inForce: { condition: { limit: 300 } } });
  });
});

const words = { zh: '测试', en: 'test' };
const whole: AlarmOverride = {
  condition: { type: 'rate', fall: 100, windowMs: 60_000 },
  priority: 'medium',
  guidance: { name: words, cause: words, consequence: words, response: words, timeToRespondMs: 600_000 },
  reason: 'the set is old',
};

test('an alarm of the site’s own is of any type, works, and survives a restart', async () => {
  const own = `${pressure}#falling-fast`;
  expect((await put(own, whole)).status).toBe(200);
  expect(await settingOf(own)).toMatchObject({ mark: 'added', classDefault: null });
  await server.stop();
  await start();
  server.engine.gatewayOnline('hq/g', startMs);
  server.engine.deviceOnline('hq/g', 'd', [bornPoint(pressure, 'booster-pump-set')], startMs);
  for (const [value, s] of [
    [400, 200],
    [400, 270],
    [310, 280],
    [305, 290],
    [290, 300],
  ] as const)
    await say(value, s);
  expect(await alarmOf(own)).toMatchObject({ state: 'UNACK', priority: 'medium' });
  await reset(own);
  expect(await settingOf(own)).toBeUndefined();
  expect(await alarmOf(own)).toBeUndefined();
});

const entrapment = 'hq/elevator-1/entrapment#entrapment';
const cases: [string, string, Partial<AlarmOverride>, RegExp][] = [
  ['no reason', low, { priority: 'low' }, /reason/],
  [
    'a limit beyond the range',
    low,
    { condition: { type: 'limit', kind: 'L', limit: 99_999 }, reason: 'r' },
    /99999 lies outside/,
  ],
  [
    'limits that cross',
    low,
    { condition: { type: 'limit', kind: 'L', limit: 1900 }, reason: 'r' },
    /must rise: L 1900 is not below/,
  ],
  [
    'an unknown point',
    low,
    { enabledWhen: { when: { point: 'runing', is: [true] } }, reason: 'r' },
    /"runing" is not a point .*running/,
  ],
  [
    'a path that leads nowhere',
    low,
    { enabledWhen: { when: { point: 'parent/running', is: [true] } }, reason: 'r' },
    /"parent\/running" leads to no point/,
  ],
  [
    'two comparisons in one',
    low,
    { condition: { type: 'expression', when: { above: 1, below: 2 } }, reason: 'r' },
    /exactly one of above, below and is/,
  ],
  [
    'an order without a failure mode',
    `${pressure}#own`,
    { ...whole, opensOrder: true },
    /failureMode: is missing.*supply-failure/,
  ],
  ['an unknown failure mode', low, { failureMode: 'rust', reason: 'r' }, /"rust" is not allowed/],
  [
    'an own alarm without words',
    `${pressure}#own`,
    { ...whole, guidance: { name: words } },
    /guidance.cause: is missing/,
  ],
  ['life safety that is disabled', entrapment, { enabled: false, reason: 'r' }, /life safety cannot be disabled/],
  ['life safety of less priority', entrapment, { priority: 'low', reason: 'r' }, /"low" is not allowed/],
  ['life safety that waits', entrapment, { onDelayMs: 60_000, reason: 'r' }, /60000 is longer than/],
];
test.each(cases)('%s is refused with one clear error, and nothing changes', async (_, id, override, message) => {
  const before = await list();
  const { status, body } = await put(id, override);
  expect(status).toBe(400);
  expect(body.message).toMatch(message);
  expect(await list()).toEqual(before);
});

test('all faults are told at once, each at its field and with a code for a text in another language', async () => {
  const { status, body } = await put(low, {
    condition: {
      type: 'expression',
      when: { anyOf: [{ above: 1 }, { not: { point: 'depends-on:generator/running', is: [true] } }] },
    },
    enabledWhen: {
      when: {
        allOf: [
          { point: 'runing', is: [true] },
          { point: 'alarm-code', above: 0, ifAbsent: false },
        ],
      },
    },
    failureMode: 'rust',
    reason: 'r',
  });
  expect(status).toBe(400);
  expect(body.field).toBe('failureMode');
  expect(body.problems?.map(({ field, code, values }) => [field, code, values])).toEqual([
    ['failureMode', 'value-unknown', { value: 'rust' }],
    ['enabledWhen.when.allOf.0.point', 'point-unknown', { point: 'runing' }],
    ['condition.when.anyOf.1.not.point', 'path-nowhere', { path: 'depends-on:generator/running' }],
  ]);
});

test('only engineers change alarms, and only of points that there are', async () => {
  expect((await put(`${booster}/nothing#H`, whole)).status).toBe(404);
  expect((await put('hq/nowhere/x#H', whole)).status).toBe(404);
  const anonymous = new TestClient(server.url);
  const { status } = await anonymous.call('PUT', `/api/alarms/definitions/${low.replace('#', '/')}`, whole);
  expect(status).toBe(401);
});
