import { createHmac } from 'node:crypto';
import { isLifeSafety, plainLines } from '../domain/message-texts.ts';
import { byteLength, cutToBytes } from './bytes.ts';
import { type ChannelAdapter, secretOf } from './channel.ts';
import { postToRobot } from './http-request.ts';
import { mentionsAll } from './mentions.ts';

/** The whole request, bytes. */
const maxBodyBytes = 20 * 1024;
/** Too many at once (9499 "too many request", 11232 "frequency limited", as at each full and half hour). */
const busy = [9499, 11232];

export const feishu: ChannelAdapter<'feishu'> = {
  kind: 'feishu',
  byAddress: false,
  addressProblem: (address) =>
    address === '' || /^ou_[A-Za-z0-9]{1,64}$/.test(address)
      ? null
      : `"${address}" is no open_id of Feishu, as "ou_18eac8…"`,
  async send(message, context) {
    const { settings, secrets, nowMs, signal } = context;
    const base = settings.baseUrl ?? 'https://open.feishu.cn';
    const url = `${base.replace(/\/$/, '')}/open-apis/bot/v2/hook/${encodeURIComponent(secretOf(context, 'token'))}`;
    const all = mentionsAll(settings.mentionAll, { lifeSafety: isLifeSafety(message), rank: message.rank });
    const names = [...(all ? ['all'] : []), ...message.mentions].map((id) => `<at user_id="${id}"></at>`);
    const text = plainLines(message).join('\n').replaceAll('<', '\uff1c');
    const keyword = settings.keyword !== undefined && !text.includes(settings.keyword) ? [settings.keyword] : [];
    const tail = [...keyword, ...names].join(' ');
    const timestamp = Math.floor(nowMs / 1000);
    const signed =
      secrets.signingSecret === undefined
        ? {}
        : { timestamp: String(timestamp), sign: feishuSign(secrets.signingSecret, timestamp) };
    const bodyOf = (content: string) => JSON.stringify({ ...signed, msg_type: 'text', content: { text: content } });
    const body = bodyOf(fitted(text, tail, (content) => byteLength(bodyOf(content))));
    return await postToRobot(url, body, { signal, codes: ['code', 'StatusCode'], busy });
  },
};

/** Base64 of HMAC-SHA256 over nothing, with the time in seconds, a line feed and the secret as the key; it goes into the body. */
export function feishuSign(secret: string, timestampS: number): string {
  return createHmac('sha256', `${timestampS}\n${secret}`).digest('base64');
}

/** JSON escapes make a text longer than its bytes, so it is cut until the body fits. */
function fitted(text: string, tail: string, bytes: (content: string) => number): string {
  const whole = (part: string): string => (tail === '' ? part : `${part}\n${tail}`);
  let part = text;
  for (let over = bytes(whole(part)) - maxBodyBytes; over > 0; over = bytes(whole(part)) - maxBodyBytes) {
    part = cutToBytes(part, byteLength(part) - over);
  }
  return whole(part);
}
