import type { ProviderSuccess, providerContentTypes } from '@plantroom/contracts';
import { type OutgoingMessage, onlyItem } from '../domain/message.ts';
import { itemLines, itemTitle, plainLines, textLines, titleOf } from '../domain/message-texts.ts';
import { fill, oneLine } from '../domain/placeholders.ts';
import { byteLength, cutToBytes } from './bytes.ts';
import { type ChannelAdapter, DeliveryError } from './channel.ts';
import { type HttpAnswer, request } from './http-request.ts';

/** What URL, headers and body of a provider may hold. */
export const providerPlaceholders = ['to', 'text', 'title', 'link', 'id', 'secret', 'timestamp'] as const;

/** A provider of text messages or calls, by templates. */
export const httpProvider: ChannelAdapter<'http'> = {
  kind: 'http',
  byAddress: true,
  addressProblem: (address) =>
    /^[^\s]{1,64}$/.test(address) ? null : `"${address}" is no number: 1 to 64 characters without spaces`,
  async send(message, { settings, secrets, nowMs, signal }) {
    const link = message.items.find((item) => item.link !== null)?.link ?? '';
    const values: Record<(typeof providerPlaceholders)[number], string> = {
      to: message.address,
      text: shortText(message, settings.maxTextBytes),
      title: titleOf(message),
      link,
      id: message.id,
      secret: secrets.secret ?? '',
      timestamp: String(nowMs),
    };
    const url = fill(settings.url, values, encodeURIComponent);
    const headers: Record<string, string> =
      settings.method === 'GET' ? {} : { 'content-type': `${settings.contentType}; charset=utf-8` };
    for (const { name, value } of settings.headers)
      headers[name.toLowerCase()] = fill(value, values, (text) => text.replace(/[^\x20-\x7e]/g, ''));
    const body = settings.method === 'GET' ? {} : { body: fill(settings.body, values, escapes[settings.contentType]) };
    const answer = await request(url, { method: settings.method, headers, ...body, signal });
    if (!isSuccess(answer, settings.success)) {
      throw new DeliveryError(`the provider did not take it: HTTP ${answer.status} ${answer.text.slice(0, 200)}`, {
        retryable: true,
      });
    }
    return `HTTP ${answer.status} ${answer.text.slice(0, 200)}`.trim();
  },
};

const escapes: Record<(typeof providerContentTypes)[number], (text: string) => string> = {
  'application/json': (text) => JSON.stringify(text).slice(1, -1),
  'application/x-www-form-urlencoded': encodeURIComponent,
  'text/plain': (text) => text,
};

/** What fits into a text message: the link is never cut, it is how the person answers. */
function shortText(message: OutgoingMessage, maxBytes: number): string {
  const { language, template } = message;
  const only = onlyItem(message);
  const link = only?.link ?? null;
  const own = template?.text ?? null;
  const text =
    only === null
      ? fittingLines(plainLines(message), maxBytes)
      : own !== null
        ? oneLine(textLines(own, { ...only, link: null }, language).join(' '))
        : [itemTitle(only, language), ...itemLines({ ...only, link: null }, language).map((line) => line.text)].join(
            ' ',
          );
  if (link === null) return cutToBytes(text, maxBytes);
  return `${cutToBytes(text, Math.max(0, maxBytes - byteLength(link) - 1))} ${link}`.trim();
}

/** Of several alarms as many as fit with their links whole: half a link opens nothing. */
function fittingLines(lines: readonly string[], maxBytes: number): string {
  let text = '';
  for (const line of lines) {
    const longer = text === '' ? line : `${text} ${line}`;
    if (byteLength(longer) > maxBytes) return /https?:\/\//.test(line) ? text : cutToBytes(longer, maxBytes);
    text = longer;
  }
  return text;
}

function isSuccess({ text }: HttpAnswer, success: ProviderSuccess): boolean {
  if (success.type === 'status') return true;
  if (success.type === 'contains') return text.includes(success.text);
  try {
    let value: unknown = JSON.parse(text);
    for (const part of success.path.split('.')) value = (value as Record<string, unknown> | null | undefined)?.[part];
    return value !== undefined && value !== null && typeof value !== 'object' && String(value) === success.equals;
  } catch {
    return false;
  }
}
