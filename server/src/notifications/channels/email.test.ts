import type { AddressInfo } from 'node:net';
import { type ParsedMail, simpleParser } from 'mailparser';
import { SMTPServer, type SMTPServerOptions } from 'smtp-server';
import { afterEach, describe, expect, test } from 'vitest';
import { fireFacts, testFacts, testItem, testMessage } from '../test-helpers/messages.ts';
import type { SendContext } from './channel.ts';
import { email } from './email.ts';

let server: SMTPServer | null = null;
let mails: { parsed: ParsedMail; to: string[] }[] = [];

async function start(options: SMTPServerOptions = {}): Promise<number> {
  mails = [];
  const made = new SMTPServer({
    authOptional: true,
    hideSTARTTLS: true,
    logger: false,
    onData(stream, session, done) {
      simpleParser(stream).then(
        (parsed) => {
          mails.push({ parsed, to: session.envelope.rcptTo.map(({ address }) => address) });
          done(null);
        },
        (error: Error) => done(error),
      );
    },
    ...options,
  });
  made.on('error', () => undefined);
  server = made;
  await new Promise<void>((resolve) => made.listen(0, '127.0.0.1', resolve));
  return (made.server.address() as AddressInfo).port;
}
afterEach(async () => {
  const held = server;
  server = null;
  await new Promise<void>((resolve) => (held === null ? resolve() : held.close(() => resolve())));
});

const context = (
  port: number,
  parts: Partial<SendContext<'email'>['settings']> = {},
  secrets: Record<string, string> = {},
): SendContext<'email'> => ({
  settings: {
    kind: 'email',
    host: '127.0.0.1',
    port,
    security: 'none',
    from: 'Plantroom <alarms@example.com>',
    ...parts,
  },
  secrets,
  nowMs: 0,
  signal: new AbortController().signal,
});

describe('e-mail', () => {
  test('that was given up before it began does not wait for its server', async () => {
    const port = await start({ onConnect: () => undefined });
    const given = { ...context(port), signal: AbortSignal.abort() };
    await expect(
      email.send(testMessage([testItem(testFacts())], { address: 'an@example.com' }), given),
    ).rejects.toThrow('it takes too long');
  });

  test('has text and HTML, a list id, its own id and the thread of its occurrence', async () => {
    const port = await start();
    const link = 'https://plantroom.example.com/ack/abc.def';
    const fire = testItem(fireFacts(), { link });
    await email.send(testMessage([fire], { id: 'one', address: 'an@example.com' }), context(port));
    await email.send(testMessage([fire], { id: 'two', address: 'an@example.com' }), context(port));
    const [first, second] = mails;
    expect(first?.to).toEqual(['an@example.com']);
    expect(first?.parsed.subject).toBe('【生命安全·紧急】三层防火分区：火灾报警');
    expect(first?.parsed.text).toContain(link);
    expect(first?.parsed.html).toContain(`href="${link}"`);
    expect(first?.parsed.headers.get('content-type')).toMatchObject({ value: 'multipart/alternative' });
    expect(first?.parsed.headers.get('list')).toMatchObject({ id: { name: 'Plantroom', id: 'alarms.example.com' } });
    expect(first?.parsed.headers.get('x-plantroom-id')).toBe('one');
    expect(first?.parsed.headers.get('auto-submitted')).toBe('auto-generated');
    expect(first?.parsed.headers.get('priority')).toBe('high');
    expect([first?.parsed.messageId, second?.parsed.messageId]).toEqual(['<one@example.com>', '<two@example.com>']);
    expect(first?.parsed.inReplyTo).toMatch(/^<occurrence\.[0-9a-f]{32}@example\.com>$/);
    expect(second?.parsed.inReplyTo).toBe(first?.parsed.inReplyTo);
    expect(second?.parsed.references).toEqual(first?.parsed.inReplyTo);
  });

  test('names become no markup, and line ends in them no headers', async () => {
    const port = await start();
    const facts = testFacts({ name: { zh: '<img src=x>\r\nBcc: all@example.com', en: 'x' } });
    await email.send(testMessage([testItem(facts)], { address: 'an@example.com' }), context(port));
    expect(mails[0]?.to).toEqual(['an@example.com']);
    expect(mails[0]?.parsed.html).not.toContain('<img');
    expect(mails[0]?.parsed.bcc).toBeUndefined();
  });

  test('signs in, and a refused sign-in is not tried again', async () => {
    const port = await start({
      authOptional: false,
      allowInsecureAuth: true,
      onAuth: ({ username, password }, _session, done) =>
        username === 'plantroom' && password === 'right' ? done(null, { user: username }) : done(new Error('no')),
    });
    const message = testMessage([testItem(testFacts())], { address: 'an@example.com' });
    await email.send(message, context(port, { username: 'plantroom' }, { password: 'right' }));
    expect(mails).toHaveLength(1);
    await expect(
      email.send(message, context(port, { username: 'plantroom' }, { password: 'wrong' })),
    ).rejects.toMatchObject({ retryable: false });
  });

  test('a mailbox that is not there is for good, a busy server and one that is away are not', async () => {
    const message = testMessage([testItem(testFacts())], { address: 'an@example.com' });
    let code = 550;
    const port = await start({
      onRcptTo: (_address, _session, done) => done(Object.assign(new Error('no'), { responseCode: code })),
    });
    await expect(email.send(message, context(port))).rejects.toMatchObject({ retryable: false });
    code = 451;
    await expect(email.send(message, context(port))).rejects.toMatchObject({ retryable: true });
    await new Promise<void>((resolve) => server?.close(() => resolve()));
    server = null;
    await expect(email.send(message, context(port))).rejects.toMatchObject({ retryable: true });
  });

  test('never sends a password in the clear where TLS is demanded', async () => {
    const port = await start({ allowInsecureAuth: true, onAuth: (_auth, _session, done) => done(null, { user: 'x' }) });
    const message = testMessage([], { address: 'an@example.com' });
    await expect(
      email.send(message, context(port, { security: 'starttls', username: 'x' }, { password: 'p' })),
    ).rejects.toThrow(/did not take/);
    expect(mails).toHaveLength(0);
  });
});
