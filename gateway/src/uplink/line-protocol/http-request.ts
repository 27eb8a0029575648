import { type IncomingHttpHeaders, request as plain } from 'node:http';
import { request as secure } from 'node:https';

export interface HttpAnswer {
  status: number;
  headers: IncomingHttpHeaders;
  /** At most `mostBytes` of it. */
  body: string;
}

/** A refusal names its lines; a page of HTML needs no more to be recognised. */
const mostBytes = 1_000_000;

export interface HttpQuestion {
  method: 'GET' | 'POST';
  headers: Record<string, string>;
  body?: Uint8Array;
  /** For all of it, from connecting to the end of the answer. */
  timeoutMs: number;
}

/** One request over a connection that is kept. Rejects when there is no whole answer in time, and the connection is then closed. */
export function httpRequest(url: string, { method, headers, body, timeoutMs }: HttpQuestion): Promise<HttpAnswer> {
  const signal = AbortSignal.timeout(timeoutMs);
  return new Promise((resolve, reject) => {
    const fail = (error: Error): void =>
      reject(signal.aborted ? new Error(`no answer within ${timeoutMs} ms`, { cause: error }) : error);
    const request = (url.startsWith('https:') ? secure : plain)(
      url,
      {
        method,
        headers: { ...headers, ...(body === undefined ? {} : { 'content-length': String(body.length) }) },
        signal,
      },
      (response) => {
        const parts: Buffer[] = [];
        let bytes = 0;
        response.on('data', (part: Buffer) => {
          if (bytes < mostBytes) parts.push(part);
          bytes += part.length;
        });
        response.on('error', fail);
        response.on('end', () => {
          const text = Buffer.concat(parts).subarray(0, mostBytes).toString('utf8');
          resolve({ status: response.statusCode ?? 0, headers: response.headers, body: text });
        });
      },
    );
    request.on('error', fail);
    request.end(body);
  });
}
