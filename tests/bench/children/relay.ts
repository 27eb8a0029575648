import { createServer, request as forward, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gunzipSync } from 'node:zlib';
import { answerParent } from './answer.ts';
import { countFields } from './count-lines.ts';

/** A receiver that hands on to an InfluxDB, where there is one, and notes how old each line is when it has been stored. */
let target: string | undefined;
/** Lines that were read at the wire before this are backlog; UTC ms. */
let liveFromMs = Number.POSITIVE_INFINITY;
let backlogFields = 0;
let liveFields = 0;
/** Age of each live line when it was stored, ms. */
let ages: number[] = [];
let lastBacklogMs = 0;

function bodyOf(request: IncomingMessage): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const parts: Buffer[] = [];
    request.on('data', (part: Buffer) => parts.push(part));
    request.on('end', () => resolve(Buffer.concat(parts)));
    request.on('error', reject);
  });
}

/** Answers the status. */
function handOn(request: IncomingMessage, body: Buffer): Promise<number> {
  if (target === undefined) return Promise.resolve(204);
  return new Promise((resolve, reject) => {
    const onward = forward(
      `${target}${request.url ?? ''}`,
      { method: 'POST', headers: { 'content-length': body.length } },
      (response) => {
        response.resume();
        response.on('end', () => resolve(response.statusCode ?? 0));
      },
    );
    onward.on('error', reject);
    onward.end(body);
  });
}

function note(body: Buffer): void {
  const nowMs = Date.now();
  for (let at = 0; at < body.length; ) {
    let end = body.indexOf(10, at);
    if (end < 0) end = body.length;
    const line = body.subarray(at, end);
    const fields = countFields(line);
    const timeMs = Number(line.subarray(line.lastIndexOf(32) + 1).toString('latin1'));
    if (timeMs < liveFromMs) {
      backlogFields += fields;
      lastBacklogMs = nowMs;
    } else if (fields > 0) {
      liveFields += fields;
      ages.push(nowMs - timeMs);
    }
    at = end + 1;
  }
}

const server = createServer((request, response) => {
  (async () => {
    const raw = await bodyOf(request);
    if (request.method !== 'POST') return response.writeHead(204).end();
    const status = await handOn(request, raw);
    response.writeHead(status).end();
    if (status === 204) note(request.headers['content-encoding'] === 'gzip' ? gunzipSync(raw) : raw);
    return undefined;
  })().catch(() => response.destroy());
});

answerParent({
  async start({ to }: { to?: string }) {
    target = to;
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()));
    return { port: (server.address() as AddressInfo).port };
  },
  liveFrom({ ms }: { ms: number }) {
    liveFromMs = ms;
  },
  counts: () => ({ backlogFields, liveFields, lastBacklogMs }),
  /** Of the live lines that came since the last question. */
  ages() {
    const since = ages;
    ages = [];
    return since;
  },
});
