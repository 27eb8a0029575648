import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type {
  Alarm,
  AlarmActResult,
  AlarmJournalEntry,
  AlarmRules,
  ApiError,
  AuditEntry,
  LiveDelta,
} from '@plantroom/contracts';
import { eventually } from '@plantroom/contracts/testing';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import type { RunningServer } from '../../server.ts';
import { password, startTestServer, TestClient, temporaryFolder } from '../../test-helpers/start-test-server.ts';

const t = Date.UTC(2026, 0, 20, 8);
const fault = 'hq/pump-1/fault';
const id = `${fault}#fault-indication`;
const firePoint = 'hq/zone-1/fire';
const hourMs = 3_600_000;

const { folder, remove } = temporaryFolder();
let server: RunningServer;
let admin: TestClient;
let technician: TestClient;
let viewer: TestClient;
let wireMs = t;

async function signedIn(username: string, role: string): Promise<TestClient> {
  await admin.call('POST', '/api/users', { username, role, password: 'long enough' });
  const client = new TestClient(server.url);
  await client.signIn(username, 'long enough');
  return client;
}
/** A reading of each point, and wire time far enough behind for every delay. */
async function tell(value: boolean): Promise<void> {
  wireMs += 1000;
  const readings = [fault, firePoint].map((point) => ({ point, value, quality: 'good' as const, wireTimeMs: wireMs }));
  server.engine.readings('hq/g', readings, false);
  wireMs += 600_000;
  server.engine.watermark('hq/g', wireMs);
  await server.engine.settled();
}
const post = (client: TestClient, act: string, body: object) =>
  client.call<AlarmActResult>('POST', `/api/alarms/${act}`, { ids: [id], ...body });
const alarm = async (): Promise<Alarm> => {
  const { body } = await admin.call<{ items: Alarm[] }>('GET', '/api/alarms?all=true&equipment=hq/pump-1');
  return body.items.find((each) => each.id === id)!;
};
const journal = async (): Promise<AlarmJournalEntry[]> =>
  (await admin.call<{ items: AlarmJournalEntry[] }>('GET', `/api/alarms/journal?alarm=${encodeURIComponent(id)}`)).body
    .items;
const lifeSafetyId = () => server.engine.book.of(firePoint).find(({ definition }) => definition.lifeSafety)!.alarm.id;

beforeAll(async () => {
  server = await startTestServer(folder, {
    env: { PLANTROOM_MAX_SHELVING_MINUTES: '120' },
  });
  admin = new TestClient(server.url);
  await admin.signIn();
  technician = await signedIn('wang', 'technician');
  viewer = await signedIn('guest', 'viewer');
  const place = { profile: null, unit: null, lane: 'live', silenceMs: null } as const;
  server.engine.gatewayOnline('hq/g', t);
  server.engine.deviceOnline('hq/g', 'd1', [{ point: fault, class: 'pump', ...place }], t);
  server.engine.deviceOnline('hq/g', 'd2', [{ point: firePoint, class: 'fire-zone', ...place }], t);
  await tell(false);
});
beforeEach(async () => {
  await tell(true);
});
afterAll(async () => {
  await server.stop();
  remove();
});

/** Each test leaves the alarm in sight and over. */
async function over(): Promise<void> {
  await tell(false);
  await post(admin, 'return-to-service', {});
  await post(admin, 'unshelve', {});
  await post(admin, 'ack', {});
  expect((await alarm()).state).toBe('NORM');
}

test('an operator shelves, which every screen is told, and takes it back as acknowledged', async () => {
  const { deltas, socket } = await viewer.live({ scope: { kind: 'none' } });
  const { status, body } = await post(technician, 'shelve', { mode: 'timed', durationMs: hourMs, reason: ' flaps ' });
  expect([status, body.refused]).toEqual([200, []]);
  expect(body.alarms[0]).toMatchObject({
    state: 'SHLVD',
    flags: { active: true, shelved: true },
    shelving: { mode: 'timed', by: 'wang', reason: 'flaps' },
  });
  const { shelving } = body.alarms[0]!;
  expect(shelving!.untilMs - shelving!.atMs).toBe(hourMs);
  await eventually(() =>
    expect(deltas.flatMap((delta: LiveDelta) => delta.alarms ?? []).map((each) => each.state)).toContain('SHLVD'),
  );
  socket.close();
  expect((await post(technician, 'unshelve', { comment: 'mended' })).body.alarms[0]).toMatchObject({
    state: 'ACKED',
    ackedBy: 'wang',
    ackComment: 'mended',
    shelving: null,
  });
  const [unshelved, shelved] = await journal();
  expect(shelved).toMatchObject({ action: 'shelved', comment: 'flaps', details: { untilMs: shelving!.untilMs } });
  expect(unshelved).toMatchObject({ action: 'unshelved', stateBefore: 'SHLVD', stateAfter: 'ACKED', user: 'wang' });
  await over();
});

test('an act that is sent again is answered alike and entered once, with an id and without', async () => {
  const before = (await journal()).length;
  const asked = { mode: 'timed', durationMs: hourMs, reason: 'flaps' };
  const first = await post(technician, 'shelve', asked);
  const again = await post(technician, 'shelve', asked);
  expect(again.body).toEqual(first.body);
  expect((await journal()).length).toBe(before + 1);

  const note = { comment: 'the part is on order', actId: 'a-1' };
  const noted = await post(technician, 'comment', note);
  expect((await post(technician, 'comment', note)).body).toEqual(noted.body);
  expect((await journal()).length).toBe(before + 2);
  const refused = await technician.call<ApiError>('POST', '/api/alarms/comment', {
    ids: [id],
    ...note,
    comment: 'another',
  });
  expect([refused.status, refused.body.code, refused.body.field]).toEqual([409, 'ACT_ID_USED', 'actId']);
  // Ids are a user's own.
  expect((await post(admin, 'comment', note)).status).toBe(200);
  expect((await journal()).length).toBe(before + 3);
  await over();
});

test('with an id of its own, an equal act is another one: it moves the end of the shelving', async () => {
  const asked = { mode: 'timed', durationMs: hourMs, reason: 'flaps' };
  const first = await post(technician, 'shelve', { ...asked, actId: 'b-1' });
  await eventually(() => expect(Date.now()).toBeGreaterThan(first.body.alarms[0]!.shelving!.atMs));
  const second = await post(technician, 'shelve', { ...asked, actId: 'b-2' });
  expect(second.body.alarms[0]!.shelving!.untilMs).toBeGreaterThan(first.body.alarms[0]!.shelving!.untilMs);
  await over();
});

test('of several alarms each is refused by itself', async () => {
  const ids = [id, lifeSafetyId(), 'hq/nothing#at-all'];
  const { body } = await post(technician, 'shelve', { ids, mode: 'one-shot', reason: 'test of the line' });
  expect(body.alarms.map((each) => each.id)).toEqual([id]);
  expect(body.refused).toEqual([
    { id: lifeSafetyId(), code: 'ALARM_LIFE_SAFETY' },
    { id: 'hq/nothing#at-all', code: 'ALARM_UNKNOWN' },
  ]);
  const { shelving } = body.alarms[0]!;
  expect(shelving!.untilMs - shelving!.atMs).toBe(2 * hourMs);
  await over();
});

test('shelving beyond the longest time, without a reason or by a viewer is refused', async () => {
  const asked = { mode: 'timed', durationMs: 2 * hourMs + 1, reason: 'flaps' };
  expect((await post(technician, 'shelve', asked)).body.refused).toEqual([{ id, code: 'SHELVING_TIME_OUT_OF_RANGE' }]);
  for (const reason of ['', '  ']) {
    const { status, body } = await technician.call<ApiError>('POST', '/api/alarms/shelve', {
      ids: [id],
      mode: 'timed',
      durationMs: hourMs,
      reason,
    });
    expect([status, body.field]).toEqual([400, 'reason']);
  }
  expect((await post(viewer, 'shelve', { mode: 'timed', durationMs: hourMs, reason: 'flaps' })).status).toBe(403);
  await over();
});

test('out of service is an engineer act with an approver, told in the audit, and ends only by hand', async () => {
  const asked = { workOrder: 'WO-12', reviewMs: Date.now() + 24 * hourMs, reason: 'seal is changed' };
  expect((await post(technician, 'out-of-service', { ...asked, approver: 'admin' })).status).toBe(403);
  // There is nobody else yet who could approve.
  expect((await admin.call<AlarmRules>('GET', '/api/alarms/rules')).body).toEqual({
    maxShelvingMs: 2 * hourMs,
    approvers: ['admin'],
  });
  const engineer = await signedIn('chen', 'engineer');
  expect((await admin.call<AlarmRules>('GET', '/api/alarms/rules')).body.approvers).toEqual(['chen']);
  for (const approver of ['chen', 'wang', 'nobody']) {
    const body = { ids: [id], ...asked, approver };
    const refused = await engineer.call<ApiError>('POST', '/api/alarms/out-of-service', body);
    expect([refused.status, refused.body.field]).toEqual([400, 'approver']);
    expect(refused.body.message).toContain('allowed: admin');
  }
  // The approver signs at the same screen.
  const sign = (password?: string) =>
    engineer.call<ApiError>('POST', '/api/alarms/out-of-service', {
      ids: [id],
      ...asked,
      approver: 'admin',
      ...(password === undefined ? {} : { password }),
    });
  for (const [given, status, code] of [
    [undefined, 400, 'SIGNATURE_MISSING'],
    ['long enough', 403, 'SIGNATURE_REFUSED'],
  ] as const) {
    const refused = await sign(given);
    expect([refused.status, refused.body.code, refused.body.field]).toEqual([status, code, 'password']);
  }
  const wrong = await admin.call<{ items: AuditEntry[] }>('GET', '/api/audit?user=chen');
  expect(wrong.body.items).toMatchObject([{ action: 'alarm.approval-refused', subject: 'admin' }]);
  expect((await admin.call<{ items: Alarm[] }>('GET', '/api/alarms?state=OOSRV')).body.items).toEqual([]);
  const { body } = await post(engineer, 'out-of-service', { ...asked, approver: 'admin', password });
  expect(body.alarms[0]).toMatchObject({
    state: 'OOSRV',
    serviceRemoval: { by: 'chen', approver: 'admin', workOrder: 'WO-12', reviewDue: false, reason: 'seal is changed' },
  });
  await post(engineer, 'out-of-service', { ...asked, approver: 'admin', password });
  const counted = await (await fetch(`${server.url}/metrics`)).text();
  const { priority } = await alarm();
  expect(counted).toContain(`plantroom_alarms{priority="${priority}",state="out-of-service"} 1`);
  expect(counted).toContain(`plantroom_alarms{priority="${priority}",state="shown"} 0`);
  const listed = await admin.call<{ items: Alarm[] }>('GET', '/api/alarms?state=OOSRV');
  expect(listed.body.items.map((each) => each.id)).toEqual([id]);
  expect((await post(technician, 'return-to-service', {})).status).toBe(403);
  const back = await post(engineer, 'return-to-service', { comment: 'done' });
  expect(back.body.alarms[0]).toMatchObject({ state: 'UNACK', serviceRemoval: null });
  const { items } = (await admin.call<{ items: AuditEntry[] }>('GET', `/api/audit?subject=${encodeURIComponent(id)}`))
    .body;
  expect(items.map(({ action, user, reason }) => [action, user, reason])).toEqual([
    ['alarm.return-to-service', 'chen', 'done'],
    ['alarm.out-of-service', 'chen', 'seal is changed'],
  ]);
  await over();
});

test('an act with an id that is refused as a whole can be sent again when its reason is gone', async () => {
  const reviewMs = Date.now() + hourMs;
  const asked = {
    workOrder: 'WO-13',
    reviewMs,
    reason: 'seal',
    approver: 'zhao',
    password: 'long enough',
    actId: 'c-1',
  };
  expect((await post(admin, 'out-of-service', asked)).status).toBe(400);
  await signedIn('zhao', 'engineer');
  expect((await post(admin, 'out-of-service', asked)).status).toBe(200);
  // Sent again it is answered as then, whatever has become of the signature; the password is kept nowhere.
  await admin.call('PUT', '/api/users/zhao', { password: 'another one' });
  expect((await post(admin, 'out-of-service', asked)).status).toBe(200);
  for (const file of readdirSync(folder).filter((name) => name.startsWith('plantroom.sqlite')))
    expect(readFileSync(join(folder, file)).includes('long enough'), file).toBe(false);
  await over();
});
