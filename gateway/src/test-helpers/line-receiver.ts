import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gunzipSync } from 'node:zlib';

export type LineAnswer =
  | { status: number; headers?: Record<string, string>; body?: string | object }
  | 'reset'
  | 'silence';

export interface LineRequest {
  method: string;
  url: string;
  headers: IncomingMessage['headers'];
  bytes: number;
  lines: string[];
}

/** A receiver of line protocol over real HTTP that answers what it is told to and remembers what it was sent. */
export class LineReceiver {
  readonly requests: LineRequest[] = [];
  readonly #answered = new WeakMap<LineRequest, number>();
  readonly #server: Server;
  answer: (request: LineRequest) => LineAnswer = () => ({ status: 204 });

  constructor() {
    this.#server = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        const raw = Buffer.concat(chunks);
        const body = request.headers['content-encoding'] === 'gzip' ? gunzipSync(raw) : raw;
        const seen: LineRequest = {
          method: request.method ?? '',
          url: request.url ?? '',
          headers: request.headers,
          bytes: raw.length,
          lines: body.toString().split('\n'),
        };
        this.requests.push(seen);
        const reply = this.answer(seen);
        if (reply === 'silence') return;
        if (reply === 'reset') {
          request.socket.resetAndDestroy();
          return;
        }
        this.#answered.set(seen, reply.status);
        const { body: said = '' } = reply;
        const headers = typeof said === 'string' ? {} : { 'content-type': 'application/json' };
        response
          .writeHead(reply.status, { ...headers, ...reply.headers })
          .end(typeof said === 'string' ? said : JSON.stringify(said));
      });
    });
  }

  async listen(): Promise<void> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** What was answered with 204, in the order in which it came. */
  storedLines(): string[] {
    return this.requests.filter((request) => this.#answered.get(request) === 204).flatMap(({ lines }) => lines);
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}
