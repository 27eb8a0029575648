import {
  HandoverNotes,
  HandoverPage,
  HandoverQuery,
  type HandoverSummary,
  HandoverTake,
  type Session,
  ShiftHandover,
  ShiftHandoverQuery,
} from '@plantroom/contracts';
import type { FastifyInstance } from 'fastify';
import Type from 'typebox';
import { type ShiftSpan, shiftAt } from '../../kpi/shift-at.ts';
import { shiftReport } from '../../kpi/shift-report.ts';
import { AccessError } from '../../plugins/app/auth.ts';
import { appendAudit } from '../../repositories/audit-repository.ts';
import {
  findHandover,
  handoverOf,
  listHandovers,
  type StoredHandover,
  saveNotes,
  signLeaving,
  signTaking,
} from '../../repositories/handover-repository.ts';
import { verifyPassword } from '../../repositories/password.ts';
import { findUser } from '../../repositories/people-repository.ts';
import { notFound, operators, replies, typed } from './replies.ts';

const Params = Type.Object({ id: Type.String({ pattern: '^\\d+$' }) });
const signed = (): AccessError =>
  new AccessError(409, 'HANDOVER_SIGNED', 'this hand-over is signed and cannot be changed');

/** Reports of shifts: read, given notes, signed by who leaves and by who takes over. */
export function handoverRoutes(app: FastifyInstance): void {
  const { engine, operations, database, clock } = app.services;
  const { db } = database;

  const spanOf = (site: string, ms: number): ShiftSpan => {
    const place = engine.plant.sites.get(site);
    if (place === undefined) throw notFound('site', site);
    return shiftAt(operations.shiftsOf(site), ms, place.timeZone);
  };
  /** A shift that has begun, by its start. */
  const startedSpan = (site: string, fromMs: number): ShiftSpan => {
    const span = spanOf(site, fromMs);
    if (span.fromMs !== fromMs) {
      throw new AccessError(
        400,
        'INVALID_REQUEST',
        `no shift begins at ${fromMs}; one does at ${span.fromMs}`,
        'fromMs',
      );
    }
    if (fromMs > clock.nowMs()) throw new AccessError(400, 'INVALID_REQUEST', 'this shift has not begun', 'fromMs');
    return span;
  };
  const summaryOf = (stored: StoredHandover): HandoverSummary => {
    const { report: _, shift, ...rest } = stored;
    const known = operations.shiftsOf(stored.site).find(({ id }) => id === shift);
    return {
      ...rest,
      // A shift that the site file no longer has keeps its id.
      shift: known ?? { id: shift, name: { zh: shift, en: shift }, from: '00:00', to: '00:00' },
      state: stored.takenMs !== null ? 'taken' : stored.leftMs !== null ? 'left' : 'open',
    };
  };
  const reportNow = ({ fromMs, toMs }: Pick<ShiftSpan, 'fromMs' | 'toMs'>, site: string) =>
    shiftReport({ engine, db }, { site, fromMs, toMs, nowMs: clock.nowMs() });
  const whole = async (stored: StoredHandover): Promise<ShiftHandover> => ({
    ...summaryOf(stored),
    report: stored.report ?? (await reportNow(stored, stored.site)),
  });
  const found = async (id: string): Promise<StoredHandover> => {
    const stored = await findHandover(db, id);
    if (stored === null) throw notFound('hand-over', id);
    return stored;
  };
  const audit = (user: string, action: string, subject: string) =>
    appendAudit(db, { atMs: clock.nowMs(), user, action, subject, reason: null, details: null });

  typed(app).get(
    '/api/handovers',
    { schema: { querystring: HandoverQuery, response: replies(HandoverPage) } },
    async ({ query: { site, after, limit } }) => {
      const more = { ...(after === undefined ? {} : { after }), ...(limit === undefined ? {} : { limit }) };
      const { items, next } = await listHandovers(db, { site, ...more });
      return { items: items.map(summaryOf), next };
    },
  );
  typed(app).get(
    '/api/handovers/shift',
    { schema: { querystring: ShiftHandoverQuery, response: replies(ShiftHandover) } },
    async ({ query: { site, at } }) => {
      const span = spanOf(site, at ?? clock.nowMs());
      const stored = await handoverOf(db, site, span.fromMs);
      if (stored !== null) return whole(stored);
      const nobody = { leftBy: null, leftMs: null, takenBy: null, takenMs: null, remark: null };
      return {
        id: null,
        site,
        ...span,
        state: 'open' as const,
        notes: '',
        ...nobody,
        report: await reportNow(span, site),
      };
    },
  );
  typed(app).get(
    '/api/handovers/:id',
    { schema: { params: Params, response: replies(ShiftHandover) } },
    async ({ params }) => whole(await found(params.id)),
  );

  const keepNotes = async ({ site, fromMs, notes }: { site: string; fromMs: number; notes: string }) => {
    const { shift, toMs } = startedSpan(site, fromMs);
    if (!(await saveNotes(db, { site, shift: shift.id, fromMs, toMs, notes }))) throw signed();
    const stored = await handoverOf(db, site, fromMs);
    if (stored === null) throw notFound('hand-over', String(fromMs));
    return stored;
  };
  const config = { roles: operators };
  typed(app).put(
    '/api/handovers/notes',
    { config, schema: { body: HandoverNotes, response: replies(ShiftHandover) } },
    async ({ body }) => whole(await keepNotes(body)),
  );
  typed(app).post(
    '/api/handovers/leave',
    { config, schema: { body: HandoverNotes, response: replies(ShiftHandover) } },
    async ({ body, session }) => {
      const user = session?.username ?? '';
      const { id, fromMs, toMs, site } = await keepNotes(body);
      const report = await reportNow({ fromMs, toMs }, site);
      if (!(await signLeaving(db, id, { report, user, nowMs: report.madeMs }))) throw signed();
      await audit(user, 'handover.leave', `handover/${id}`);
      return whole(await found(id));
    },
  );
  typed(app).post(
    '/api/handovers/:id/take',
    {
      config: { ...config, rateLimit: { max: 10, timeWindow: 60_000 } },
      schema: { params: Params, body: HandoverTake, response: replies(ShiftHandover) },
    },
    async ({ params: { id }, body, session }) => {
      const { username: user } = await signerOf(body, session);
      const stored = await found(id);
      if (stored.leftMs === null) {
        throw new AccessError(409, 'HANDOVER_NOT_LEFT', 'the leaving engineer has not signed yet');
      }
      if (stored.leftBy === user) {
        throw new AccessError(
          409,
          'HANDOVER_SAME_PERSON',
          `${user} has signed as leaving; another has to take over`,
          'username',
        );
      }
      const remark = body.remark?.trim() || null;
      if (!(await signTaking(db, id, { remark, user, nowMs: clock.nowMs() }))) throw signed();
      await audit(user, 'handover.take', `handover/${id}`);
      return whole(await found(id));
    },
  );

  /** Who signs: another person with name and password, else the one who is signed in. */
  const signerOf = async (
    { username, password }: { username?: string; password?: string },
    session: Session | null,
  ): Promise<Pick<Session, 'username'>> => {
    if (username === undefined && session !== null) return session;
    const user = username === undefined ? null : await findUser(db, username);
    const right = await verifyPassword(password ?? '', user?.passwordHash ?? null);
    if (user === null || !right || user.disabled) {
      await audit(username ?? '', 'handover.refused', username ?? '');
      throw new AccessError(403, 'SIGNATURE_REFUSED', 'user name or password is wrong', 'username');
    }
    if (!(operators as readonly string[]).includes(user.role)) {
      throw new AccessError(
        403,
        'FORBIDDEN',
        `this needs the role ${operators.join(' or ')}; ${user.username} is ${user.role}`,
      );
    }
    return user;
  };
}
