import { webcrypto } from 'node:crypto';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';

/** Written from the vendors' pages and from RFC 2104, with another implementation of HMAC than the product's. */
async function hmac(key: string, text: string): Promise<Buffer> {
  const encoder = new TextEncoder();
  const algorithm = { name: 'HMAC', hash: 'SHA-256' };
  const imported = await webcrypto.subtle.importKey('raw', encoder.encode(key), algorithm, false, ['sign']);
  return Buffer.from(await webcrypto.subtle.sign('HMAC', imported, encoder.encode(text)));
}

export interface Received {
  path: string;
  headers: IncomingMessage['headers'];
  body: Record<string, unknown>;
  bytes: Buffer;
  atMs: number;
}

export interface Answer {
  status?: number;
  body: unknown;
}

export interface ReceiverOptions {
  nowMs: () => number;
  /** In place of the verdict; null: judge. */
  answer?: (request: Received) => Answer | Promise<Answer> | null;
}

const hourMs = 3_600_000;
export const credentials = {
  wecom: { key: '693a91f6-7xxx-4bc4-97a0-0ec2sifa5aaa' },
  dingtalk: { accessToken: 'dt-token', signingSecret: 'SEC-dingtalk' },
  feishu: { token: 'fs-token', signingSecret: 'fs-secret' },
  webhook: { signingKey: 'hook-key' },
};

/** Robots and a webhook on a port of the loopback interface. Like the vendors, they answer HTTP 200 to what they refuse. */
export class Receivers {
  readonly taken: Received[] = [];
  readonly refused: { request: Received; why: string }[] = [];
  readonly #options: ReceiverOptions;
  readonly #server = createServer((request, response) => {
    void this.#take(request).then(({ status = 200, body }) => {
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
    });
  });
  answer: ReceiverOptions['answer'] | undefined;

  constructor(options: ReceiverOptions) {
    this.#options = options;
    this.answer = options.answer;
  }

  async start(): Promise<string> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  async stop(): Promise<void> {
    this.disconnect();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  /** A connection that somebody else listened for. */
  accept(socket: Duplex): void {
    this.#server.emit('connection', socket);
  }

  disconnect(): void {
    this.#server.closeAllConnections();
  }

  of(prefix: string): Received[] {
    return this.taken.filter(({ path }) => path.startsWith(prefix));
  }

  async #take(request: IncomingMessage): Promise<Answer> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const bytes = Buffer.concat(chunks);
    let body: Record<string, unknown> = {};
    try {
      body = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes)) as Record<string, unknown>;
    } catch {
      return { status: 400, body: { errcode: 40035, errmsg: 'not JSON in UTF-8' } };
    }
    const received: Received = {
      path: request.url ?? '',
      headers: request.headers,
      body,
      bytes,
      atMs: this.#options.nowMs(),
    };
    const forced = await this.answer?.(received);
    if (forced !== undefined && forced !== null) return forced;
    const { path } = received;
    const why = path.startsWith('/cgi-bin/')
      ? this.#wecom(received)
      : path.startsWith('/robot/')
        ? await this.#dingtalk(received)
        : path.startsWith('/open-apis/')
          ? await this.#feishu(received)
          : await this.#webhook(received);
    if (why !== null) {
      this.refused.push({ request: received, why });
      return path.startsWith('/open-apis/')
        ? { body: { code: 19021, msg: why } }
        : { body: { errcode: 300001, errmsg: why } };
    }
    this.taken.push(received);
    return path.startsWith('/open-apis/')
      ? { body: { code: 0, msg: 'success', data: {} } }
      : { body: { errcode: 0, errmsg: 'ok' } };
  }

  #tooMany(received: Received, prefix: string, limit: number, perMs: number): boolean {
    return this.of(prefix).filter(({ atMs }) => atMs > received.atMs - perMs).length >= limit;
  }

  #wecom(received: Received): string | null {
    const url = new URL(received.path, 'http://x');
    if (url.pathname !== '/cgi-bin/webhook/send' || url.searchParams.get('key') !== credentials.wecom.key)
      return 'invalid webhook url';
    const { msgtype, text } = received.body as {
      msgtype?: string;
      text?: { content?: unknown; mentioned_list?: unknown; mentioned_mobile_list?: unknown };
    };
    if (msgtype !== 'text' || typeof text?.content !== 'string' || text.content === '') return 'text.content missing';
    if (Buffer.byteLength(text.content) > 2048) return 'content exceeds 2048 bytes';
    if (text.content.includes('\ufffd')) return 'cut within a character';
    for (const list of [text.mentioned_list, text.mentioned_mobile_list])
      if (list !== undefined && !(Array.isArray(list) && list.every((each) => typeof each === 'string')))
        return 'mentions are lists of text';
    return this.#tooMany(received, '/cgi-bin/', 20, 60_000) ? 'api freq out of limit' : null;
  }

  async #dingtalk(received: Received): Promise<string | null> {
    const url = new URL(received.path, 'http://x');
    if (url.pathname !== '/robot/send' || url.searchParams.get('access_token') !== credentials.dingtalk.accessToken)
      return 'token is not exist';
    const timestamp = url.searchParams.get('timestamp') ?? '';
    if (!/^\d{13}$/.test(timestamp) || Math.abs(Number(timestamp) - received.atMs) > hourMs)
      return 'timestamp not within an hour, ms';
    const { signingSecret } = credentials.dingtalk;
    const sign = (await hmac(signingSecret, `${timestamp}\n${signingSecret}`)).toString('base64');
    if (url.searchParams.get('sign') !== sign) return 'sign not match';
    const { msgtype, markdown, at } = received.body as {
      msgtype?: string;
      markdown?: { title?: unknown; text?: unknown };
      at?: { atMobiles?: string[]; isAtAll?: unknown };
    };
    if (msgtype !== 'markdown' || typeof markdown?.title !== 'string' || typeof markdown.text !== 'string')
      return 'markdown.title and text';
    if (markdown.title === '' || markdown.text === '') return 'empty';
    if (received.bytes.length > 20_000) return 'body too long';
    const { text } = markdown as { text: string };
    if (typeof at?.isAtAll !== 'boolean' || !at.atMobiles?.every((mobile) => text.includes(`@${mobile}`)))
      return 'mobile not in text';
    return this.#tooMany(received, '/robot/', 20, 60_000) ? 'send too fast' : null;
  }

  async #feishu(received: Received): Promise<string | null> {
    if (received.path !== `/open-apis/bot/v2/hook/${credentials.feishu.token}`)
      return 'param invalid: incoming webhook access token invalid';
    const { timestamp, sign, msg_type, content } = received.body as {
      timestamp?: unknown;
      sign?: unknown;
      msg_type?: unknown;
      content?: { text?: unknown };
    };
    if (typeof timestamp !== 'string' || !/^\d{10}$/.test(timestamp)) return 'timestamp: seconds as text';
    if (Math.abs(Number(timestamp) * 1000 - received.atMs) > hourMs) return 'timestamp not within one hour';
    if (sign !== (await hmac(`${timestamp}\n${credentials.feishu.signingSecret}`, '')).toString('base64'))
      return 'sign match fail';
    if (msg_type !== 'text' || typeof content?.text !== 'string' || content.text === '') return 'content.text';
    if (received.bytes.length > 20 * 1024) return 'request body larger than 20 KB';
    if (this.#tooMany(received, '/open-apis/', 100, 60_000) || this.#tooMany(received, '/open-apis/', 5, 1000))
      return 'frequency limited';
    return null;
  }

  async #webhook({ headers, bytes, body }: Received): Promise<string | null> {
    const right = (await hmac(credentials.webhook.signingKey, bytes.toString('utf8'))).toString('hex');
    if (headers['x-signature'] !== `sha256=${right}`) return 'signature';
    if (headers['x-plantroom-id'] !== body.id || headers['x-plantroom-timestamp'] !== String(body.timestamp))
      return 'id or timestamp';
    return null;
  }
}
