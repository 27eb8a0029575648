import { afterAll, beforeAll, expect, test } from 'vitest';
import type { RunningServer } from '../server.ts';
import { startTestServer, TestClient, temporaryFolder } from '../test-helpers/start-test-server.ts';
import { channel, ReceivingBed } from './test-helpers/receiving-bed.ts';

const { folder, remove } = temporaryFolder();
let server: RunningServer;
let client: TestClient;
beforeAll(async () => {
  server = await startTestServer(folder, { mqttUrl: 'mqtt://127.0.0.1:9' });
  client = new TestClient(server.url);
  await client.signIn();
});
afterAll(async () => {
  await server.stop();
  remove();
});
const wired = new ReceivingBed(Date.parse('2026-11-23T12:00:00+08:00'));

test('nobody removes a channel while somebody else names it in a policy: one of both is refused', async () => {
  const hook = {
    name: 'Hook',
    enabled: true,
    language: 'en',
    coalesceS: 0,
    perMinute: 60,
    settings: { kind: 'webhook', url: 'https://example.com' },
  };
  const policy = {
    name: 'P',
    enabled: true,
    match: {},
    steps: [{ afterMinutes: 0, targets: [{ type: 'channel', id: 'hook' }] }],
    repeat: null,
    stopOnReturn: false,
    tellReturned: false,
  };
  const path = '/api/notifications';
  for (let round = 0; round < 10; round++) {
    await client.call('DELETE', `${path}/policies/p`);
    expect((await client.call('PUT', `${path}/channels/hook`, hook)).status).toBe(200);
    const [removed, named] = await Promise.all([
      client.call('DELETE', `${path}/channels/hook`),
      client.call('PUT', `${path}/policies/p`, policy),
    ]);
    expect([
      [204, 400],
      [409, 200],
    ]).toContainEqual([removed.status, named.status]);
  }
});

test('a dead letter that two people send again goes out once more', async () => {
  await wired.bed.policy({ id: 'p', steps: [{ afterMinutes: 0, targets: [channel('hook')] }] });
  await wired.bed.start();
  wired.receivers.answer = () => ({ status: 400, body: {} });
  await wired.bed.raise('hq/a/x#H');
  await wired.bed.settled();
  wired.receivers.answer = () => null;
  const [dead] = await wired.bed.deliveries();
  const revived = await Promise.all([1, 2].map(() => wired.bed.revive(dead!.id)));
  expect(revived.filter((each) => each !== null)).toHaveLength(1);
  wired.bed.notifier.wake();
  await wired.bed.settled();
  expect(await wired.bed.revive(dead!.id)).toBeNull();
  expect(wired.hooks()).toHaveLength(1);
});
