import { errorMessage } from '@plantroom/contracts';
import type { FastifyPluginCallback, FastifyRequest, RouteHandlerMethod } from 'fastify';
import { LineDecoder } from './decode-lines.ts';
import { InFlight } from './in-flight.ts';
import type { WriteRouteOptions } from './write-options.ts';
import { partialWrite, sendError, type WriteApi, WriteRefusal } from './write-refusal.ts';
import { bodyText, needDatabase, precisionOf, tokenOf } from './write-request.ts';

const defaultMaxBodyBytes = 25_000_000;
/** Bodies at once, in the largest. */
const defaultBodiesInFlight = 8;

/**
 * `POST /api/v2/write` as InfluxDB 2.x has it and `POST /write` as 1.x, with `/ping` and `/health` for writers that look first. Answers 204 once
 * it is stored. What is taken and what is not: README.md beside this file.
 */
export const writeRoute: FastifyPluginCallback<WriteRouteOptions> = (app, options, done) => {
  const { historian, verifyToken, logger, nowMs } = options;
  const maxBodyBytes = options.maxBodyBytes ?? defaultMaxBodyBytes;
  const inFlight = new InFlight(options.maxBytesInFlight ?? maxBodyBytes * defaultBodiesInFlight);
  const decoder = new LineDecoder();

  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', { parseAs: 'buffer', bodyLimit: maxBodyBytes }, (_request, body, parsed) =>
    parsed(null, body),
  );
  app.setErrorHandler((error, request, reply) => sendError(error, { reply, api: apiOf(request), maxBodyBytes }));

  const write: RouteHandlerMethod = async (request, reply) => {
    const api = apiOf(request);
    if (api === 'v1') needDatabase(request);
    const precision = precisionOf(request, api);
    const decoded = await inFlight.turn(async () => {
      const { text, damaged } = await bodyText(request, maxBodyBytes);
      return decoder.decode(text, { precision, nowMs: nowMs(), damaged });
    });
    await historian.write(decoded.samples, decoded.quality);
    if (decoded.refusedLines > 0) {
      const [first] = decoded.refused;
      const why = first === undefined ? '' : `, the first: line ${first.line}: ${first.message}`;
      logger.warn({ ip: request.ip }, `${decoded.refusedLines} line(s) from ${request.ip} refused${why}`);
      throw partialWrite(decoded);
    }
    return reply.code(204).send();
  };
  for (const url of ['/api/v2/write', '/write']) {
    app.post(
      url,
      {
        config: { roles: 'public' },
        schema: { hide: true },
        bodyLimit: maxBodyBytes,
        // Before the body is read: nobody without a token makes the server hold 25 MB.
        onRequest: async (request, reply) => {
          const token = tokenOf(request, apiOf(request));
          if (token === null || !(await verifyToken(token))) {
            throw new WriteRefusal(401, 'unauthorized', { message: 'unauthorized access' });
          }
          const leave = inFlight.enter(Number(request.headers['content-length'] ?? 0));
          if (leave === undefined)
            throw new WriteRefusal(429, 'too many requests', { message: 'too many writes are under way' });
          reply.raw.once('close', leave);
        },
      },
      write,
    );
  }

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
};

function apiOf({ routeOptions }: FastifyRequest): WriteApi {
  return routeOptions.url === '/write' ? 'v1' : 'v2';
}
