import type { ApiError, AuditEntry, NotificationTemplate, TemplatePreview } from '@plantroom/contracts';
import { eventually } from '@plantroom/contracts/testing';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { RunningServer } from '../server.ts';
import { startTestServer, TestClient, temporaryFolder } from '../test-helpers/start-test-server.ts';
import { emailHtml } from './channels/email-html.ts';
import { httpProvider } from './channels/http-provider.ts';
import { fireFacts, testItem, testMessage } from './test-helpers/messages.ts';
import { NotifierBed } from './test-helpers/notifier-bed.ts';
import { credentials, Receivers } from './test-helpers/receivers.ts';

describe('templates over HTTP', () => {
  const { folder, remove } = temporaryFolder();
  const siteFile = new URL('../../../simulators/demo/site.yaml', import.meta.url).pathname;
  let server: RunningServer;
  let client: TestClient;

  beforeAll(async () => {
    server = await startTestServer(folder, {
      env: { PLANTROOM_SITE_FILE: siteFile },
    });
    client = new TestClient(server.url);
    await client.signIn();
    // The rules of the site file's equipment are there at once; a birth would bring no more of them.
    await eventually(() => expect([...server.engine.book.all()].length).toBeGreaterThan(0));
  });
  afterAll(async () => {
    await server.stop();
    remove();
  });

  const path = '/api/notifications/templates';
  const list = async () => (await client.call<{ items: NotificationTemplate[] }>('GET', path)).body.items;
  const own = { subject: null, text: '{{tag}}{{name}}\n{{place}}\n请回复群内：收到' };

  test('are all there in both languages, built in until they are changed, and again when they are reset', async () => {
    expect((await list()).map(({ isDefault }) => isDefault)).toEqual(Array.from({ length: 12 }, () => true));
    const put = await client.call<NotificationTemplate>('PUT', `${path}/wecom/zh-CN`, own);
    expect(put).toMatchObject({ status: 200, body: { kind: 'wecom', language: 'zh-CN', ...own, isDefault: false } });
    expect((await list()).filter(({ isDefault }) => !isDefault)).toEqual([put.body]);
    const reset = await client.call<NotificationTemplate>('DELETE', `${path}/wecom/zh-CN`);
    expect(reset.body).toMatchObject({ isDefault: true, text: expect.stringContaining('{{title}}\n地点：{{place}}') });
    const audit = await client.call<{ items: AuditEntry[] }>('GET', '/api/audit');
    expect(audit.body.items.slice(0, 2).map(({ action, subject }) => [action, subject])).toEqual([
      ['notification.template.reset', 'wecom/zh-CN'],
      ['notification.template.set', 'wecom/zh-CN'],
    ]);
  });

  test('that are wrong are refused with the field; a technician may not change them', async () => {
    const wrong = await client.call<ApiError>('PUT', `${path}/wecom/en`, { subject: null, text: '{{nam}}' });
    expect(wrong).toMatchObject({ status: 400, body: { field: 'text' } });
    expect(wrong.body.message).toContain('there is no placeholder {{nam}}; allowed: {{title}} {{tag}}');
    expect((await client.call('PUT', `${path}/pager/en`, own)).status).toBe(400);
    expect((await list()).every(({ isDefault }) => isDefault)).toBe(true);
    const user = { username: 'wang', role: 'technician', password: 'long enough' };
    await client.call('POST', '/api/users', user);
    const technician = new TestClient(server.url);
    await technician.signIn(user.username, user.password);
    expect((await technician.call('PUT', `${path}/wecom/zh-CN`, own)).status).toBe(403);
  });

  test('are shown with an alarm of the site: a sample about life, or one that is named', async () => {
    const asked = { kind: 'email', language: 'en', subject: '{{name}}', text: '{{title}}\n{{place}}\n{{link}}' };
    const sample = await client.call<TemplatePreview>('POST', `${path}/preview`, asked);
    expect(sample.status).toBe(200);
    expect(sample.body.subject).toBe(sample.body.name.en);
    expect(sample.body.text).toMatch(/^\[Life safety·Critical\] .+\n.+\nhttps:\/\/plantroom\.example\.com\/ack\/…$/);
    const alarm = [...server.engine.book.all()].find(({ definition }) => !definition.lifeSafety)?.alarm;
    const named = await client.call<TemplatePreview>('POST', `${path}/preview`, { ...asked, alarm: alarm?.id });
    expect(named.body).toMatchObject({ alarm: alarm?.id, subject: alarm?.guidance.name.en });
    expect(named.body.text).not.toContain('/ack/');
    const unknown = await client.call<ApiError>('POST', `${path}/preview`, { ...asked, alarm: 'demo/x/y#z' });
    expect(unknown).toMatchObject({ status: 400, body: { field: 'alarm' } });
  });
});

describe('a message', () => {
  let bed: NotifierBed;
  let receivers: Receivers;

  beforeEach(async () => {
    bed = new NotifierBed(Date.UTC(2026, 10, 23, 6));
    await bed.open();
    receivers = new Receivers({ nowMs: () => bed.clock.nowMs() });
    const baseUrl = await receivers.start();
    await bed.channel({ id: 'group', settings: { kind: 'wecom', baseUrl, mentionAll: 'never' } }, credentials.wecom);
    await bed.policy({ id: 'all', steps: [{ afterMinutes: 0, targets: [{ type: 'channel', id: 'group' }] }] });
    await bed.start();
  });
  afterEach(async () => {
    await bed.destroy();
    await receivers.stop();
  });
  const said = () => receivers.of('/cgi-bin/').map(({ body }) => (body.text as { content: string }).content);

  test('is worded as the site has it in the language of the channel, from the next one on', async () => {
    const template = { subject: null, text: '机房 {{tag}}{{name}}\n{{place}}' };
    await bed.book.change((db) => bed.book.save(db, 'template', { id: 'wecom/zh-CN', ...template }));
    await bed.raise('hq/pump-1/a#x', { priority: 'critical' });
    await bed.settled();
    expect(said()).toEqual(['机房 【紧急】出口压力过低\n塔楼B 地下二层 泵房']);
    await bed.book.change((db) => bed.book.remove(db, 'template', 'wecom/zh-CN'));
    await bed.raise('hq/pump-1/b#x', { priority: 'critical' });
    await bed.settled();
    expect(said()[1]).toContain('【紧急】1号加压泵：出口压力过低\n地点：塔楼B');
  });
});

describe('the link', () => {
  const link = 'https://hq.example.com/ack/abc.def';
  const template = { subject: '{{name}}', text: '{{name}} <now> {{link}}\n{{response}}' };
  const fire = testMessage([testItem(fireFacts(), { link })], { language: 'en', address: '13800138000', template });

  test('of a mail can be opened, and what stands beside it is no markup', () => {
    const html = emailHtml(fire, 50);
    expect(html).toContain(`Fire alarm &lt;now&gt; <a href="${link}">${link}</a>`);
    expect(html).toContain('<h1 style="font-size:18px">Fire alarm</h1>');
  });

  test('of a text message is never cut', async () => {
    let body = '';
    const receivers = new Receivers({
      nowMs: () => 0,
      answer: (request) => {
        body = String(request.body.text);
        return { body: {} };
      },
    });
    const url = await receivers.start();
    await httpProvider.send(fire, {
      settings: {
        kind: 'http',
        method: 'POST',
        url,
        headers: [],
        contentType: 'application/json',
        body: '{"text":"{{text}}"}',
        success: { type: 'status' },
        maxTextBytes: 70,
      },
      secrets: {},
      nowMs: 0,
      signal: new AbortController().signal,
    });
    await receivers.stop();
    expect(body).toMatch(/^Fire alarm <now> .*…? https:\/\/hq\.example\.com\/ack\/abc\.def$/);
    expect(Buffer.byteLength(body)).toBeLessThanOrEqual(70);
  });
});
