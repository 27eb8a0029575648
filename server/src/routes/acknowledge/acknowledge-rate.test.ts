import { afterAll, beforeAll, expect, test } from 'vitest';
import type { RunningServer } from '../../server.ts';
import { startTestServer, temporaryFolder } from '../../test-helpers/start-test-server.ts';

const { folder, remove } = temporaryFolder();
let server: RunningServer;
beforeAll(async () => {
  server = await startTestServer(folder, { mqttUrl: 'mqtt://127.0.0.1:9' });
});
afterAll(async () => {
  await server.stop();
  remove();
});

const open = async (token: string) => (await fetch(`${server.url}/ack/${token}`)).status;

test('forty people of one building answer at once, though all of them come from one address', async () => {
  const statuses = await Promise.all(Array.from({ length: 40 }, (_, at) => open(`person-${at}.signature`)));
  expect(new Set(statuses)).toEqual(new Set([404]));
});

test('one link that is opened again and again is held up', async () => {
  const statuses = await Promise.all(Array.from({ length: 40 }, () => open('always.thesame')));
  expect(statuses.filter((status) => status === 429)).toHaveLength(10);
});
