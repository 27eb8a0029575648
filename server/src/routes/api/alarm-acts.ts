import {
  type Alarm,
  AlarmActRequest,
  AlarmActResult,
  AlarmCommentRequest,
  AlarmOutOfServiceRequest,
  AlarmRules,
  AlarmShelveRequest,
  type Role,
} from '@plantroom/contracts';
import type { FastifyInstance } from 'fastify';
import type Type from 'typebox';
import type { AlarmEvent } from '../../domain/alarms/alarm-events.ts';
import type { CommandContext } from '../../engine/committer.ts';
import { type ApprovalRefusal, approvalRefusal, approversFor } from '../../people/approval.ts';
import { AccessError } from '../../plugins/app/auth.ts';
import { type ActAnswer, findAct, saveAct } from '../../repositories/alarm-act-repository.ts';
import { appendAudit } from '../../repositories/audit-repository.ts';
import type { Db } from '../../repositories/database.ts';
import { engineers, operators, replies, typed } from './replies.ts';

interface ActBase {
  ids: string[];
  actId?: string;
}

interface Act<T> {
  /** Checks what concerns all of its alarms; throws. Before the command, which nothing slow may hold up. */
  check?: (db: Db, body: T, user: string) => Promise<void>;
  event: (body: T, alarm: Alarm, by: { user: string; nowMs: number }) => AlarmEvent;
  /** Written to the audit, once an alarm that it changes; left out: it is operation, which the journal keeps. */
  audit?: { action: string; reason: (body: T) => string | null; details: (body: T) => unknown };
}

/** What people do to alarms: for several at once, each refused by itself, and harmless to repeat. */
export function alarmActRoutes(app: FastifyInstance): void {
  const { engine, database, alarmPolicy, clock } = app.services;
  const { maxShelvingMs } = alarmPolicy;

  const route = <T extends Type.TSchema & { static?: ActBase }>(
    name: string,
    {
      roles,
      body: schema,
      act,
      rateLimit,
    }: {
      roles: readonly Role[];
      body: T;
      act: Act<Type.Static<T> & ActBase>;
      rateLimit?: { max: number; timeWindow: number };
    },
  ) => {
    typed(app).post(
      `/api/alarms/${name}`,
      {
        config: { roles, ...(rateLimit === undefined ? {} : { rateLimit }) },
        schema: { body: schema, response: replies(AlarmActResult) },
      },
      async (request) => {
        const body = request.body as Type.Static<T> & ActBase;
        const user = request.session?.username ?? '';
        const asked = { name, user, body };
        const { db } = database;
        if ((await heldAnswer(db, { ...asked, nowMs: clock.nowMs() })) === null) await act.check?.(db, body, user);
        return engine.command(async (context) => {
          const answer = await once(context.db, { ...asked, nowMs: context.work.nowMs }, () =>
            perform(context, { body, act, user }),
          );
          const alarms = answer.done.flatMap((id) => {
            const entry = engine.book.get(id);
            return entry === undefined ? [] : [context.work.view(entry).alarm];
          });
          return { alarms, refused: answer.refused };
        });
      },
    );
  };

  async function perform<T extends ActBase>(
    { db, work }: CommandContext,
    { body, act, user }: { body: T; act: Act<T>; user: string },
  ): Promise<ActAnswer> {
    const answer: ActAnswer = { done: [], refused: [] };
    for (const id of body.ids) {
      const entry = engine.book.get(id);
      if (entry === undefined) {
        answer.refused.push({ id, code: 'ALARM_UNKNOWN' });
        continue;
      }
      const before = work.view(entry).alarm;
      const { alarm, refused } = work.apply(entry, act.event(body, before, { user, nowMs: work.nowMs }));
      if (refused !== undefined) {
        answer.refused.push({ id, code: refused });
        continue;
      }
      answer.done.push(id);
      if (act.audit === undefined || alarm === before) continue;
      const { action, reason, details } = act.audit;
      await appendAudit(db, {
        atMs: work.nowMs,
        user,
        action,
        subject: id,
        reason: reason(body),
        details: details(body),
      });
    }
    return answer;
  }

  for (const [name, type] of [
    ['ack', 'acknowledge'],
    ['reset', 'reset'],
    ['unshelve', 'unshelve'],
  ] as const) {
    route(name, {
      roles: operators,
      body: AlarmActRequest,
      act: { event: ({ comment }, _, { user }) => ({ type, user, comment: comment?.trim() || null }) },
    });
  }
  route('comment', {
    roles: operators,
    body: AlarmCommentRequest,
    act: { event: ({ comment }, _, { user }) => ({ type: 'comment', user, comment: comment.trim() }) },
  });
  route('shelve', {
    roles: operators,
    body: AlarmShelveRequest,
    act: {
      event: (body, alarm, { user, nowMs }) => {
        const { mode, durationMs = maxShelvingMs } = body;
        const reason = body.reason.trim();
        const asked = { type: 'shelve' as const, mode, maxMs: maxShelvingMs, user, reason };
        // Without an id of its own an equal request is taken for one that is sent again, and does not move the end.
        const { shelving } = alarm;
        const isAgain =
          body.actId === undefined &&
          shelving !== null &&
          shelving.untilMs - shelving.atMs === durationMs &&
          shelving.mode === mode &&
          shelving.by === user &&
          shelving.reason === reason;
        return { ...asked, untilMs: isAgain ? shelving.untilMs : nowMs + durationMs };
      },
    },
  });
  route('out-of-service', {
    roles: engineers,
    body: AlarmOutOfServiceRequest,
    // It takes a password.
    rateLimit: { max: 20, timeWindow: 60_000 },
    act: {
      check: async (db, { approver, password }, user) => {
        const refusal = await approvalRefusal(db, { user, approver, password });
        if (refusal === null) return;
        if (refusal.refused === 'wrong-signature') {
          const record = { user, action: 'alarm.approval-refused', subject: approver, reason: null, details: null };
          await appendAudit(db, { ...record, atMs: clock.nowMs() });
        }
        throw refusalOf(refusal, approver);
      },
      event: ({ approver, workOrder, reviewMs, reason }, _, { user }) => ({
        type: 'out-of-service',
        user,
        approver,
        workOrder: workOrder.trim(),
        reviewMs,
        reason: reason.trim(),
      }),
      audit: {
        action: 'alarm.out-of-service',
        reason: ({ reason }) => reason.trim(),
        details: ({ approver, workOrder, reviewMs }) => ({ approver, workOrder, reviewMs }),
      },
    },
  });
  route('return-to-service', {
    roles: engineers,
    body: AlarmActRequest,
    act: {
      event: ({ comment }, _, { user }) => ({ type: 'return-to-service', user, comment: comment?.trim() || null }),
      audit: {
        action: 'alarm.return-to-service',
        reason: ({ comment }) => comment?.trim() || null,
        details: () => null,
      },
    },
  });
  typed(app).get('/api/alarms/rules', { schema: { response: replies(AlarmRules) } }, async ({ session }) => ({
    maxShelvingMs,
    approvers: await approversFor(database.db, session?.username ?? ''),
  }));
}

function refusalOf(refusal: ApprovalRefusal, approver: string): AccessError {
  switch (refusal.refused) {
    case 'not-allowed':
      return new AccessError(
        400,
        'INVALID_REQUEST',
        `approver "${approver}" may not approve; allowed: ${refusal.allowed.join(', ')}`,
        'approver',
      );
    case 'no-signature':
      return new AccessError(400, 'SIGNATURE_MISSING', `${approver} approves by a password at this screen`, 'password');
    case 'wrong-signature':
      return new AccessError(403, 'SIGNATURE_REFUSED', 'user name or password is wrong', 'password');
  }
}

interface Asked {
  name: string;
  user: string;
  nowMs: number;
  body: ActBase;
}

/** An act with an id is done once; sent again it gets the answer of then. */
async function once(db: Db, asked: Asked, perform: () => Promise<ActAnswer>): Promise<ActAnswer> {
  const held = await heldAnswer(db, asked);
  if (held !== null) return held;
  const answer = await perform();
  const { user, nowMs, body } = asked;
  if (body.actId !== undefined) await saveAct(db, { user, act: body.actId, nowMs }, { request: told(asked), answer });
  return answer;
}

/** What was answered to it under its id; null: it has none, or is new. Throws: under this id something else was asked for. */
async function heldAnswer(db: Db, asked: Asked): Promise<ActAnswer | null> {
  const { user, nowMs, body } = asked;
  if (body.actId === undefined) return null;
  const held = await findAct(db, { user, act: body.actId, nowMs });
  if (held === null) return null;
  if (held.request === told(asked)) return held.answer;
  throw new AccessError(
    409,
    'ACT_ID_USED',
    `actId "${body.actId}" was another request of yours; give each act its own`,
    'actId',
  );
}

/** What was asked for, as it is kept: without the password of who approved it. */
function told({ name, body }: Asked): string {
  const { password: _, ...kept } = body as ActBase & { password?: string };
  return JSON.stringify([name, kept]);
}
