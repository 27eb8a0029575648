import { createServer, type IncomingMessage } from 'node:http';
import { gunzipSync } from 'node:zlib';
import { parseStoredLine, type StoredField } from './stored-line.ts';

export interface Store {
  /** Requests that it could not read; each is a fault of the gateway. */
  readonly refused: string[];
  close(): Promise<void>;
}

/** What the gateway believes to be InfluxDB: every line and every field of it that is stored, in order. */
export async function startStore(
  port: number,
  on: { line(line: string): void; field(field: StoredField): void },
): Promise<Store> {
  const refused: string[] = [];
  const server = createServer((request, response) => {
    bodyOf(request).then(
      (text) => {
        try {
          if (!(request.url ?? '').startsWith('/api/v2/write?')) throw new Error(`${request.method} ${request.url}`);
          for (const line of text.split('\n').filter((each) => each !== '')) {
            on.line(line);
            for (const field of parseStoredLine(line)) on.field(field);
          }
          response.writeHead(204).end();
        } catch (error) {
          refused.push(String(error));
          response.writeHead(400).end();
        }
      },
      (error: unknown) => {
        refused.push(String(error));
        response.writeHead(400).end();
      },
    );
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', resolve);
  });
  return {
    refused,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part as Buffer);
  const body = Buffer.concat(parts);
  return (request.headers['content-encoding'] === 'gzip' ? gunzipSync(body) : body).toString('utf8');
}
