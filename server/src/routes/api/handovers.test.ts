import { type ApiError, type AuditEntry, HandoverPage, ShiftHandover } from '@plantroom/contracts';
import { Value } from 'typebox/value';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { RunningServer } from '../../server.ts';
import { bornPoint, dischargePressure as point } from '../../test-helpers/booster-site.ts';
import { startTestServer, TestClient, temporaryFolder } from '../../test-helpers/start-test-server.ts';

const { folder, remove } = temporaryFolder();
const t = Date.now();
let server: RunningServer;
let admin: TestClient;

beforeAll(async () => {
  server = await startTestServer(folder);
  admin = new TestClient(server.url);
  await admin.signIn();
  for (const [username, role] of [
    ['wang', 'technician'],
    ['guest', 'viewer'],
  ])
    await admin.call('POST', '/api/users', { username, role, password: 'long enough' });
  server.engine.deviceOnline('hq/g', 'd', [bornPoint(point, 'booster-pump-set', 'kPa')], t);
  await server.engine.settled();
  const limit = {
    kind: 'H',
    limit: 600,
    onDelayMs: 0,
    priority: 'high',
    opensOrder: true,
    enabled: true,
    reason: 'test',
  };
  await admin.call('PUT', `/api/points/${point}/limits/H`, limit);
  server.engine.readings('hq/g', [{ point, value: 900, quality: 'good', wireTimeMs: t }], false);
  server.engine.deviceOffline('hq/g', 'd', t);
  await server.engine.settled();
});
afterAll(async () => {
  await server.stop();
  remove();
});

const shiftOf = (path = '') => admin.call<ShiftHandover>('GET', `/api/handovers/shift?site=hq${path}`);

test('a shift is handed over: notes, the first signature keeps the report, the second ends it', async () => {
  const { status, body: open } = await shiftOf();
  expect(status).toBe(200);
  expect(Value.Check(ShiftHandover, open)).toBe(true);
  expect(open).toMatchObject({ id: null, state: 'open', notes: '' });
  expect(open.report.standing.map(({ equipment, state }) => [equipment, state])).toContainEqual([
    'hq/booster-1',
    'UNACK',
  ]);
  expect(open.report.annunciated).toBeGreaterThan(0);
  expect(open.report.orders).toMatchObject([
    { equipment: 'hq/booster-1', state: 'open', changes: [{ kind: 'opened' }] },
  ]);
  expect(open.report.away).toContainEqual({ kind: 'device', id: 'hq/g/d', sinceMs: t });

  const { fromMs } = open;
  const noted = await admin.call<ShiftHandover>('PUT', '/api/handovers/notes', {
    site: 'hq',
    fromMs,
    notes: '二号泵异响',
  });
  expect(noted.body).toMatchObject({ state: 'open', notes: '二号泵异响' });
  const early = await admin.call<ApiError>('POST', `/api/handovers/${noted.body.id}/take`, {});
  expect([early.status, early.body.code]).toEqual([409, 'HANDOVER_NOT_LEFT']);

  const left = await admin.call<ShiftHandover>('POST', '/api/handovers/leave', {
    site: 'hq',
    fromMs,
    notes: '二号泵异响，已报修',
  });
  expect(left.body).toMatchObject({ state: 'left', leftBy: 'admin', notes: '二号泵异响，已报修' });
  // What comes later is not in what was signed.
  await admin.call('POST', '/api/alarms/ack', { ids: left.body.report.standing.map(({ alarm }) => alarm) });
  expect((await shiftOf()).body.report).toEqual(left.body.report);
  const again = await admin.call<ApiError>('PUT', '/api/handovers/notes', { site: 'hq', fromMs, notes: 'other' });
  expect([again.status, again.body.code]).toEqual([409, 'HANDOVER_SIGNED']);

  const take = (body: unknown, by = admin) =>
    by.call<ApiError & ShiftHandover>('POST', `/api/handovers/${left.body.id}/take`, body);
  expect((await take({})).body.code).toBe('HANDOVER_SAME_PERSON');
  expect((await take({ username: 'wang', password: 'wrong' })).body.code).toBe('SIGNATURE_REFUSED');
  expect((await take({ username: 'guest', password: 'long enough' })).body.code).toBe('FORBIDDEN');
  const taken = await take({ username: 'wang', password: 'long enough', remark: ' 已看 ' });
  expect(taken.body).toMatchObject({ state: 'taken', leftBy: 'admin', takenBy: 'wang', remark: '已看' });
  expect((await take({ username: 'wang', password: 'long enough' })).body.code).toBe('HANDOVER_SIGNED');

  const list = await admin.call<{ items: ShiftHandover[] }>('GET', '/api/handovers?site=hq');
  expect(Value.Check(HandoverPage, list.body)).toBe(true);
  expect(list.body.items).toMatchObject([{ id: left.body.id, state: 'taken' }]);
  expect((await admin.call<ShiftHandover>('GET', `/api/handovers/${left.body.id}`)).body).toEqual(taken.body);
  const audit = (await admin.call<{ items: AuditEntry[] }>('GET', `/api/audit?subject=handover/${left.body.id}`)).body;
  expect(audit.items.map(({ user, action }) => [user, action])).toEqual([
    ['wang', 'handover.take'],
    ['admin', 'handover.leave'],
  ]);
});

test('what is no shift, has not begun, or is not for the role is refused', async () => {
  const { body } = await shiftOf();
  const notes = (fromMs: number, by = admin) =>
    by.call<ApiError>('PUT', '/api/handovers/notes', { site: 'hq', fromMs, notes: '' });
  expect((await notes(body.fromMs + 1)).body.field).toBe('fromMs');
  expect((await notes(body.toMs)).body).toMatchObject({ statusCode: 400, field: 'fromMs' });
  expect((await admin.call('GET', '/api/handovers/shift?site=nowhere')).status).toBe(404);
  expect((await admin.call('GET', '/api/handovers/99')).status).toBe(404);
  const guest = new TestClient(server.url);
  await guest.signIn('guest', 'long enough');
  expect((await notes(body.fromMs, guest)).status).toBe(403);
});

test('what is signed is what the leaving engineer sent, whatever somebody else keeps at that moment; a token signs nothing', async () => {
  // The shift before the one that is on.
  const { body: now } = await shiftOf();
  const { body: before } = await shiftOf(`&at=${now.fromMs - 1}`);
  const notes = { site: 'hq', fromMs: before.fromMs };
  const { body: made } = await admin.call<{ token: string }>('POST', '/api/tokens', { name: 'bms', role: 'engineer' });
  const byToken = await fetch(`${server.url}/api/handovers/leave`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${made.token}` },
    body: JSON.stringify({ ...notes, notes: 'by a program' }),
  });
  expect(byToken.status).toBe(403);
  const leave = admin.call<ShiftHandover>('POST', '/api/handovers/leave', { ...notes, notes: 'mine' });
  const others = Array.from({ length: 20 }, () =>
    admin.call('PUT', '/api/handovers/notes', { ...notes, notes: 'of somebody else' }),
  );
  const { status, body } = await leave;
  expect([status, body.state, body.notes]).toEqual([200, 'left', 'mine']);
  await Promise.all(others);
  expect((await shiftOf(`&at=${now.fromMs - 1}`)).body.notes).toBe('mine');
});
