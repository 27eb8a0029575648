import { createHmac } from 'node:crypto';
import { priorityNumber } from '@plantroom/contracts';
import type { MessageItem } from '../domain/message.ts';
import { titleOf } from '../domain/message-texts.ts';
import { type ChannelAdapter, secretOf } from './channel.ts';
import { request } from './http-request.ts';

/** JSON, signed: `X-Signature: sha256=<hex of HMAC-SHA256 over the body>`. `id` is the same over all attempts: a receiver drops what it has. */
export const webhook: ChannelAdapter<'webhook'> = {
  kind: 'webhook',
  byAddress: false,
  addressProblem: (address) => (address === '' ? null : 'a webhook takes no address of a person'),
  async send(message, context) {
    const { settings, nowMs, signal } = context;
    const { id, kind, language, createdMs, items, flood } = message;
    const body = JSON.stringify({
      id,
      timestamp: nowMs,
      kind,
      createdMs,
      title: titleOf(message),
      language,
      count: items.length,
      ...(flood === null ? {} : { flood }),
      alarms: items.map(alarmOf),
    });
    const signature = createHmac('sha256', secretOf(context, 'signingKey')).update(body).digest('hex');
    const headers = {
      'content-type': 'application/json; charset=utf-8',
      'x-signature': `sha256=${signature}`,
      'x-plantroom-id': id,
      'x-plantroom-timestamp': String(nowMs),
    };
    const { status, text } = await request(settings.url, { method: 'POST', headers, body, signal });
    return `HTTP ${status} ${text.slice(0, 200)}`.trim();
  },
};

function alarmOf({ kind, facts }: MessageItem) {
  return {
    event: kind === 'alarm' ? 'announced' : 'returned',
    alarm: facts.alarm,
    occurrence: facts.occurrence,
    site: facts.site,
    equipment: facts.equipment,
    class: facts.class,
    system: facts.system,
    name: facts.name,
    equipmentName: facts.equipmentName,
    place: facts.place,
    response: facts.response,
    priority: facts.priority,
    priorityNumber: priorityNumber[facts.priority],
    lifeSafety: facts.lifeSafety,
    atMs: facts.atMs,
    value: facts.value,
  };
}
