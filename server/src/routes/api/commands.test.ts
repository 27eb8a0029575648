import { type ApiError, type ApiToken, type Command, type PointWithValue, roles } from '@plantroom/contracts';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { giveBirth } from '../../commands/test-helpers/born-plant.ts';
import type { RunningServer } from '../../server.ts';
import { startTestServer, TestClient, temporaryFolder } from '../../test-helpers/start-test-server.ts';

const { folder, remove } = temporaryFolder();
let server: RunningServer;
let admin: TestClient;
const path = '/api/points/commands';
const request = { point: 'hq/vrf-1/setpoint', value: 21 };

beforeAll(async () => {
  // Nobody listens there: what is taken can only fail afterwards.
  const env = { PLANTROOM_GATEWAY_TOKEN: 'gateway-secret' };
  server = await startTestServer(folder, { env });
  admin = new TestClient(server.url);
  await admin.signIn();
  giveBirth(server.engine, Date.UTC(2026, 0, 20));
  await server.engine.settled();
});
afterAll(async () => {
  await server.stop();
  remove();
});

async function signedIn(role: string): Promise<TestClient> {
  await admin.call('POST', '/api/users', { username: `a-${role}`, role, password: 'long enough' });
  const client = new TestClient(server.url);
  expect(await client.signIn(`a-${role}`, 'long enough')).toBe(200);
  return client;
}
const commands = async () => (await admin.call<{ items: Command[] }>('GET', path)).body.items;
const byToken = async (token: string) => {
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
  return (await fetch(server.url + path, { method: 'POST', headers, body: JSON.stringify(request) })).status;
};
const allowed: Record<(typeof roles)[number], boolean> = {
  admin: true,
  engineer: true,
  technician: false,
  viewer: false,
};

describe('who may set a point', () => {
  test.each(roles)('%s, signed in', async (role) => {
    const client = await signedIn(role);
    const before = (await commands()).length;
    const { status, body } = await client.call<Command & ApiError>('POST', path, request);
    expect(status).toBe(allowed[role] ? 200 : 403);
    if (allowed[role]) expect(body).toMatchObject({ user: `a-${role}`, state: 'failed', code: 'gateway-offline' });
    else expect(body.code).toBe('FORBIDDEN');
    expect(await commands()).toHaveLength(before + (allowed[role] ? 1 : 0));
    // Everybody may see what was set.
    expect((await client.call('GET', path)).status).toBe(200);
  });

  test.each(roles)('an API token of role %s', async (role) => {
    const { body } = await admin.call<ApiToken & { token: string }>('POST', '/api/tokens', { name: `t-${role}`, role });
    expect(await byToken(body.token)).toBe(allowed[role] ? 200 : 403);
    if (allowed[role]) expect((await commands())[0]?.user).toBe(`token:t-${role}`);
  });

  test('nobody without a sign-in, nor with the token of a gateway', async () => {
    const before = (await commands()).length;
    const stranger = new TestClient(server.url);
    expect((await stranger.call('POST', path, request)).status).toBe(401);
    expect((await stranger.call('GET', path)).status).toBe(401);
    expect(await byToken('gateway-secret')).toBe(401);
    expect(await commands()).toHaveLength(before);
  });
});

describe('what may be set', () => {
  test.each(['hq/lift-1/floor', 'hq/lift-1/speed', 'hq/panel-1/fire-count'])(
    '%s is refused to an admin, and not offered, whatever its birth says',
    async (point) => {
      const { status, body } = await admin.call<ApiError>('POST', path, { point, value: 1 });
      expect([status, body.code]).toEqual([403, 'COMMAND_READ_ONLY']);
      const equipment = point.slice(0, point.lastIndexOf('/'));
      const points = await admin.call<{ items: PointWithValue[] }>('GET', `/api/points?equipment=${equipment}`);
      expect(points.body.items.find(({ id }) => id === point)?.write).toBeNull();
      expect((await admin.call<{ items: Command[] }>('GET', `${path}?point=${point}`)).body.items).toEqual([]);
    },
  );

  test.each<[string, object]>([
    ['without a value', { point: request.point }],
    ['with an object for a value', { ...request, value: { on: true } }],
    ['with a text that no device takes', { ...request, value: 'x'.repeat(201) }],
    ['with a field of its own', { ...request, force: true }],
    ['with an empty key', { ...request, key: '' }],
  ])('a request %s is none', async (_, body) => {
    const before = (await commands()).length;
    expect((await admin.call('POST', path, body)).status).toBe(400);
    expect(await commands()).toHaveLength(before);
  });
});
