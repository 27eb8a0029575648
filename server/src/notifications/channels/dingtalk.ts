import { createHmac } from 'node:crypto';
import { isLifeSafety, plainLines, titleOf } from '../domain/message-texts.ts';
import { mobileProblem } from './address-rules.ts';
import { cutToBytes } from './bytes.ts';
import { type ChannelAdapter, secretOf } from './channel.ts';
import { postToRobot } from './http-request.ts';
import { mentionsAll } from './mentions.ts';

/** The vendor tells none for markdown; it refuses bodies of more than 20 kB. */
const maxTextBytes = 15_000;
const maxTitleBytes = 200;
/** Too many in a minute (130101, 410100), the system is busy (-1). */
const busy = [130101, 410100, -1];

export const dingtalk: ChannelAdapter<'dingtalk'> = {
  kind: 'dingtalk',
  byAddress: false,
  addressProblem: (address) => (address === '' ? null : mobileProblem(address)),
  async send(message, context) {
    const { settings, secrets, nowMs, signal } = context;
    const base = settings.baseUrl ?? 'https://oapi.dingtalk.com';
    const query = new URLSearchParams({ access_token: secretOf(context, 'accessToken') });
    if (secrets.signingSecret !== undefined) {
      query.set('timestamp', String(nowMs));
      query.set('sign', dingtalkSign(secrets.signingSecret, nowMs));
    }
    const isAtAll = mentionsAll(settings.mentionAll, { lifeSafety: isLifeSafety(message), rank: message.rank });
    const title = cutToBytes(titleOf(message), maxTitleBytes);
    const body = JSON.stringify({
      msgtype: 'markdown',
      markdown: { title, text: textOf(plainLines(message), { mentions: message.mentions, keyword: settings.keyword }) },
      at: { atMobiles: message.mentions, isAtAll },
    });
    const url = `${base.replace(/\/$/, '')}/robot/send?${query}`;
    return await postToRobot(url, body, { signal, codes: ['errcode'], busy });
  },
};

/** Base64 of HMAC-SHA256, the secret as the key, over the time in milliseconds, a line feed and the secret; it goes into the query. */
export function dingtalkSign(secret: string, timestampMs: number): string {
  return createHmac('sha256', secret).update(`${timestampMs}\n${secret}`).digest('base64');
}

function textOf(
  [title = '', ...lines]: string[],
  { mentions, keyword }: { mentions: readonly string[]; keyword: string | undefined },
): string {
  // A name that the text does not hold is not shown as mentioned.
  const at = mentions.map((mobile) => `@${mobile}`).join(' ');
  const text = [`### ${escaped(title)}`, ...lines.map(escaped)].join('\n\n');
  const tail = [at, keyword !== undefined && !text.includes(keyword) ? keyword : '']
    .filter((part) => part !== '')
    .join(' ');
  if (tail === '') return cutToBytes(text, maxTextBytes);
  return `${cutToBytes(text, maxTextBytes - Buffer.byteLength(tail) - 2)}\n\n${tail}`;
}

/** What comes from names and comments is text, not markup. */
function escaped(line: string): string {
  return line.replace(/([\\`*_[\]#<>~|])/g, '\\$1');
}
