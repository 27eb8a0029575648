import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { errorMessage, isRetryable, PlantroomError } from '@plantroom/contracts';
import type { FastifyPluginCallback, FastifyReply, FastifyRequest } from 'fastify';
import { type DecodedLines, LineDecoder, type Precision, precisions, type RefusedLine } from './decode-lines.ts';
import type { WriteRouteOptions } from './write-options.ts';

const decompress = promisify(gunzip);
const defaultMaxBodyBytes = 25_000_000;
/** The historian's queue is emptied within a second or two, or something is wrong for longer. */
const retryAfterS = 2;
const maxToldLines = 20;

/** An answer in InfluxDB's own shape. */
class WriteRefusal extends Error {
  readonly statusCode: number;
  readonly code: string;
  readonly line: number | undefined;

  constructor(statusCode: number, code: string, about: { message: string; line?: number | undefined }) {
    super(about.message);
    this.statusCode = statusCode;
    this.code = code;
    this.line = about.line;
  }
}

/** `POST /api/v2/write` as InfluxDB 2.x has it, with `/ping` and `/health` for writers that look first. Answers 204 once it is stored. */
export const writeRoute: FastifyPluginCallback<WriteRouteOptions> = (app, options, done) => {
  const { historian, verifyToken, logger, nowMs } = options;
  const maxBodyBytes = options.maxBodyBytes ?? defaultMaxBodyBytes;
  const decoder = new LineDecoder();

  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', { parseAs: 'buffer', bodyLimit: maxBodyBytes }, (_request, body, parsed) =>
    parsed(null, body),
  );
  app.setErrorHandler((error, _request, reply) => sendError(error, { reply, maxBodyBytes }));

  app.post(
    '/api/v2/write',
    {
      config: { roles: 'public' },
      schema: { hide: true },
      bodyLimit: maxBodyBytes,
      // Before the body is read: nobody without a token makes the server hold 25 MB.
      onRequest: async (request) => {
        const token = tokenOf(request.headers.authorization);
        if (token === null || !(await verifyToken(token))) {
          throw new WriteRefusal(401, 'unauthorized', { message: 'unauthorized access' });
        }
      },
    },
    async (request, reply) => {
      const precision = precisionOf(request.query);
      const body = await bodyText(request, maxBodyBytes);
      const decoded = decoder.decode(body, { precision, nowMs: nowMs() });
      await store(decoded);
      if (decoded.refused.length > 0) {
        const [first] = decoded.refused;
        const why = first === undefined ? '' : `, the first: line ${first.line}: ${first.message}`;
        logger.warn({ ip: request.ip }, `${decoded.refused.length} line(s) from ${request.ip} refused${why}`);
        throw partialWrite(decoded);
      }
      return reply.code(204).send();
    },
  );

  app.get('/ping', { config: { roles: 'public' }, schema: { hide: true } }, (_request, reply) =>
    reply.code(204).send(),
  );
  app.get('/health', { config: { roles: 'public' }, schema: { hide: true } }, async (_request, reply) => {
    try {
      await historian.ping();
      return { name: 'plantroom', status: 'pass', message: 'ready for writes' };
    } catch (error) {
      return reply.code(503).send({ name: 'plantroom', status: 'fail', message: errorMessage(error) });
    }
  });
  done();

  async function store({ samples, quality }: DecodedLines): Promise<void> {
    try {
      await historian.write(samples, quality);
    } catch (error) {
      if (!isRetryable(error)) throw error;
      throw new WriteRefusal(503, 'unavailable', { message: errorMessage(error) });
    }
  }
};

function tokenOf(header: string | undefined): string | null {
  const match = /^(?:Bearer|Token)\s+(\S+)\s*$/i.exec(header ?? '');
  return match?.[1] ?? null;
}

function precisionOf(query: unknown): Precision {
  const asked = typeof query === 'object' && query !== null && 'precision' in query ? query.precision : undefined;
  if (asked === undefined || asked === '') return 'ns';
  if (typeof asked === 'string' && Object.hasOwn(precisions, asked)) return asked as Precision;
  throw new WriteRefusal(400, 'invalid', {
    message: `invalid precision "${String(asked)}"; valid precision units are ns, us, ms, and s`,
  });
}

async function bodyText(request: FastifyRequest, maxBodyBytes: number): Promise<string> {
  const { body, headers } = request;
  if (!Buffer.isBuffer(body)) return '';
  const encoding = headers['content-encoding'] ?? 'identity';
  if (encoding === 'identity') return body.toString('utf8');
  if (encoding !== 'gzip') {
    throw new WriteRefusal(415, 'unsupported media type', {
      message: `content encoding "${encoding}" is not supported; allowed: gzip, identity`,
    });
  }
  try {
    return (await decompress(body, { maxOutputLength: maxBodyBytes })).toString('utf8');
  } catch (error) {
    if (error instanceof RangeError) throw tooLarge(maxBodyBytes);
    throw new WriteRefusal(400, 'invalid', { message: `body is not gzip: ${errorMessage(error)}` });
  }
}

function partialWrite({ refused, samples, quality }: DecodedLines): WriteRefusal {
  const told = refused.slice(0, maxToldLines).map(({ line, message }: RefusedLine) => `line ${line}: ${message}`);
  if (refused.length > told.length) told.push(`and ${refused.length - told.length} more`);
  const stored = samples.length + quality.length > 0;
  const message = `${stored ? 'partial write: ' : ''}${told.join('\n')} dropped=${refused.length}`;
  return new WriteRefusal(400, 'invalid', { message, line: refused[0]?.line });
}

function tooLarge(maxBodyBytes: number): WriteRefusal {
  return new WriteRefusal(413, 'request too large', {
    message: `unable to read data: points batch is too large; at most ${maxBodyBytes} bytes`,
  });
}

function sendError(error: unknown, to: { reply: FastifyReply; maxBodyBytes: number }): FastifyReply {
  const refusal = refusalOf(error, to.maxBodyBytes);
  if (refusal.statusCode === 503) to.reply.header('retry-after', String(retryAfterS));
  if (refusal.statusCode === 401) to.reply.header('www-authenticate', 'Bearer');
  const { code, message, line } = refusal;
  return to.reply.code(refusal.statusCode).send({ code, message, ...(line === undefined ? {} : { line }) });
}

function refusalOf(error: unknown, maxBodyBytes: number): WriteRefusal {
  if (error instanceof WriteRefusal) return error;
  const status = error instanceof Error && 'statusCode' in error ? Number(error.statusCode) : 500;
  if (status === 413) return tooLarge(maxBodyBytes);
  if (error instanceof PlantroomError) return new WriteRefusal(400, 'invalid', { message: error.message });
  return new WriteRefusal(status, status < 500 ? 'invalid' : 'internal error', { message: errorMessage(error) });
}
