import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  Alarm,
  type ApiError,
  type ApiToken,
  type AuditEntry,
  EquipmentDetail,
  type Health,
  PointWithValue,
  type User,
  type WorkOrder,
  WorkOrderDetail,
} from '@plantroom/contracts';
import { eventually } from '@plantroom/contracts/testing';
import { io } from 'socket.io-client';
import { Value } from 'typebox/value';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readParquet } from './historian/export/parquet-contract.ts';
import type { RunningServer } from './server.ts';
import { boosterSite, bornPoint, dischargePressure } from './test-helpers/booster-site.ts';
import { password, startTestServer, TestClient, temporaryFolder } from './test-helpers/start-test-server.ts';

const t = Date.UTC(2026, 0, 20, 8);
const { folder, remove } = temporaryFolder();
const siteFile = join(folder, 'site.yaml');

let server: RunningServer;
let admin: TestClient;
const start = () =>
  startTestServer(folder, {
    env: { PLANTROOM_SITE_FILE: siteFile, PLANTROOM_GATEWAY_TOKEN: 'gateway-secret' },
  });

async function born(): Promise<void> {
  server.engine.deviceOnline('hq/g', 'd', [bornPoint(dischargePressure, 'booster-pump-set', 'kPa')], t);
  server.engine.watermark('hq/g', t);
  reading(500, t);
  await server.engine.settled();
}
function reading(value: number, atMs: number): void {
  server.engine.readings(
    'hq/g',
    [{ point: 'hq/booster-1/discharge-pressure', value, quality: 'good', wireTimeMs: atMs }],
    false,
  );
  server.engine.watermark('hq/g', atMs);
}

beforeAll(async () => {
  writeFileSync(join(folder, 'index.html'), '<title>Plantroom</title>');
  writeFileSync(siteFile, boosterSite('Set'));
  server = await start();
  admin = new TestClient(server.url);
  await admin.signIn();
  await born();
});
afterAll(async () => {
  await server.stop();
  remove();
});

async function signedIn(username: string, role: string): Promise<TestClient> {
  await admin.call('POST', '/api/users', { username, role, password: 'long enough' });
  const client = new TestClient(server.url);
  expect(await client.signIn(username, 'long enough')).toBe(200);
  return client;
}

describe('signing in', () => {
  test('a wrong password and an unknown user get the same answer', async () => {
    const client = new TestClient(server.url);
    for (const username of ['admin', 'nobody']) {
      const { status, body } = await client.call<ApiError>('POST', '/api/session', { username, password: 'wrong' });
      expect([status, body.code]).toEqual([401, 'SIGN_IN_REFUSED']);
    }
  });

  test('the cookie is kept from scripts, and ends with the session', async () => {
    const client = new TestClient(server.url);
    const headers = { 'content-type': 'application/json' };
    const body = JSON.stringify({ username: 'admin', password });
    const answer = await fetch(`${server.url}/api/session`, { method: 'POST', headers, body });
    expect(answer.headers.get('set-cookie')).toMatch(/HttpOnly; SameSite=Lax/);
    await client.signIn();
    expect((await client.call('GET', '/api/session')).body).toEqual({ username: 'admin', role: 'admin' });
    expect((await client.call('DELETE', '/api/session')).status).toBe(204);
    expect((await client.call('GET', '/api/session')).status).toBe(401);
  });

  test('without it nothing but health, metrics, the API description and the page is served', async () => {
    const stranger = new TestClient(server.url);
    for (const path of ['/api/sites', '/api/points', '/api/alarms', '/api/users', '/api/nothing']) {
      expect([path, (await stranger.call('GET', path)).status]).toEqual([path, 401]);
    }
    expect((await stranger.call<Health>('GET', '/api/health')).body).toMatchObject({
      status: 'degraded',
      parts: { broker: { status: 'degraded' }, database: { status: 'ok' }, historian: { status: 'ok' } },
    });
    expect(await (await fetch(`${server.url}/metrics`)).text()).toContain(
      'plantroom_alarms{priority="critical",state="shown"} 0',
    );
    expect((await fetch(`${server.url}/api/docs/json`)).status).toBe(200);
    expect(await (await fetch(`${server.url}/equipment/hq/booster-1`)).text()).toContain('<title>Plantroom</title>');
  });

  test('the live stream refuses strangers', async () => {
    const socket = io(server.url, {
      path: '/api/live',
      transports: ['websocket'],
      reconnection: false,
      forceNew: true,
    });
    const refused = await new Promise<Error>((resolve) => socket.on('connect_error', resolve));
    expect(refused.message).toContain('UNAUTHENTICATED');
    socket.close();
  });

  test('an API token stands for its role and is told once', async () => {
    const { body } = await admin.call<ApiToken & { token: string }>('POST', '/api/tokens', {
      name: 'telegraf',
      role: 'engineer',
    });
    const headers = { authorization: `Bearer ${body.token}` };
    expect((await fetch(`${server.url}/api/sites`, { headers })).status).toBe(200);
    expect((await fetch(`${server.url}/api/tokens`, { headers })).status).toBe(403);
    expect(JSON.stringify((await admin.call('GET', '/api/tokens')).body)).not.toContain(body.token);
    await admin.call('DELETE', `/api/tokens/${body.id}`);
    expect((await fetch(`${server.url}/api/sites`, { headers })).status).toBe(401);
  });

  test('a viewer sees and cannot act; a disabled user is out at once', async () => {
    const viewer = await signedIn('guest', 'viewer');
    expect((await viewer.call('GET', '/api/alarms')).status).toBe(200);
    expect((await viewer.call('POST', '/api/alarms/ack', { ids: ['x'] })).status).toBe(403);
    await admin.call('PUT', '/api/users/guest', { disabled: true });
    expect((await viewer.call('GET', '/api/alarms')).status).toBe(401);
    expect((await admin.call<ApiError>('PUT', '/api/users/admin', { disabled: true })).status).toBe(409);
    expect((await admin.call<{ items: User[] }>('GET', '/api/users')).body.items.map((u) => u.disabled)).toContain(
      true,
    );
  });
});

test('the gateway token opens the write endpoint and nothing else', async () => {
  const write = (token: string) =>
    fetch(`${server.url}/api/v2/write?bucket=plantroom&precision=ms`, {
      method: 'POST',
      headers: { authorization: `Token ${token}` },
      body: `booster-pump-set,site=hq,equipment=booster-1 discharge-pressure=500 ${t}`,
    });
  expect((await write('gateway-secret')).status).toBe(204);
  expect((await write('guess')).status).toBe(401);
  const headers = { authorization: 'Bearer gateway-secret' };
  expect((await fetch(`${server.url}/api/sites`, { headers })).status).toBe(401);
  const point = 'hq/booster-1/discharge-pressure';
  const history = await admin.call('GET', `/api/points/history?point=${point}&from=${t}&to=${t + 1}&aggregate=raw`);
  expect(history.body).toMatchObject({ series: [{ point, t: [t], v: [500] }] });
});

test('history is exported to Parquet for points, for equipment, and as a whole, to who is signed in', async () => {
  const point = 'hq/booster-1/discharge-pressure';
  const written = await fetch(`${server.url}/api/v2/write?bucket=plantroom&precision=ms`, {
    method: 'POST',
    headers: { authorization: 'Token gateway-secret' },
    body: `booster-pump-set,site=hq,equipment=booster-1 discharge-pressure=500 ${t}`,
  });
  expect(written.status).toBe(204);
  await born();
  const get = (query: string, headers: Record<string, string> = { cookie: admin.cookie }) =>
    fetch(`${server.url}/api/points/history/export?format=parquet&from=${t}&to=${t + 60_000}${query}`, { headers });
  for (const query of [
    `&point=${point}`,
    '&equipment=hq/booster-1',
    '',
    `&point=${point}&aggregate=minmax&resolution=60000`,
  ]) {
    const answer = await get(query);
    expect(answer.headers.get('content-type')).toBe('application/vnd.apache.parquet');
    expect(answer.headers.get('content-disposition')).toContain('.parquet');
    const file = join(folder, 'answer.parquet');
    writeFileSync(file, Buffer.from(await answer.arrayBuffer()));
    const edge = query.includes('minmax') ? 500 : null;
    expect(await readParquet(file)).toContainEqual([point, t, 500, edge, edge, 192, null]);
  }
  expect((await get('', {})).status).toBe(401);
  const wrong = async (query: string) => ((await (await get(query)).json()) as ApiError).code;
  expect(await wrong('&equipment=hq/nothing')).toBe('NOT_FOUND');
  expect(await wrong('&aggregate=mean')).toBe('INVALID_REQUEST');
  expect(await wrong('&format=csv')).toBe('INVALID_REQUEST');
});

test('every wrong request is told with its field', async () => {
  const wrong = async (method: string, path: string, body?: unknown) => {
    const answer = await admin.call<ApiError>(method, path, body);
    expect(answer.body.statusCode).toBe(answer.status);
    return [answer.status, answer.body.code];
  };
  expect(await wrong('POST', '/api/alarms/ack', { ids: [] })).toEqual([400, 'INVALID_REQUEST']);
  expect(await wrong('POST', '/api/alarms/ack', { ids: ['x'], extra: 1 })).toEqual([400, 'INVALID_REQUEST']);
  expect(await wrong('GET', '/api/points/history?point=a/b/c&from=5&to=5')).toEqual([400, 'INVALID_REQUEST']);
  expect(await wrong('GET', '/api/equipment/hq/nothing')).toEqual([404, 'NOT_FOUND']);
  expect(await wrong('GET', '/api/work-orders/WO-999999')).toEqual([404, 'NOT_FOUND']);
  expect(await wrong('GET', '/api/nothing')).toEqual([404, 'NOT_FOUND']);
});

test('a limit set by an engineer works at once, is audited, and goes again', async () => {
  const engineer = await signedIn('chen', 'engineer');
  const technician = await signedIn('wang', 'technician');
  const url = '/api/points/hq/booster-1/discharge-pressure/limits/HH';
  const limit = {
    kind: 'HH',
    limit: 450,
    priority: 'critical',
    opensOrder: true,
    enabled: true,
    reason: 'commissioning',
  };
  expect((await technician.call('PUT', url, limit)).status).toBe(403);
  expect((await engineer.call('PUT', url, { ...limit, reason: '' })).status).toBe(400);
  const set = await engineer.call<EquipmentDetail>('PUT', url, limit);
  expect(set.status).toBe(200);
  expect(Value.Check(EquipmentDetail, set.body)).toBe(true);

  // The value was 500 already: nobody has to wait for the next one.
  const id = 'hq/booster-1/discharge-pressure#HH';
  const alarms = await engineer.call<{ items: Alarm[] }>('GET', '/api/alarms');
  expect(alarms.body.items).toMatchObject([{ id, state: 'UNACK', workOrder: 'WO-000001', onsetValue: 500 }]);
  expect(Value.Check(Alarm, alarms.body.items[0])).toBe(true);
  const points = await engineer.call<{ items: PointWithValue[] }>('GET', '/api/points?equipment=hq/booster-1');
  expect(Value.Check(PointWithValue, points.body.items[0])).toBe(true);
  expect(points.body.items[0]?.limits).toContainEqual(
    expect.objectContaining({ kind: 'HH', limit: 450, origin: 'site' }),
  );

  expect((await engineer.call('DELETE', `${url}?reason=done`)).status).toBe(200);
  expect((await engineer.call<{ items: Alarm[] }>('GET', '/api/alarms')).body.items).toEqual([]);
  const audit = await engineer.call<{ items: AuditEntry[] }>(
    'GET',
    '/api/audit?subject=hq/booster-1/discharge-pressure',
  );
  expect(audit.body.items).toMatchObject([
    { user: 'chen', action: 'limit.remove', reason: 'done' },
    { user: 'chen', action: 'limit.set', reason: 'commissioning' },
  ]);
});

test('a point says whether a device delivers it or the gateway computes it', async () => {
  const viewer = await signedIn('li', 'viewer');
  const about = { class: 'booster-pump-set', profile: 'acme/b', unit: null, lane: 'live', silenceMs: 3_000 } as const;
  server.engine.deviceOnline(
    'hq/g',
    'd',
    [
      { ...about, point: 'hq/booster-1/discharge-pressure' },
      { ...about, point: 'hq/booster-1/power', derived: true },
    ],
    t,
  );
  await server.engine.settled();
  const { items } = (await viewer.call<{ items: PointWithValue[] }>('GET', '/api/points?equipment=hq/booster-1')).body;
  expect(Object.fromEntries(items.map(({ id, derived }) => [id.split('/')[2], derived]))).toMatchObject({
    'discharge-pressure': false,
    power: true,
  });
});

test('an order goes its way by hand, one revision after the other, and its steps are ticked', async () => {
  const technician = await signedIn('zhao', 'technician');
  const url = '/api/work-orders/WO-000001';
  const act = (body: object) => technician.call<WorkOrderDetail & ApiError>('POST', `${url}/actions`, body);
  const accepted = await act({ action: 'accept' });
  expect(accepted.body).toMatchObject({ state: 'accepted', assignee: 'zhao', conditionCleared: true });
  expect(Value.Check(WorkOrderDetail, accepted.body)).toBe(true);
  expect((await act({ action: 'start', revision: accepted.body.revision - 1 })).body).toMatchObject({
    statusCode: 409,
    code: 'WORK_ORDER_STALE',
    field: 'revision',
  });
  expect((await act({ action: 'verify' })).status).toBe(409);
  await act({ action: 'start' });
  expect((await act({ action: 'complete' })).body).toMatchObject({ statusCode: 400, field: 'comment' });
  expect(
    (await technician.call<WorkOrderDetail>('PUT', `${url}/checklist/0`, { done: true })).body.checklist[0],
  ).toMatchObject({
    done: true,
    by: 'zhao',
  });
  await technician.call('POST', `${url}/comments`, { comment: 'gauge agrees' });
  await act({ action: 'complete', comment: 'valve opened' });
  await act({ action: 'verify' });
  expect((await act({ action: 'close' })).body).toMatchObject({ state: 'closed', allowedActions: ['reopen'] });
  expect((await technician.call<{ items: WorkOrder[] }>('GET', '/api/work-orders?open=true')).body.items).toEqual([]);
});

test('a relapse reopens the closed order', async () => {
  const url = '/api/points/hq/booster-1/discharge-pressure/limits/HH';
  await admin.call('PUT', url, {
    kind: 'HH',
    limit: 450,
    priority: 'high',
    opensOrder: true,
    enabled: true,
    reason: 'again',
  });
  await eventually(async () => {
    const { body } = await admin.call<{ items: WorkOrder[] }>('GET', '/api/work-orders');
    expect(body.items).toMatchObject([{ id: 'WO-000001', state: 'open', reopenedCount: 1, evidenceCount: 2 }]);
  });
  await admin.call('DELETE', `${url}?reason=done`);
});
