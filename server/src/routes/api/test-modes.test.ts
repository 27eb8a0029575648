import type {
  ApiError,
  AuditEntry,
  JournalRow,
  LiveDelta,
  ShiftHandover,
  TestMode,
  TestModePage,
} from '@plantroom/contracts';
import { eventually } from '@plantroom/contracts/testing';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import type { RunningServer } from '../../server.ts';
import { startTestServer, TestClient, temporaryFolder } from '../../test-helpers/start-test-server.ts';

const { folder, remove } = temporaryFolder();
const hourMs = 3_600_000;
let server: RunningServer;
let admin: TestClient;
let engineer: TestClient;
let technician: TestClient;
let viewer: TestClient;

async function signedIn(username: string, role: string): Promise<TestClient> {
  await admin.call('POST', '/api/users', { username, role, password: 'long enough' });
  const client = new TestClient(server.url);
  await client.signIn(username, 'long enough');
  return client;
}
const asked = (more: object = {}) => ({
  equipment: ['hq/zone-1'],
  reason: ' yearly test ',
  untilMs: Date.now() + hourMs,
  ...more,
});
const ask = (client: TestClient, body: object = asked()) =>
  client.call<TestMode & ApiError>('POST', '/api/test-modes', body);
const act = (client: TestClient, id: string, name: string, body: object = {}) =>
  client.call<TestMode & ApiError>('POST', `/api/test-modes/${id}/${name}`, body);
const open = async () => (await viewer.call<TestModePage>('GET', '/api/test-modes?state=open')).body.items;

beforeAll(async () => {
  server = await startTestServer(folder);
  admin = new TestClient(server.url);
  await admin.signIn();
  engineer = await signedIn('zhao', 'engineer');
  technician = await signedIn('wang', 'technician');
  viewer = await signedIn('guest', 'viewer');
  const place = { class: 'fire-zone', profile: null, unit: null, lane: 'safety', silenceMs: null } as const;
  server.engine.gatewayOnline('hq/g', Date.now());
  for (const zone of ['zone-1', 'zone-2'])
    server.engine.deviceOnline('hq/g', zone, [{ point: `hq/${zone}/fire`, ...place }], Date.now());
  await server.engine.settled();
});
afterEach(async () => {
  for (const { id } of await open()) await act(admin, id, 'end');
});
afterAll(async () => {
  await server.stop();
  remove();
});

test('a technician asks, an engineer approves, extends and a technician ends; each is in the audit and told live', async () => {
  const live = await viewer.live({ scope: { kind: 'none' } });
  expect(live.snapshot.testModes).toEqual([]);
  const { body: mode } = await ask(technician);
  expect(mode).toMatchObject({ state: 'requested', reason: 'yearly test', requestedBy: 'wang', site: 'hq' });
  expect((await act(engineer, mode.id, 'approve')).body).toMatchObject({ state: 'running', approvedBy: 'zhao' });
  const untilMs = mode.untilMs + hourMs;
  expect((await act(engineer, mode.id, 'extend', { untilMs, reason: 'more' })).body.untilMs).toBe(untilMs);
  expect((await act(technician, mode.id, 'end', { comment: 'done' })).body).toMatchObject({
    state: 'ended',
    endedBy: 'wang',
  });
  const { body: audit } = await admin.call<{ items: AuditEntry[] }>('GET', `/api/audit?subject=${mode.id}`);
  expect(audit.items.map(({ action, user }) => [action, user])).toEqual([
    ['test-mode.end', 'wang'],
    ['test-mode.extend', 'zhao'],
    ['test-mode.approve', 'zhao'],
    ['test-mode.request', 'wang'],
  ]);
  const states = (deltas: readonly LiveDelta[]) =>
    deltas.flatMap(({ testModes = [] }) => testModes.map(({ state }) => state));
  await eventually(() => expect(states(live.deltas).at(-1)).toBe('ended'));
  live.socket.close();
  expect((await viewer.call<TestMode>('GET', `/api/test-modes/${mode.id}`)).body.state).toBe('ended');
});

test('the journal tells what happened in a test mode, and lists are of a site', async () => {
  const { body: mode } = await ask(technician);
  await act(engineer, mode.id, 'approve');
  server.engine.readings(
    'hq/g',
    [{ point: 'hq/zone-1/fire', value: true, quality: 'good', wireTimeMs: Date.now() }],
    false,
  );
  server.engine.watermark('hq/g', Date.now() + 1000);
  await server.engine.settled();
  await act(technician, mode.id, 'end');
  const told = async (id: string) =>
    (await viewer.call<{ items: JournalRow[] }>('GET', `/api/alarms/journal?test=${id}`)).body.items
      ?.map(({ alarm, action, details }) => `${alarm} ${action} ${details?.test ?? `because of ${details?.cause}`}`)
      .reverse();
  const fire = 'hq/zone-1/fire#fire';
  expect(await told(mode.id)).toEqual([
    `hq/zone-1#test-mode test-started ${mode.id}`,
    `${fire} activated ${mode.id}`,
    `hq/zone-1#test-mode test-ended ${mode.id}`,
    `${fire} test-ended because of ${mode.id}`,
  ]);
  expect((await viewer.call('GET', '/api/alarms/journal?test=test-999')).status).toBe(404);
  const list = async (site: string) =>
    (await viewer.call<{ items: TestMode[] }>('GET', `/api/test-modes?site=${site}&limit=1`)).body.items.map(
      ({ id }) => id,
    );
  expect(await list('hq')).toEqual([mode.id]);
  expect(await list('h')).toEqual([]);
});

test('four eyes: whoever asked cannot approve, whatever the role', async () => {
  const { body: mode } = await ask(admin);
  const refused = await act(admin, mode.id, 'approve');
  expect([refused.status, refused.body.code]).toEqual([403, 'TEST_MODE_SAME_PERSON']);
  expect((await act(technician, mode.id, 'approve')).status).toBe(403);
  expect((await ask(viewer)).status).toBe(403);
});

test('the same request under one id is one, another under it is refused, and acts may be repeated', async () => {
  const body = asked({ actId: 'once' });
  const [first, second] = [await ask(technician, body), await ask(technician, body)];
  expect(second.body.id).toBe(first.body.id);
  expect((await ask(technician, { ...body, reason: 'other' })).body.code).toBe('ACT_ID_USED');
  const approved = await act(engineer, first.body.id, 'approve');
  expect((await act(engineer, first.body.id, 'approve')).body).toEqual(approved.body);
  const ended = await act(engineer, first.body.id, 'end');
  expect((await act(technician, first.body.id, 'end')).body).toEqual(ended.body);
});

test('what cannot be is refused with the field, the value or the reason', async () => {
  const code = async (body: object) => {
    const { status, body: error } = await ask(technician, body);
    return [status, error.code, error.field ?? null];
  };
  expect(await code(asked({ untilMs: Date.now() + 9 * hourMs }))).toEqual([
    400,
    'TEST_MODE_TIME_OUT_OF_RANGE',
    'untilMs',
  ]);
  expect(await code(asked({ equipment: ['hq/none'] }))).toEqual([404, 'NOT_FOUND', null]);
  expect((await ask(technician, asked({ reason: '  ' }))).status).toBe(400);
  await ask(technician);
  expect(await code(asked({ equipment: ['hq/zone-2', 'hq/zone-1'] }))).toEqual([409, 'TEST_MODE_OVERLAP', null]);
  expect((await act(engineer, 'test-999', 'end')).status).toBe(404);
});

test('a program with a token may ask for a test mode, but approves none: who made the token may be who asked', async () => {
  const { body: made } = await admin.call<{ token: string }>('POST', '/api/tokens', { name: 'bms', role: 'engineer' });
  const byToken = (path: string, body: object) =>
    fetch(server.url + path, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${made.token}` },
      body: JSON.stringify(body),
    });
  const { body: mode } = await ask(admin);
  const refused = await byToken(`/api/test-modes/${mode.id}/approve`, {});
  expect([refused.status, ((await refused.json()) as ApiError).code]).toEqual([403, 'FORBIDDEN']);
  expect((await open()).map(({ state }) => state)).toEqual(['requested']);
  expect((await byToken(`/api/test-modes/${mode.id}/end`, {})).status).toBe(200);
  expect((await byToken('/api/test-modes', asked())).status).toBe(200);
});

test('what a test raises is no fire of the shift that is handed over; what the test leaves standing is one', async () => {
  const fires = async () => {
    const { body } = await admin.call<ShiftHandover>('GET', '/api/handovers/shift?site=hq');
    return body.report.lifeSafety.map(({ alarm }) => alarm);
  };
  const before = await fires();
  const { body: mode } = await ask(technician, asked({ equipment: ['hq/zone-2'] }));
  await act(engineer, mode.id, 'approve');
  const nowMs = Date.now();
  server.engine.readings('hq/g', [{ point: 'hq/zone-2/fire', value: true, quality: 'good', wireTimeMs: nowMs }], false);
  server.engine.watermark('hq/g', nowMs);
  await server.engine.settled();
  const id = 'hq/zone-2/fire#fire';
  expect(server.engine.book.get(id)?.alarm).toMatchObject({ state: 'UNACK', testMode: mode.id });
  expect(await fires()).toEqual(before);
  await act(engineer, mode.id, 'end');
  expect(await fires()).toEqual([...before, id]);
});
