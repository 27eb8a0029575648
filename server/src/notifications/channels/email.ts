import { createHash } from 'node:crypto';
import { errorMessage } from '@plantroom/contracts';
import { createTransport } from 'nodemailer';
import { type OutgoingMessage, onlyItem } from '../domain/message.ts';
import { plainLines, titleOf } from '../domain/message-texts.ts';
import { type ChannelAdapter, DeliveryError, type SendContext } from './channel.ts';
import { emailHtml } from './email-html.ts';

const connectTimeoutMs = 10_000;
const silenceTimeoutMs = 20_000;
const shownAlarms = 50;

export const email: ChannelAdapter<'email'> = {
  kind: 'email',
  byAddress: true,
  addressProblem: (address) =>
    /^[^\s@<>",;]{1,64}@[^\s@<>",;]{1,190}$/.test(address)
      ? null
      : `"${address}" is no e-mail address as name@example.com`,
  async send(message, context) {
    const { settings, signal } = context;
    const transport = createTransport(transportOf(context));
    let giveUp = (): void => undefined;
    const aborted = new Promise<never>((_, reject) => {
      giveUp = () => reject(new Error('it takes too long'));
      signal.addEventListener('abort', giveUp, { once: true });
      if (signal.aborted) giveUp();
    });
    try {
      const info = await Promise.race([transport.sendMail(mailOf(message, settings.from)), aborted]);
      return info.response;
    } catch (cause) {
      const { responseCode, code } = cause as { responseCode?: number; code?: string };
      // 5xx is for good (RFC 5321 §4.2.1); a refused sign-in is for a person to mend.
      const retryable = code !== 'EAUTH' && (responseCode === undefined || responseCode < 500);
      throw new DeliveryError(`${settings.host}:${settings.port} did not take the mail: ${errorMessage(cause)}`, {
        retryable,
        cause,
      });
    } finally {
      signal.removeEventListener('abort', giveUp);
      transport.close();
    }
  },
};

function transportOf({ settings, secrets }: SendContext<'email'>) {
  const { host, port, security, username } = settings;
  return {
    host,
    port,
    secure: security === 'tls',
    requireTLS: security === 'starttls',
    ignoreTLS: security === 'none',
    connectionTimeout: connectTimeoutMs,
    greetingTimeout: connectTimeoutMs,
    socketTimeout: silenceTimeoutMs,
    disableFileAccess: true,
    disableUrlAccess: true,
    ...(username === undefined ? {} : { auth: { user: username, pass: secrets.password ?? '' } }),
  };
}

function mailOf(message: OutgoingMessage, from: string) {
  const domain = /@([^\s@<>]+)>?$/.exec(from)?.[1] ?? 'plantroom.invalid';
  const only = onlyItem(message);
  // Each occurrence is a thread, and so is each flood: its mails refer to one id that no mail has.
  const about = message.flood?.id ?? only?.facts.occurrence ?? only?.facts.alarm;
  const thread = about === undefined ? null : `<${threadOf(about)}@${domain}>`;
  return {
    from,
    to: message.address,
    subject: titleOf(message),
    text: `${plainLines(message, shownAlarms).join('\n')}\n`,
    html: emailHtml(message, shownAlarms),
    messageId: `<${message.id}@${domain}>`,
    date: new Date(message.createdMs),
    list: { id: { url: `alarms.${domain}`, comment: 'Plantroom' } },
    ...(thread === null ? {} : { inReplyTo: thread, references: [thread] }),
    ...(message.rank < 2 ? { priority: 'high' as const } : {}),
    headers: { 'X-Plantroom-Id': message.id, 'Auto-Submitted': 'auto-generated' },
  };
}

const threadOf = (occurrence: string): string =>
  `occurrence.${createHash('sha256').update(occurrence).digest('hex').slice(0, 32)}`;
