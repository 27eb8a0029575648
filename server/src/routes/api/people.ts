import {
  ApiToken,
  ApiTokenCreate,
  ApiTokenCreated,
  AuditPage,
  AuditQuery,
  page,
  User,
  UserChange,
  UserCreate,
} from '@plantroom/contracts';
import type { FastifyInstance } from 'fastify';
import Type from 'typebox';
import { AccessError } from '../../plugins/app/auth.ts';
import { appendAudit, readAudit } from '../../repositories/audit-repository.ts';
import { hashPassword } from '../../repositories/password.ts';
import {
  addToken,
  addUser,
  changeUser,
  findUser,
  listTokens,
  listUsers,
  removeToken,
} from '../../repositories/people-repository.ts';
import { admins, engineers, notFound, operators, replies, typed } from './replies.ts';

/** Users, API tokens and the audit. */
export function peopleRoutes(app: FastifyInstance): void {
  const { database, clock } = app.services;
  const { db } = database;
  const audit = (user: string, action: string, { subject, details }: { subject: string; details: unknown }) =>
    appendAudit(db, { atMs: clock.nowMs(), user, action, subject, reason: null, details });

  // Orders are given to people, so those who give them must see the names.
  typed(app).get(
    '/api/users',
    { config: { roles: operators }, schema: { response: replies(page(User)) } },
    async () => ({
      items: await listUsers(db),
      next: null,
    }),
  );
  typed(app).post(
    '/api/users',
    { config: { roles: admins }, schema: { body: UserCreate, response: replies(User) } },
    async ({ body, session }) => {
      const { username, role } = body;
      const user: User = { username, role, disabled: false, createdMs: clock.nowMs() };
      if (!(await addUser(db, { ...user, passwordHash: await hashPassword(body.password) }))) {
        throw new AccessError(409, 'USER_EXISTS', `user "${username}" exists already`, 'username');
      }
      await audit(session?.username ?? '', 'user.create', { subject: username, details: { role } });
      return user;
    },
  );
  typed(app).put(
    '/api/users/:username',
    {
      config: { roles: admins },
      schema: { params: Type.Object({ username: Type.String() }), body: UserChange, response: replies(User) },
    },
    async ({ params: { username }, body, session }) => {
      const losesAdmin = body.disabled === true || (body.role !== undefined && body.role !== 'admin');
      if (losesAdmin && username === session?.username) {
        throw new AccessError(409, 'LAST_ADMIN', 'nobody can disable or demote himself', 'username');
      }
      if ((await findUser(db, username)) === null) throw notFound('user', username);
      const passwordHash = body.password === undefined ? undefined : await hashPassword(body.password);
      const user = await changeUser(db, username, { role: body.role, disabled: body.disabled, passwordHash });
      if (user === null) throw notFound('user', username);
      const details = { role: body.role, disabled: body.disabled, password: body.password !== undefined };
      await audit(session?.username ?? '', 'user.change', { subject: username, details });
      return user;
    },
  );
  typed(app).get(
    '/api/tokens',
    { config: { roles: admins }, schema: { response: replies(page(ApiToken)) } },
    async () => ({
      items: await listTokens(db),
      next: null,
    }),
  );
  typed(app).post(
    '/api/tokens',
    { config: { roles: admins }, schema: { body: ApiTokenCreate, response: replies(ApiTokenCreated) } },
    async ({ body: { name, role }, session }) => {
      const user = session?.username ?? '';
      const token = await addToken(db, { name, role, user, nowMs: clock.nowMs() });
      await audit(user, 'token.create', { subject: token.id, details: { name, role } });
      return token;
    },
  );
  typed(app).delete(
    '/api/tokens/:id',
    {
      config: { roles: admins },
      schema: { params: Type.Object({ id: Type.String() }), response: { 204: Type.Null() } },
    },
    async ({ params, session }, reply) => {
      if (!(await removeToken(db, params.id))) throw notFound('token', params.id);
      await audit(session?.username ?? '', 'token.remove', { subject: params.id, details: null });
      return reply.code(204).send(null);
    },
  );
  typed(app).get(
    '/api/audit',
    { config: { roles: engineers }, schema: { querystring: AuditQuery, response: replies(AuditPage) } },
    ({ query }) => readAudit(db, query),
  );
}
