import { isUtf8 } from 'node:buffer';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { errorMessage } from '@plantroom/contracts';
import type { FastifyRequest } from 'fastify';
import { type Precision, precisionsOf } from './precision.ts';
import { tooLarge, type WriteApi, WriteRefusal } from './write-refusal.ts';

const decompress = promisify(gunzip);

/**
 * The bare token, from `Authorization: Bearer …` or `Token …`; version 1 also as the password of Basic or of the query's `p`, with any user. Null:
 * there is none. `Token user:password`, which 1.8 takes, is a token of that text.
 */
export function tokenOf(request: FastifyRequest, api: WriteApi): string | null {
  const header = request.headers.authorization ?? '';
  const bare = /^(?:Bearer|Token)\s+(\S+)\s*$/i.exec(header)?.[1];
  if (bare !== undefined) return bare;
  if (api === 'v2') return null;
  const basic = /^Basic\s+(\S+)\s*$/i.exec(header)?.[1];
  if (basic !== undefined) return Buffer.from(basic, 'base64').toString('utf8').split(':').slice(1).join(':');
  return parameter(request, 'p') ?? null;
}

export function precisionOf(request: FastifyRequest, api: WriteApi): Precision {
  const asked = parameter(request, 'precision') ?? '';
  if (asked === '') return 'ns';
  const allowed: readonly Precision[] = precisionsOf[api];
  const precision = allowed.find((one) => one === asked);
  if (precision !== undefined) return precision;
  throw new WriteRefusal(400, 'invalid', {
    message: `invalid precision "${asked}"; valid precision units are ${allowed.join(', ')}`,
  });
}

/** 1.x wants to know the database, though there is one only: a writer that is set up wrongly is told so. */
export function needDatabase(request: FastifyRequest): void {
  if ((parameter(request, 'db') ?? '') === '')
    throw new WriteRefusal(400, 'invalid', { message: 'database is required' });
}

export interface BodyText {
  text: string;
  /** Bytes that are no UTF-8 have been replaced in it. */
  damaged: boolean;
}

export async function bodyText(request: FastifyRequest, maxBodyBytes: number): Promise<BodyText> {
  const { body } = request;
  const bytes = Buffer.isBuffer(body) ? await plainBytes(request, { body, maxBodyBytes }) : Buffer.alloc(0);
  return { text: bytes.toString('utf8'), damaged: !isUtf8(bytes) };
}

async function plainBytes(
  { headers }: FastifyRequest,
  { body, maxBodyBytes }: { body: Buffer; maxBodyBytes: number },
): Promise<Buffer> {
  const encoding = (headers['content-encoding'] ?? 'identity').trim().toLowerCase();
  if (encoding === 'identity') return body;
  if (encoding !== 'gzip') {
    throw new WriteRefusal(415, 'unsupported media type', {
      message: `content encoding "${encoding}" is not supported; allowed: gzip, identity`,
    });
  }
  try {
    return await decompress(body, { maxOutputLength: maxBodyBytes });
  } catch (error) {
    if (error instanceof RangeError) throw tooLarge(maxBodyBytes);
    throw new WriteRefusal(400, 'invalid', { message: `body is not gzip: ${errorMessage(error)}` });
  }
}

/** The first, where it is given several times. */
function parameter({ query }: FastifyRequest, name: string): string | undefined {
  const value = (query as Record<string, unknown> | null)?.[name];
  const first: unknown = Array.isArray(value) ? value[0] : value;
  return typeof first === 'string' ? first : undefined;
}
