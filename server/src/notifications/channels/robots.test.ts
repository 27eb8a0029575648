import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { fireFacts, testFacts, testItem, testMessage } from '../test-helpers/messages.ts';
import { credentials, Receivers } from '../test-helpers/receivers.ts';
import { cutToBytes } from './bytes.ts';
import { DeliveryError, type SendContext } from './channel.ts';
import { dingtalk, dingtalkSign } from './dingtalk.ts';
import { feishu, feishuSign } from './feishu.ts';
import { webhook } from './webhook.ts';
import { wecom } from './wecom.ts';

const nowMs = Date.UTC(2026, 10, 23, 6, 5);
let receivers: Receivers;
let baseUrl: string;
const { signal } = new AbortController();
const robot = { mentionAll: 'life-safety' as const };
const contexts = () => ({
  wecom: {
    settings: { kind: 'wecom', baseUrl, ...robot },
    secrets: credentials.wecom,
    nowMs,
    signal,
  } satisfies SendContext<'wecom'>,
  dingtalk: {
    settings: { kind: 'dingtalk', baseUrl, ...robot },
    secrets: credentials.dingtalk,
    nowMs,
    signal,
  } satisfies SendContext<'dingtalk'>,
  feishu: {
    settings: { kind: 'feishu', baseUrl, ...robot },
    secrets: credentials.feishu,
    nowMs,
    signal,
  } satisfies SendContext<'feishu'>,
  webhook: {
    settings: { kind: 'webhook', url: `${baseUrl}/hook` },
    secrets: credentials.webhook,
    nowMs,
    signal,
  } satisfies SendContext<'webhook'>,
});
/** Longer than any limit, of characters with three and four bytes and joined ones. */
const endless = { zh: '泵房漏水👩‍🔧'.repeat(6000), en: 'x' };

beforeEach(async () => {
  receivers = new Receivers({ nowMs: () => nowMs });
  baseUrl = await receivers.start();
});
afterEach(() => receivers.stop());

describe('signatures with numbers reckoned by hand (openssl)', () => {
  test('DingTalk: secret as key, time in ms and secret as text', () => {
    // printf '1764000000000\nSEC0' | openssl dgst -sha256 -hmac SEC0 -binary | base64
    expect(dingtalkSign('SEC0', 1_764_000_000_000)).toBe('7ThnobSfnUMWQqvri7GK0oOqjU9Qd8yRjMthaFxcFHY=');
  });
  test('Feishu: time in s and secret as key, nothing as text', () => {
    // printf '' | openssl dgst -sha256 -mac HMAC -macopt hexkey:$(printf '1764000000\nSEC0' | xxd -p) -binary | base64
    expect(feishuSign('SEC0', 1_764_000_000)).toBe('rEPG//HPymIZn2tnnYKor0OTHztyk6isj9HFg8zK/jU=');
  });
});

describe('robots', () => {
  test('each takes a message as its documentation asks for it', async () => {
    const message = testMessage([testItem(testFacts())], { mentions: ['13800000000'] });
    const { wecom: w, dingtalk: d, feishu: f } = contexts();
    await wecom.send(message, w);
    await dingtalk.send(message, d);
    await feishu.send({ ...message, mentions: ['ou_1'] }, f);
    expect(receivers.refused).toEqual([]);
    expect(receivers.of('/cgi-bin/')[0]!.body).toEqual({
      msgtype: 'text',
      text: {
        content:
          '【重要】1号加压泵：出口压力过低\n地点：塔楼B 地下二层 泵房\n时间：2026-11-23 14:05\n数值：0.12 MPa\n处置：检查进水阀门',
        mentioned_mobile_list: ['13800000000'],
      },
    });
    expect(receivers.of('/robot/')[0]!.body).toMatchObject({ at: { atMobiles: ['13800000000'], isAtAll: false } });
    expect(JSON.stringify(receivers.of('/open-apis/')[0]!.body)).toContain('<at user_id=\\"ou_1\\"></at>');
  });

  test('a fire names everybody in the group', async () => {
    const message = testMessage([testItem(fireFacts())]);
    const { wecom: w, dingtalk: d, feishu: f } = contexts();
    await Promise.all([wecom.send(message, w), dingtalk.send(message, d), feishu.send(message, f)]);
    expect(receivers.of('/cgi-bin/')[0]!.body).toMatchObject({ text: { mentioned_list: ['@all'] } });
    expect(receivers.of('/robot/')[0]!.body).toMatchObject({ at: { isAtAll: true } });
    expect(JSON.stringify(receivers.of('/open-apis/')[0]!.body)).toContain('user_id=\\"all\\"');
  });

  test('a text that is too long is cut to the bytes allowed, between characters, and keeps its mentions', async () => {
    const message = testMessage([testItem(testFacts({ response: endless }))], { mentions: ['13800000000'] });
    const { wecom: w, dingtalk: d, feishu: f } = contexts();
    await wecom.send(message, w);
    await dingtalk.send(message, d);
    await feishu.send({ ...message, mentions: ['ou_1'] }, f);
    expect(receivers.refused).toEqual([]);
    const { content } = receivers.of('/cgi-bin/')[0]!.body.text as { content: string };
    expect(Buffer.byteLength(content)).toBeGreaterThan(2048 - 12 - 3);
    expect(content.endsWith('…')).toBe(true);
    expect(receivers.of('/open-apis/')[0]!.bytes.length).toBeGreaterThan(20_000);
  });

  test('twelve alarms are one message with the three most serious', async () => {
    const items = Array.from({ length: 12 }, (_, at) =>
      testItem(
        testFacts({ alarm: `hq/pump-${at}/x#H`, name: { zh: `告警${at}`, en: `Alarm ${at}` }, atMs: nowMs - at }),
      ),
    );
    const { wecom: w } = contexts();
    await wecom.send(testMessage(items, { language: 'en' }), w);
    const { content } = receivers.taken[0]!.body.text as { content: string };
    expect(content.split('\n')).toEqual([
      '[High] 12 alarms in Tower B',
      '12 high',
      '1. [High] Booster pump 1: Alarm 0 2026-11-23 14:05',
      '2. [High] Booster pump 1: Alarm 1 2026-11-23 14:04',
      '3. [High] Booster pump 1: Alarm 2 2026-11-23 14:04',
      '9 more: see Plantroom.',
    ]);
  });

  test('HTTP 200 with a code other than 0 is a failure; only "too many" is worth another try', async () => {
    const { wecom: w, feishu: f, dingtalk: d } = contexts();
    const message = testMessage([testItem(testFacts())]);
    const failure = (body: unknown) => {
      receivers.answer = () => ({ body });
    };
    failure({ errcode: 93000, errmsg: 'invalid webhook url' });
    await expect(wecom.send(message, w)).rejects.toMatchObject({ retryable: false });
    failure({ errcode: 45009, errmsg: 'api freq out of limit' });
    await expect(wecom.send(message, w)).rejects.toMatchObject({ retryable: true });
    failure({ errcode: 310000, errmsg: 'sign not match' });
    await expect(dingtalk.send(message, d)).rejects.toMatchObject({ retryable: false });
    failure({ code: 11232, msg: 'frequency limited' });
    await expect(feishu.send(message, f)).rejects.toMatchObject({ retryable: true });
    failure({ code: 19024, msg: 'Key Words Not Found' });
    await expect(feishu.send(message, f)).rejects.toMatchObject({ retryable: false });
    failure({ StatusCode: 0, StatusMessage: 'success' });
    await expect(feishu.send(message, f)).resolves.toContain('success');
  });

  test('names and comments become no markup and mention nobody', async () => {
    const wicked = testFacts({ name: { zh: '<at user_id="all"></at>[点我](http://x)', en: 'x' } });
    const { feishu: f, dingtalk: d } = contexts();
    await feishu.send(testMessage([testItem(wicked)]), f);
    await dingtalk.send(testMessage([testItem(wicked)]), d);
    expect((receivers.of('/open-apis/')[0]!.body.content as { text: string }).text).not.toContain('<at');
    expect((receivers.of('/robot/')[0]!.body.markdown as { text: string }).text).toContain('\\[点我\\]');
  });

  test('a keyword that the robot demands is added where it is missing', async () => {
    const { feishu: f, dingtalk: d } = contexts();
    await feishu.send(testMessage([testItem(testFacts())]), { ...f, settings: { ...f.settings, keyword: '机房' } });
    await dingtalk.send(testMessage([testItem(testFacts())]), {
      ...d,
      settings: { ...d.settings, keyword: '出口压力' },
    });
    expect((receivers.of('/open-apis/')[0]!.body.content as { text: string }).text).toMatch(/\n机房$/);
    expect((receivers.of('/robot/')[0]!.body.markdown as { text: string }).text).not.toMatch(/出口压力$/);
  });

  test('a receiver that is away may be asked again, and the error tells no secret', async () => {
    await receivers.stop();
    const { wecom: w } = contexts();
    const failure = await wecom.send(testMessage([]), w).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(DeliveryError);
    expect((failure as DeliveryError).retryable).toBe(true);
    expect((failure as DeliveryError).message).not.toContain(credentials.wecom.key);
    await receivers.start();
  });
});

describe('webhook', () => {
  test('is signed over its bytes and tells the alarm in both languages', async () => {
    await webhook.send(testMessage([testItem(fireFacts())]), contexts().webhook);
    expect(receivers.refused).toEqual([]);
    expect(receivers.taken[0]!.body).toMatchObject({
      id: 'id-1',
      kind: 'alarm',
      count: 1,
      alarms: [
        {
          event: 'announced',
          alarm: 'hq/zone-3/alarm#fire',
          lifeSafety: true,
          priorityNumber: 1,
          name: { zh: '火灾报警', en: 'Fire alarm' },
        },
      ],
    });
  });

  test('4xx is for good, 5xx, 408 and 429 are not; a redirect is not followed', async () => {
    for (const [status, retryable] of [
      [400, false],
      [404, false],
      [408, true],
      [429, true],
      [500, true],
      [302, false],
    ] as const) {
      receivers.answer = () => ({ status, body: {} });
      await expect(webhook.send(testMessage([]), contexts().webhook)).rejects.toMatchObject({ retryable });
    }
  });
});

test('cutting keeps whole characters as people see them', () => {
  expect(cutToBytes('abc', 3)).toBe('abc');
  expect(cutToBytes('abcd', 3)).toBe('…');
  expect(cutToBytes('水泵水泵', 11)).toBe('水泵…');
  expect(cutToBytes('a👩‍🔧b', 8)).toBe('a…');
});
