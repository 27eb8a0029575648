import { isLifeSafety, plainLines } from '../domain/message-texts.ts';
import { mobileProblem } from './address-rules.ts';
import { cutToBytes } from './bytes.ts';
import { type ChannelAdapter, secretOf } from './channel.ts';
import { postToRobot } from './http-request.ts';
import { mentionsAll } from './mentions.ts';

/** Text of a group robot (企业微信群机器人, "文本类型"): bytes of UTF-8. Markdown could be longer but names nobody. */
const maxTextBytes = 2048;
/** "api freq out of limit" */
const busy = [45009, 45033, -1];

export const wecom: ChannelAdapter<'wecom'> = {
  kind: 'wecom',
  byAddress: false,
  addressProblem: (address) => (address === '' ? null : mobileProblem(address)),
  async send(message, context) {
    const { settings, signal } = context;
    const base = settings.baseUrl ?? 'https://qyapi.weixin.qq.com';
    const url = `${base.replace(/\/$/, '')}/cgi-bin/webhook/send?key=${encodeURIComponent(secretOf(context, 'key'))}`;
    const all = mentionsAll(settings.mentionAll, { lifeSafety: isLifeSafety(message), rank: message.rank });
    const body = JSON.stringify({
      msgtype: 'text',
      text: {
        content: cutToBytes(plainLines(message).join('\n'), maxTextBytes),
        ...(all ? { mentioned_list: ['@all'] } : {}),
        ...(message.mentions.length > 0 ? { mentioned_mobile_list: message.mentions } : {}),
      },
    });
    return await postToRobot(url, body, { signal, codes: ['errcode'], busy });
  },
};
