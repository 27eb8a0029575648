import type { FastifyReply } from 'fastify';
import { AccessError } from '../../plugins/app/auth.ts';

/** Aborts when the client goes before it has its answer. */
export function leaving(reply: FastifyReply): AbortSignal {
  const left = new AbortController();
  reply.raw.once('close', () => {
    if (!reply.raw.writableFinished) left.abort(new AccessError(499, 'CLIENT_GONE', 'the client has gone'));
  });
  return left.signal;
}
