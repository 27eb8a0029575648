import type { ChannelSettings } from '@plantroom/contracts';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { fireFacts, testFacts, testItem, testMessage } from '../test-helpers/messages.ts';
import { type Received, Receivers } from '../test-helpers/receivers.ts';
import type { SendContext } from './channel.ts';
import { httpProvider } from './http-provider.ts';
import { channelSettingsProblem } from './settings-problem.ts';

let receivers: Receivers;
let baseUrl: string;
let got: Received[];
let answer: unknown;
type HttpSettings = Extract<ChannelSettings, { kind: 'http' }>;

beforeEach(async () => {
  got = [];
  answer = { result: { code: 0 } };
  receivers = new Receivers({
    nowMs: () => 0,
    answer: (request) => {
      got.push(request);
      return { body: answer };
    },
  });
  baseUrl = await receivers.start();
});
afterEach(() => receivers.stop());

const settings = (parts: Partial<HttpSettings> = {}): HttpSettings => ({
  kind: 'http',
  method: 'POST',
  url: `${baseUrl}/sms?to={{to}}`,
  headers: [{ name: 'Authorization', value: 'Bearer {{secret}}' }],
  contentType: 'application/json',
  body: '{"id":"{{id}}","text":"{{text}}"}',
  success: { type: 'field', path: 'result.code', equals: '0' },
  maxTextBytes: 200,
  ...parts,
});
const context = (parts: Partial<HttpSettings> = {}): SendContext<'http'> => ({
  settings: settings(parts),
  secrets: { secret: 's3cret' },
  nowMs: 0,
  signal: new AbortController().signal,
});

describe('HTTP provider', () => {
  test('fills its templates, each value as its place needs it', async () => {
    const facts = testFacts({ name: { zh: '他说"停"\\', en: 'x' } });
    await httpProvider.send(testMessage([testItem(facts)], { address: '+86 &x=1' }), context());
    expect(got[0]?.path).toBe('/sms?to=%2B86%20%26x%3D1');
    expect(got[0]?.headers.authorization).toBe('Bearer s3cret');
    expect(got[0]?.body.text).toContain('他说"停"\\');
  });

  test('of several alarms tells as many as fit, none with half a link', async () => {
    const link = (at: number) =>
      `https://plantroom.example.com/ack/abcdefghijklmno${at}.ABCDEFGHIJKLMNOPQRSTUVWXYZ01234${at}`;
    const items = [1, 2, 3].map((at) => testItem(fireFacts({ alarm: `hq/z-${at}/fire#fire` }), { link: link(at) }));
    let text = '';
    for (const maxTextBytes of [70, 120, 200, 260, 330, 400, 800]) {
      await httpProvider.send(testMessage(items, { address: '13800000001' }), context({ maxTextBytes }));
      text = got.at(-1)?.body.text as string;
      expect(Buffer.byteLength(text)).toBeLessThanOrEqual(maxTextBytes);
      expect(text).toContain('3 条告警');
      const links = text.match(/https?:\S+/g) ?? [];
      expect(links).toEqual([1, 2, 3].slice(0, links.length).map(link));
    }
    expect(text.match(/https?:\S+/g)).toHaveLength(3);
  });

  test('keeps the link whole and the text within its bytes', async () => {
    const link = 'https://plantroom.example.com/ack/abcdefghijklmnop.ABCDEFGHIJKLMNOPQRSTUVWXYZ012345';
    await httpProvider.send(testMessage([testItem(fireFacts(), { link })], { address: '13800000001' }), context());
    const text = got[0]?.body.text as string;
    expect(Buffer.byteLength(text)).toBeLessThanOrEqual(200);
    expect(text.endsWith(` ${link}`)).toBe(true);
    expect(text).toContain('火灾报警');
  });

  test('an answer that does not say success is a failure, whatever its status', async () => {
    answer = { result: { code: 17 } };
    await expect(httpProvider.send(testMessage([], { address: '1' }), context())).rejects.toMatchObject({
      retryable: true,
    });
    answer = 'not even that';
    await expect(httpProvider.send(testMessage([], { address: '1' }), context())).rejects.toThrow(/did not take/);
    answer = { ok: 'OK 4711' };
    await expect(
      httpProvider.send(testMessage([], { address: '1' }), context({ success: { type: 'contains', text: 'OK' } })),
    ).resolves.toContain('4711');
  });

  test('settings that cannot work are refused with the field and what is allowed', () => {
    expect(channelSettingsProblem(settings())).toBeNull();
    expect(channelSettingsProblem(settings({ body: '{{phone}}' }))).toMatchObject({
      field: 'settings.body',
      message: expect.stringContaining('{{to}}'),
    });
    expect(channelSettingsProblem(settings({ url: 'http://sms.example.com/' }))).toMatchObject({
      field: 'settings.url',
      message: expect.stringContaining('https'),
    });
    expect(channelSettingsProblem(settings({ url: 'http://192.168.1.9/send' }))).toBeNull();
    expect(channelSettingsProblem(settings({ url: 'https://{{to}}.example.com/' }))).toMatchObject({
      message: expect.stringContaining('host'),
    });
    const robot = { kind: 'wecom', mentionAll: 'never' } as const;
    expect(channelSettingsProblem({ ...robot, baseUrl: 'http://192.168.1.9' })).toMatchObject({
      field: 'settings.baseUrl',
    });
    expect(channelSettingsProblem({ ...robot, baseUrl: 'http://127.0.0.1:9' })).toBeNull();
    expect(channelSettingsProblem({ ...robot, baseUrl: 'https://user:pass@x.com' })).toMatchObject({
      message: expect.stringContaining('secret'),
    });
    expect(channelSettingsProblem({ kind: 'webhook', url: 'ftp://x' })).toMatchObject({ field: 'settings.url' });
  });
});
