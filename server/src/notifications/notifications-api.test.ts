import { existsSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type {
  Alarm,
  ApiError,
  AuditEntry,
  NotificationChannel,
  NotificationDelivery,
  NotificationStatus,
  PreviewResult,
} from '@plantroom/contracts';
import { eventually } from '@plantroom/contracts/testing';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { RunningServer } from '../server.ts';
import { type Answer, startTestServer, TestClient, temporaryFolder } from '../test-helpers/start-test-server.ts';
import { type Received, Receivers } from './test-helpers/receivers.ts';

const { folder, remove } = temporaryFolder();
const siteFile = new URL('../../../simulators/demo/site.yaml', import.meta.url).pathname;
/** Nothing listens there: the server runs without its broker. */
let server: RunningServer;
let client: TestClient;
let receivers: Receivers;
let baseUrl: string;
let messages: Received[] = [];

beforeAll(async () => {
  receivers = new Receivers({
    nowMs: () => Date.now(),
    answer: (request) => {
      messages.push(request);
      return { body: { errcode: 0 } };
    },
  });
  baseUrl = await receivers.start();
  server = await startTestServer(folder, { env: { PLANTROOM_SITE_FILE: siteFile } });
  client = new TestClient(server.url);
  await client.signIn();
});
afterAll(async () => {
  await server.stop();
  await receivers.stop();
  remove();
});

const put = <T>(path: string, body: unknown): Promise<Answer<T>> =>
  client.call<T>('PUT', `/api/notifications/${path}`, body);
const sms = () => ({
  name: '短信',
  enabled: true,
  language: 'zh-CN',
  coalesceS: 0,
  perMinute: 60,
  settings: {
    kind: 'http',
    method: 'POST',
    url: `${baseUrl}/sms`,
    headers: [],
    contentType: 'application/json',
    body: '{"to":"{{to}}","text":"{{text}}","key":"{{secret}}"}',
    success: { type: 'status' },
    maxTextBytes: 500,
  },
});
const person = (parts: object = {}) => ({
  name: '安工',
  language: 'zh-CN',
  user: null,
  roles: ['duty-engineer'],
  contacts: [],
  quiet: null,
  enabled: true,
  ...parts,
});
const policy = (parts: object = {}) => ({
  name: 'Life',
  enabled: true,
  match: { lifeSafety: true },
  steps: [{ afterMinutes: 0, targets: [{ type: 'role', id: 'duty-engineer' }] }],
  repeat: null,
  stopOnReturn: false,
  tellReturned: false,
  ...parts,
});

describe('notifications over HTTP', () => {
  test('a fresh installation says that nobody is told', async () => {
    const { body } = await client.call<NotificationStatus>('GET', '/api/notifications/status');
    expect(body).toEqual({
      gaps: [{ gap: 'no-channel', subject: null, detail: null }],
      openCalls: 0,
      waiting: 0,
      dead: 0,
    });
  });

  test('a secret goes in and never comes out, neither by the API nor in the audit nor in the database', async () => {
    const secret = 'very secret key';
    const { status, body } = await put<NotificationChannel>('channels/sms', { ...sms(), secrets: { secret } });
    expect([status, body.secretsSet]).toEqual([200, ['secret']]);
    const listed = await client.call('GET', '/api/notifications/channels');
    const audit = await client.call<{ items: AuditEntry[] }>('GET', '/api/audit');
    expect(JSON.stringify(listed.body)).not.toContain(secret);
    expect(JSON.stringify(audit.body)).not.toContain(secret);
    expect(audit.body.items[0]).toMatchObject({ action: 'notification.channel.set', subject: 'sms', user: 'admin' });
    for (const file of ['plantroom.sqlite', 'plantroom.sqlite-wal']) {
      const path = join(folder, file);
      if (existsSync(path)) expect(readFileSync(path).includes(secret)).toBe(false);
    }
    expect(statSync(join(folder, 'notification.key')).mode & 0o777).toBe(0o600);
    // Left out, it stays.
    await put('channels/sms', sms());
    messages = [];
    const tested = await client.call<NotificationDelivery>('POST', '/api/notifications/channels/sms/test', {
      address: '13800000001',
      language: 'en',
    });
    expect(tested.body).toMatchObject({ state: 'sent', kind: 'test', receipt: expect.stringContaining('HTTP 200') });
    expect(messages[0]?.body).toMatchObject({ to: '13800000001', key: secret });
  });

  test('what cannot be is refused with the field, the value and what is allowed', async () => {
    const refusal = async (path: string, body: unknown) => {
      const { status, body: error } = await put<ApiError>(path, body);
      return [status, error.field, error.message];
    };
    const robot = { kind: 'dingtalk', mentionAll: 'never' };
    expect(await refusal('channels/d', { ...sms(), settings: robot, perMinute: 21 })).toEqual([
      400,
      'perMinute',
      expect.stringContaining('at most 20'),
    ]);
    expect(
      await refusal('channels/d', {
        ...sms(),
        settings: { ...robot, baseUrl: 'http://ding.example.com' },
        perMinute: 20,
      }),
    ).toEqual([400, 'settings.baseUrl', expect.stringContaining('http://ding.example.com')]);
    expect(await refusal('channels/sms', { ...sms(), secrets: { password: 'x' } })).toEqual([
      400,
      'secrets.password',
      expect.stringContaining('allowed: secret'),
    ]);
    expect(await refusal('channels/sms', { ...sms(), settings: robot, perMinute: 5 })).toEqual([
      400,
      'settings.kind',
      expect.stringContaining('"http"'),
    ]);
    expect(await refusal('people/an', person({ contacts: [{ channel: 'fax', address: '1' }] }))).toEqual([
      400,
      'contacts.0.channel',
      expect.stringContaining('known: sms'),
    ]);
    expect(
      await refusal('people/an', person({ quiet: { from: '22:00', to: '07:00', timeZone: 'Mars/Olympus' } })),
    ).toEqual([400, 'quiet.timeZone', expect.stringContaining('Mars/Olympus')]);
    const steps = [0, 0].map((afterMinutes) => ({ afterMinutes, targets: [{ type: 'role', id: 'manager' }] }));
    expect(await refusal('policies/life', policy({ steps }))).toEqual([
      400,
      'steps.1.afterMinutes',
      expect.stringContaining('do not come after'),
    ]);
    const direct = [{ afterMinutes: 0, targets: [{ type: 'channel', id: 'sms' }] }];
    expect(await refusal('policies/life', policy({ steps: direct }))).toEqual([
      400,
      'steps.0.targets.0.id',
      expect.stringContaining('needs an address'),
    ]);
    const shifts = [{ id: 'day', name: 'Day', weekdays: [1], from: '08:00', to: '20:00', people: [] }];
    const overrides = [{ date: '2026-02-30', shift: 'day', people: [] }];
    expect(await refusal('rosters/r', { name: 'R', timeZone: 'Asia/Shanghai', shifts, overrides })).toEqual([
      400,
      'overrides.0.date',
      expect.stringContaining('2026-02-30'),
    ]);
    expect(await refusal('settings', { publicUrl: 'plantroom', linkMinutes: 60, mqtt: false })).toEqual([
      400,
      'publicUrl',
      expect.stringContaining('"plantroom"'),
    ]);
  });

  test('only admin and engineer see and change it', async () => {
    await client.call('POST', '/api/users', { username: 'tech', role: 'technician', password: 'test password' });
    const tech = new TestClient(server.url);
    await tech.signIn('tech');
    for (const path of ['channels', 'people', 'deliveries'])
      expect((await tech.call('GET', `/api/notifications/${path}`)).status).toBe(403);
    expect((await tech.call('PUT', '/api/notifications/people/an', person())).status).toBe(403);
    expect((await tech.call('GET', '/api/notifications/status')).status).toBe(200);
    expect((await new TestClient(server.url).call('GET', '/api/notifications/status')).status).toBe(401);
  });

  test('what is named elsewhere is not removed; a dry run tells who would be told', async () => {
    expect((await put('people/an', person({ contacts: [{ channel: 'sms', address: '13800000001' }] }))).status).toBe(
      200,
    );
    expect((await put('policies/life', policy())).status).toBe(200);
    const used = await client.call<ApiError>('DELETE', '/api/notifications/channels/sms');
    expect([used.status, used.body.message]).toEqual([409, expect.stringContaining('person "an"')]);
    const asked = { site: 'demo', priority: 'critical', lifeSafety: true, atMs: 1_700_000_000_000 };
    const { body } = await client.call<PreviewResult>('POST', '/api/notifications/preview', asked);
    expect(body.policies).toEqual([
      {
        policy: 'life',
        name: 'Life',
        endless: true,
        rungs: [0, 300_000].map((after, at) => ({
          atMs: asked.atMs + after,
          repeated: at === 1,
          recipients: [{ person: 'an', routes: [{ channel: 'sms', address: '13800000001', heldUntilMs: null }] }],
        })),
      },
    ]);
    const none = await client.call<PreviewResult>('POST', '/api/notifications/preview', {
      ...asked,
      lifeSafety: false,
    });
    expect(none.body.policies).toEqual([]);
  });

  test('the link of a message about life acknowledges under the name of its person, once; opening it changes nothing', async () => {
    await put('settings', { publicUrl: server.url, linkMinutes: 60, mqtt: false });
    messages = [];
    const bo = { name: 'Bo', language: 'en', contacts: [{ channel: 'sms', address: '13900000002' }] };
    expect((await put('people/bo', person(bo))).status).toBe(200);
    const alarm = await raiseFire();
    await eventually(() => expect(messages).toHaveLength(2));
    const linkTo = (to: string): string =>
      /http\S+$/.exec(messages.find(({ body }) => body.to === to)?.body.text as string)?.[0] ?? '';
    const link = linkTo('13800000001');
    expect(link).toContain(`${server.url}/ack/`);
    for (let opened = 0; opened < 2; opened++) {
      const page = await fetch(link);
      expect([page.status, page.headers.get('cache-control')]).toEqual([200, 'no-store']);
      expect(await page.text()).toContain('<form method="post">');
    }
    expect((await alarmOf(alarm))?.flags.acked).toBe(false);
    const form = {
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: new URLSearchParams({ comment: '已派人<b>' }).toString(),
    };
    const done = await fetch(link, form);
    expect(done.status).toBe(200);
    expect(await done.text()).toContain('已确认');
    const acked = await alarmOf(alarm);
    expect(acked).toMatchObject({ ackedBy: '安工', flags: { acked: true } });
    expect(acked?.ackComment).toContain('已派人<b>');
    expect((await fetch(link, form)).status).toBe(410);
    // Who comes second is told that somebody has, never that there is nothing to do: it still burns.
    for (const second of [await fetch(linkTo('13900000002')), await fetch(linkTo('13900000002'), form)]) {
      expect(second.status).toBe(200);
      const html = await second.text();
      expect(html).toContain('Somebody has acknowledged this alarm already; what the response says still holds.');
      expect(html).not.toContain('<form');
    }
    const journal = await client.call<{ items: { action: string; user: string }[] }>(
      'GET',
      `/api/alarms/journal?action=acknowledged`,
    );
    expect(journal.body.items).toHaveLength(1);
    expect(journal.body.items[0]).toMatchObject({ user: '安工' });
    const forged = `${link.slice(0, -3)}abc`;
    expect((await fetch(forged)).status).toBe(404);
    expect(await (await fetch(forged)).text()).not.toContain('火');
  });

  test('the link of somebody who is no longer told of alarms opens nothing', async () => {
    const link =
      /http\S+$/.exec(messages.find(({ body }) => body.to === '13900000002')?.body.text as string)?.[0] ?? '';
    expect((await fetch(link)).status).toBe(200);
    const bo = { name: 'Bo', language: 'en', contacts: [{ channel: 'sms', address: '13900000002' }], enabled: false };
    expect((await put('people/bo', person(bo))).status).toBe(200);
    expect((await fetch(link)).status).toBe(404);
  });

  test('a channel that fails shows on health', async () => {
    receivers.answer = () => ({ status: 500, body: {} });
    const tested = await client.call<NotificationDelivery>('POST', '/api/notifications/channels/sms/test', {
      address: '13800000001',
      language: 'en',
    });
    expect(tested.body).toMatchObject({ state: 'dead', error: expect.stringContaining('500') });
    const health = await client.call<{ parts: Record<string, { status: string; detail?: string }> }>(
      'GET',
      '/api/health',
    );
    expect(health.body.parts.notifications).toMatchObject({
      status: 'degraded',
      detail: expect.stringContaining('channel "sms"'),
    });
    const { body } = await client.call<NotificationStatus>('GET', '/api/notifications/status');
    expect(body.gaps.map(({ gap }) => gap)).toContain('channel-failing');
    const again = await client.call<NotificationDelivery>(
      'POST',
      `/api/notifications/deliveries/${tested.body.id}/retry`,
    );
    expect(again.body).toMatchObject({ id: tested.body.id, state: 'retrying' });
  });
});

/** A zone of the demo building tells a fire; answers the alarm's id. */
async function raiseFire(): Promise<string> {
  const { engine } = server;
  const nowMs = Date.now();
  const found = [...engine.book.all()].find(
    ({ definition }) => definition.lifeSafety && definition.condition.type === 'off-normal',
  );
  if (found === undefined) throw new Error('the demo building has no alarm about life');
  const { definition } = found;
  const { condition, source, onDelayMs, id } = definition;
  const value = condition.type === 'off-normal' ? condition.values[0]! : true;
  engine.gatewayOnline('demo/gw', nowMs);
  const reading = (atMs: number) => ({ point: source, value, quality: 'good' as const, wireTimeMs: atMs });
  engine.readings('demo/gw', [reading(nowMs - onDelayMs - 1000)], false);
  engine.watermark('demo/gw', nowMs);
  await engine.settled();
  return id;
}

async function alarmOf(id: string): Promise<Alarm | undefined> {
  const { body } = await client.call<{ items: Alarm[] }>('GET', '/api/alarms?all=true');
  return body.items.find((alarm) => alarm.id === id);
}
