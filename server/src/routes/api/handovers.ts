import {
  Count,
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
import Type, { type Static } from 'typebox';
import { concernOf } from '../../kpi/position-of.ts';
import { type ShiftSpan, shiftAt } from '../../kpi/shift-at.ts';
import { shiftReport } from '../../kpi/shift-report.ts';
import { signatoryOf } from '../../people/signature.ts';
import { AccessError, personOf } from '../../plugins/app/auth.ts';
import { appendAudit } from '../../repositories/audit-repository.ts';
import type { Db } from '../../repositories/database.ts';
import {
  findHandover,
  type HandoverDraft,
  handoverOf,
  listHandovers,
  type StoredHandover,
  saveNotes,
  signLeaving,
  signTaking,
} from '../../repositories/handover-repository.ts';
import { notFound, operators, replies, typed } from './replies.ts';

const Params = Type.Object({ id: Count });
const signed = (): AccessError =>
  new AccessError(409, 'HANDOVER_SIGNED', 'this hand-over is signed and cannot be changed');

/** Reports of shifts: read, given notes, signed by who leaves and by who takes over. */
export function handoverRoutes(app: FastifyInstance): void {
  const { engine, operations, database, clock, catalog } = app.services;
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
  /** Of a site with several positions one has to be named; null: it hands over as a whole. */
  const positionIn = (site: string, asked: string | undefined): string | null => {
    const positions = operations.positionsOf(site);
    const allowed = positions.map(({ id }) => id);
    if (asked !== undefined && !allowed.includes(asked)) {
      throw new AccessError(404, 'NOT_FOUND', `no position "${asked}"; there are ${allowed.join(', ')}`, 'position');
    }
    if (positions.length === 1) return null;
    if (asked !== undefined) return asked;
    const message = `this site is handed over by position; allowed: ${allowed.join(', ')}`;
    throw new AccessError(400, 'INVALID_REQUEST', message, 'position');
  };
  const namedPosition = ({ site, position }: Pick<StoredHandover, 'site' | 'position'>) => {
    if (position === null) return null;
    const known = operations.positionsOf(site).find(({ id }) => id === position);
    return { id: position, name: known?.name ?? { zh: position, en: position } };
  };
  const systemOf = (equipment: string) =>
    catalog.classes.get(engine.plant.equipment.get(equipment)?.class ?? '')?.system;
  const summaryOf = (stored: StoredHandover): HandoverSummary => {
    const { report: _, shift, ...rest } = stored;
    const known = operations.shiftsOf(stored.site).find(({ id }) => id === shift);
    return {
      ...rest,
      position: namedPosition(stored),
      // A shift that the site file no longer has keeps its id.
      shift: known ?? { id: shift, name: { zh: shift, en: shift }, from: '00:00', to: '00:00' },
      state: stored.takenMs !== null ? 'taken' : stored.leftMs !== null ? 'left' : 'open',
    };
  };
  const reportNow = ({ site, position, fromMs, toMs }: Omit<HandoverDraft, 'shift' | 'notes'>) => {
    const positions = operations.positionsOf(site);
    const concerns = concernOf({ positions, position: position ?? undefined, systemOf });
    const own = positions.filter(({ id }) => position === null || position === undefined || id === position);
    return shiftReport({ engine, db }, { site, fromMs, toMs, nowMs: clock.nowMs(), concerns, positions: own });
  };
  const whole = async (stored: StoredHandover): Promise<ShiftHandover> => ({
    ...summaryOf(stored),
    report: stored.report ?? (await reportNow(stored)),
  });
  const found = async (id: string): Promise<StoredHandover> => {
    const stored = await findHandover(db, id);
    if (stored === null) throw notFound('hand-over', id);
    return stored;
  };
  const audit = (user: string, action: string, subject: string, all: Db = db) =>
    appendAudit(all, { atMs: clock.nowMs(), user, action, subject, reason: null, details: null });

  typed(app).get(
    '/api/handovers',
    { schema: { querystring: HandoverQuery, response: replies(HandoverPage) } },
    async ({ query }) => {
      const { items, next } = await listHandovers(db, query);
      return { items: items.map(summaryOf), next };
    },
  );
  typed(app).get(
    '/api/handovers/shift',
    { schema: { querystring: ShiftHandoverQuery, response: replies(ShiftHandover) } },
    async ({ query: { site, position: asked, at } }) => {
      const span = spanOf(site, at ?? clock.nowMs());
      const position = positionIn(site, asked);
      const stored = await handoverOf(db, { site, position, fromMs: span.fromMs });
      if (stored !== null) return whole(stored);
      const nobody = { leftBy: null, leftMs: null, takenBy: null, takenMs: null, remark: null };
      return {
        id: null,
        site,
        position: namedPosition({ site, position }),
        ...span,
        state: 'open' as const,
        notes: '',
        ...nobody,
        report: await reportNow({ site, position, ...span }),
      };
    },
  );
  typed(app).get(
    '/api/handovers/:id',
    { schema: { params: Params, response: replies(ShiftHandover) } },
    async ({ params }) => whole(await found(params.id)),
  );

  const keepNotes = async ({ site, position: asked, fromMs, notes }: Static<typeof HandoverNotes>) => {
    const { shift, toMs } = startedSpan(site, fromMs);
    const position = positionIn(site, asked);
    if (!(await saveNotes(db, { site, position, shift: shift.id, fromMs, toMs, notes }))) throw signed();
    const stored = await handoverOf(db, { site, position, fromMs });
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
      const user = personOf(session);
      const kept = await keepNotes(body);
      const { id } = kept;
      const report = await reportNow(kept);
      await db.transaction().execute(async (all) => {
        // With the notes that were signed, whatever somebody else has kept since.
        const { notes } = body;
        if (!(await signLeaving(all, id, { report, notes, user, nowMs: report.madeMs }))) throw signed();
        await audit(user, 'handover.leave', `handover/${id}`, all);
      });
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
      await db.transaction().execute(async (all) => {
        if (!(await signTaking(all, id, { remark, user, nowMs: clock.nowMs() }))) throw signed();
        await audit(user, 'handover.take', `handover/${id}`, all);
      });
      return whole(await found(id));
    },
  );

  /** Who signs: another person with name and password, else the one who is signed in. */
  const signerOf = async (
    { username, password }: { username?: string; password?: string },
    session: Session | null,
  ): Promise<Pick<Session, 'username'>> => {
    if (username === undefined) return { username: personOf(session) };
    const user = await signatoryOf(db, { username, password: password ?? '' });
    if (user === null) {
      await audit(username, 'handover.refused', username);
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
