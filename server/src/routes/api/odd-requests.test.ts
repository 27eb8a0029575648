import type { ApiError } from '@plantroom/contracts';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { RunningServer } from '../../server.ts';
import { startTestServer, TestClient, temporaryFolder } from '../../test-helpers/start-test-server.ts';

const { folder, remove } = temporaryFolder();
let server: RunningServer;
let admin: TestClient;
beforeAll(async () => {
  server = await startTestServer(folder, { mqttUrl: 'mqtt://127.0.0.1:9' });
  admin = new TestClient(server.url);
  await admin.signIn();
});
afterAll(async () => {
  await server.stop();
  remove();
});

const huge = '9'.repeat(30);

test.each([
  ['after', `/api/handovers?site=demo&after=${huge}`],
  ['after', `/api/alarms/journal?after=${huge}`],
  ['after', `/api/test-modes?after=${huge}`],
  ['after', `/api/audit?after=${huge}`],
  ['after', `/api/work-orders?after=${huge}`],
  ['id', `/api/handovers/${huge}`],
  ['at', `/api/handovers/shift?site=demo&at=${huge}`],
  ['from', `/api/alarms/journal?from=${huge}`],
  ['to', `/api/alarms/kpis?site=demo&from=0&to=${huge}`],
  ['q', '/api/alarms/journal?q=a%00b'],
  ['subject', '/api/audit?subject=a%00b'],
])('a %s that no database can have is refused: %s', async (field, path) => {
  const { status, body } = await admin.call<ApiError>('GET', path);
  expect([status, body.code, body.field]).toEqual([400, 'INVALID_REQUEST', field]);
});

test('a page of deliveries behind one that never was is the first', async () => {
  expect((await admin.call('GET', `/api/notifications/deliveries?after=${huge}.x`)).status).toBe(200);
});

test('a text with U+0000 is refused by its field, however deep it lies', async () => {
  for (const [field, body] of [
    ['comment', { ids: ['hq/a/b#c'], comment: 'a\u0000b' }],
    ['ids.1', { ids: ['hq/a/b#c', 'x\u0000'], comment: 'a' }],
  ] as const) {
    const refused = await admin.call<ApiError>('POST', '/api/alarms/comment', body);
    expect([refused.status, refused.body.code, refused.body.field]).toEqual([400, 'INVALID_REQUEST', field]);
  }
});
