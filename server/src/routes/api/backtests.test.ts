import { type AlarmSetting, type ApiError, type AuditEntry, type Backtest, roles } from '@plantroom/contracts';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { giveBirth } from '../../commands/test-helpers/born-plant.ts';
import type { RunningServer } from '../../server.ts';
import { startTestServer, TestClient, temporaryFolder } from '../../test-helpers/start-test-server.ts';

const { folder, remove } = temporaryFolder();
const fromMs = Date.UTC(2026, 0, 20);
const hourMs = 3_600_000;
const point = 'hq/vrf-1/room-temperature';
const alarm = `${point}#H`;
let server: RunningServer;
let admin: TestClient;

beforeAll(async () => {
  const env = { PLANTROOM_GATEWAY_TOKEN: 'gateway-secret' };
  server = await startTestServer(folder, { env });
  admin = new TestClient(server.url);
  await admin.signIn();
  giveBirth(server.engine, fromMs);
  await server.engine.settled();
  // An hour at 22 °C with ten minutes at 31 °C in it.
  const lines = Array.from({ length: 360 }, (_, i) => {
    const value = i >= 180 && i < 240 ? 31 : 22;
    return `vrf-unit,site=hq,equipment=vrf-1 room-temperature=${value} ${fromMs + i * 10_000}`;
  });
  const written = await fetch(`${server.url}/api/v2/write?precision=ms`, {
    method: 'POST',
    headers: { authorization: 'Token gateway-secret' },
    body: lines.join('\n'),
  });
  expect(written.status).toBe(204);
});
afterAll(async () => {
  await server.stop();
  remove();
});

const request = {
  alarms: [alarm],
  changes: [{ alarm, condition: { type: 'limit', kind: 'H', limit: 30, deadband: 1 }, onDelayMs: 60_000 }],
  from: fromMs,
  to: fromMs + hourMs,
  waitMs: 30_000,
};
const begin = (client: TestClient, more: object = {}) =>
  client.call<Backtest & ApiError>('POST', '/api/backtests', { ...request, ...more });

test('a limit is tried before it is set: what it would have raised, with its times', async () => {
  const { status, body } = await begin(admin);
  expect(status).toBe(200);
  expect(body).toMatchObject({ state: 'done', progress: 1, error: null });
  const [tried] = body.result?.alarms ?? [];
  expect(tried).toMatchObject({ alarm, before: null, skipped: null, knownFromMs: fromMs, coarse: [], holes: [] });
  expect(tried?.after).toMatchObject({ count: 1, activeMs: 540_000, chattering: 0, fleeting: 0 });
  const onsetMs = fromMs + 1_800_000;
  const occurrence = { onsetMs, raisedMs: onsetMs + 60_000, returnedMs: onsetMs + 600_000, low: 31, high: 31 };
  expect(tried?.after?.occurrences).toEqual([occurrence]);
  expect(tried?.difference.items).toEqual([{ kind: 'new', before: null, after: occurrence }]);
  const again = await admin.call<Backtest>('GET', `/api/backtests/${body.id}`);
  expect(again.body).toEqual(body);
});

test('what was tried is applied as a limit, with the id of the backtest in the audit', async () => {
  const { body } = await begin(admin);
  const limit = {
    kind: 'H',
    limit: 30,
    deadband: 1,
    onDelayMs: 60_000,
    priority: 'low',
    opensOrder: false,
    enabled: true,
  };
  const put = await admin.call('PUT', `/api/points/${point}/limits/H`, {
    ...limit,
    reason: 'tried',
    backtest: body.id,
  });
  expect(put.status).toBe(200);
  const audit = await admin.call<{ items: AuditEntry[] }>('GET', `/api/audit?subject=${encodeURIComponent(point)}`);
  expect(audit.body.items[0]).toMatchObject({ action: 'limit.set', reason: 'tried', details: { backtest: body.id } });
  const held = await admin.call<{ items: AlarmSetting[] }>('GET', '/api/alarms/definitions?equipment=hq/vrf-1');
  const rule = held.body.items.find(
    ({ inForce: { source, condition } }) => source === point && condition.type === 'limit',
  );
  const definition = `/api/alarms/definitions/${rule?.inForce.id.replace('#', '/')}`;
  const override = { priority: 'low', reason: 'tried again', backtest: body.id };
  expect((await admin.call('PUT', definition, override)).status).toBe(200);
  const latest = await admin.call<{ items: AuditEntry[] }>('GET', '/api/audit?limit=1');
  expect(latest.body.items[0]).toMatchObject({ action: 'alarm.set', details: { backtest: body.id } });
  const unchanged = await begin(admin, { alarms: [], equipment: ['hq/vrf-1'], changes: [] });
  const its = unchanged.body.result?.alarms.filter(({ source }) => source === point);
  expect(its?.find(({ before: side }) => side?.condition.type === 'limit')).toMatchObject({
    before: { count: 1 },
    after: { count: 1 },
    difference: { same: 1, moved: 0, gone: 0, new: 0, items: [] },
  });
});

describe('who may', () => {
  test.each(roles)('%s', async (role) => {
    const user = { username: `b-${role}`, role, password: 'long enough' };
    await admin.call('POST', '/api/users', user);
    const client = new TestClient(server.url);
    await client.signIn(user.username, user.password);
    const { status, body } = await begin(client);
    expect(status).toBe(role === 'admin' || role === 'engineer' ? 200 : 403);
    if (status !== 200) return;
    // Nobody else's.
    expect((await admin.call('GET', `/api/backtests/${body.id}`)).status).toBe(404);
    expect((await client.call('DELETE', `/api/backtests/${body.id}`)).status).toBe(200);
  });
});

test('a condition that names a point which nothing delivers is refused where it says so, not tried in silence', async () => {
  const when = { allOf: [{ above: 30 }, { point: 'parent/running', is: [true] }] };
  const { status, body } = await begin(admin, { changes: [{ alarm, condition: { type: 'expression', when } }] });
  expect([status, body.field]).toEqual([400, 'changes.0.condition.when.allOf.1.point']);
  expect(body.problems).toMatchObject([{ code: 'path-nowhere', values: { path: 'parent/running' } }]);
});

test('a request that makes no sense is refused with its field', async () => {
  const { status, body } = await begin(admin, { alarms: ['hq/vrf-1/nothing#H'], changes: [] });
  expect(status).toBe(400);
  expect(body).toMatchObject({ code: 'INVALID_REQUEST', field: 'alarms/0' });
  expect(body.message).toContain('hq/vrf-1/nothing');
  expect((await begin(admin, { to: 'x' })).status).toBe(400);
});
