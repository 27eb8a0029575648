import { Session, SessionRequest } from '@plantroom/contracts';
import type { FastifyInstance } from 'fastify';
import Type from 'typebox';
import { AccessError, sessionCookie } from '../../plugins/app/auth.ts';
import { appendAudit } from '../../repositories/audit-repository.ts';
import { verifyPassword } from '../../repositories/password.ts';
import { closeSession, findUser, openSession } from '../../repositories/people-repository.ts';
import { replies, typed } from './replies.ts';

const cookie = { path: '/', httpOnly: true, sameSite: 'lax', secure: 'auto' } as const;

export function sessionRoutes(app: FastifyInstance): void {
  const { database, clock } = app.services;
  typed(app).post(
    '/api/session',
    {
      config: { roles: 'public', rateLimit: { max: 10, timeWindow: 60_000 } },
      schema: { body: SessionRequest, response: replies(Session) },
    },
    async (request, reply) => {
      const { username, password } = request.body;
      const user = await findUser(database.db, username);
      const right = await verifyPassword(password, user?.passwordHash ?? null);
      if (user === null || !right || user.disabled) {
        const record = { user: username, action: 'session.refused', subject: username, reason: null, details: null };
        await appendAudit(database.db, { ...record, atMs: clock.nowMs() });
        throw new AccessError(401, 'SIGN_IN_REFUSED', 'user name or password is wrong');
      }
      const { secret, maxAgeMs } = await openSession(database.db, username, clock.nowMs());
      return reply
        .setCookie(sessionCookie, secret, { ...cookie, maxAge: maxAgeMs / 1000 })
        .send({ username, role: user.role });
    },
  );
  typed(app).get('/api/session', { schema: { response: replies(Session) } }, (request) => {
    if (request.session === null) throw new AccessError(401, 'UNAUTHENTICATED', 'sign in first');
    return Promise.resolve(request.session);
  });
  typed(app).delete(
    '/api/session',
    { config: { roles: 'public' }, schema: { response: { 204: Type.Null() } } },
    async (request, reply) => {
      const secret = request.cookies[sessionCookie];
      if (secret !== undefined) await closeSession(database.db, secret);
      return reply.clearCookie(sessionCookie, cookie).code(204).send(null);
    },
  );
}
