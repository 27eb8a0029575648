import '@fastify/cookie';
import { type FieldProblem, PlantroomError, type Session } from '@plantroom/contracts';
import fp from 'fastify-plugin';
import { findSession, findToken, tokenPrefix } from '../../repositories/people-repository.ts';

/** The description of the API is no secret; the line-protocol endpoint checks its own tokens, which may come as `Token …` too. */
const openPath = /^\/api\/(docs|v2\/write)(\/|$)/;
export const sessionCookie = 'plantroom_session';

/** Who asks, by session cookie or API token; and whether the route is for them. Only paths under /api need a sign-in. */
export const authPlugin = fp(
  (app) => {
    const { database, clock } = app.services;
    app.decorate('authenticate', ({ cookie, authorization }): Promise<Session | null> => {
      const token = /^Bearer (\S+)$/i.exec(authorization ?? '')?.[1];
      if (token !== undefined) return findToken(database.db, token, clock.nowMs());
      const secret = app.parseCookie(cookie ?? '')[sessionCookie];
      return secret === undefined ? Promise.resolve(null) : findSession(database.db, secret, clock.nowMs());
    });
    app.decorateRequest('session', null);
    app.addHook('onRequest', async (request) => {
      const { roles } = request.routeOptions.config;
      const { pathname } = new URL(request.url, 'http://localhost');
      if (roles === 'public' || !pathname.startsWith('/api/') || openPath.test(pathname)) return;
      request.session = await app.authenticate(request.headers);
      if (request.session === null) throw new AccessError(401, 'UNAUTHENTICATED', 'sign in first');
      if (roles !== undefined && !roles.includes(request.session.role)) {
        const who = `${request.session.username} is ${request.session.role}`;
        throw new AccessError(403, 'FORBIDDEN', `this needs the role ${roles.join(' or ')}; ${who}`);
      }
    });
    return Promise.resolve();
  },
  { name: 'auth', dependencies: ['@fastify/cookie'] },
);

/** A request with several faults, told all at once. */
export class FaultyRequest extends PlantroomError {
  readonly statusCode = 400;
  readonly problems: readonly FieldProblem[];

  constructor(problems: readonly [FieldProblem, ...FieldProblem[]]) {
    super('INVALID_REQUEST', `${problems[0].field}: ${problems[0].message}`);
    this.name = 'FaultyRequest';
    this.problems = problems;
  }
}

export class AccessError extends PlantroomError {
  readonly statusCode: number;
  readonly field: string | undefined;

  constructor(statusCode: number, code: string, message: string, field?: string) {
    super(code, message);
    this.name = 'AccessError';
    this.statusCode = statusCode;
    this.field = field;
  }
}

/** Whose name goes under a signature: a person's who has signed in. Whoever has a token could sign for somebody else by it. */
export function personOf(session: Session | null): string {
  const username = session?.username ?? '';
  if (username !== '' && !username.startsWith(tokenPrefix)) return username;
  throw new AccessError(403, 'FORBIDDEN', `this needs a person who has signed in; "${username}" is none`);
}
