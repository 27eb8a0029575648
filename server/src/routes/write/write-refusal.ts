import { errorMessage, isRetryable, PlantroomError } from '@plantroom/contracts';
import type { FastifyReply } from 'fastify';
import type { DecodedLines } from './decode-lines.ts';

/** `v1`: `POST /write` of InfluxDB 1.x; `v2`: `POST /api/v2/write` of 2.x. */
export type WriteApi = 'v1' | 'v2';

/** The historian's queue is emptied within a second or two, or something is wrong for longer. */
const retryAfterS = { 429: 1, 503: 2 };
const maxToldLines = 20;

/** An answer that is no 204. */
export class WriteRefusal extends Error {
  readonly statusCode: number;
  /** InfluxDB 2's word for it. */
  readonly code: string;
  readonly line: number | undefined;

  constructor(statusCode: number, code: string, about: { message: string; line?: number | undefined }) {
    super(about.message);
    this.statusCode = statusCode;
    this.code = code;
    this.line = about.line;
  }
}

/** Some lines were wrong; the others, if there are any, have been stored. */
export function partialWrite({ refused, refusedLines, samples, quality }: DecodedLines): WriteRefusal {
  const told = refused.slice(0, maxToldLines).map(({ line, message }) => `line ${line}: ${message}`);
  if (refusedLines > told.length) told.push(`and ${refusedLines - told.length} more`);
  const stored = samples.length + quality.length > 0;
  const message = `${stored ? 'partial write: ' : ''}${told.join('\n')} dropped=${refusedLines}`;
  return new WriteRefusal(400, 'invalid', { message, line: refused[0]?.line });
}

export function tooLarge(maxBodyBytes: number): WriteRefusal {
  return new WriteRefusal(413, 'request too large', {
    message: `unable to read data: points batch is too large; at most ${maxBodyBytes} bytes`,
  });
}

/** In the shape of the version that was asked. */
export function sendError(
  error: unknown,
  to: { reply: FastifyReply; api: WriteApi; maxBodyBytes: number },
): FastifyReply {
  const { statusCode, code, message, line } = refusalOf(error, to.maxBodyBytes);
  if (statusCode === 429 || statusCode === 503) to.reply.header('retry-after', String(retryAfterS[statusCode]));
  if (statusCode === 401) to.reply.header('www-authenticate', to.api === 'v1' ? 'Basic realm="plantroom"' : 'Bearer');
  const body = to.api === 'v1' ? { error: message } : { code, message, ...(line === undefined ? {} : { line }) };
  return to.reply.code(statusCode).send(body);
}

function refusalOf(error: unknown, maxBodyBytes: number): WriteRefusal {
  if (error instanceof WriteRefusal) return error;
  const status = error instanceof Error && 'statusCode' in error ? Number(error.statusCode) : 500;
  if (status === 413) return tooLarge(maxBodyBytes);
  if (isRetryable(error)) return new WriteRefusal(503, 'unavailable', { message: errorMessage(error) });
  if (error instanceof PlantroomError) return new WriteRefusal(400, 'invalid', { message: error.message });
  return new WriteRefusal(status, status < 500 ? 'invalid' : 'internal error', { message: errorMessage(error) });
}
