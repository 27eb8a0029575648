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
import { AccessError } from '../../plugins/app/auth.ts';
import { type ActAnswer, findAct, saveAct } from '../../repositories/alarm-act-repository.ts';
import { appendAudit } from '../../repositories/audit-repository.ts';
import type { Db } from '../../repositories/database.ts';
import { listUsers } from '../../repositories/people-repository.ts';
import { engineers, operators, replies, typed } from './replies.ts';

interface ActBase {
  ids: string[];
  actId?: string;
}

interface Act<T> {
  /** Checks what concerns all of its alarms; throws. */
  check?: (db: Db, body: T, user: string) => Promise<void>;
  event: (body: T, alarm: Alarm, by: { user: string; nowMs: number }) => AlarmEvent;
  /** Written to the audit, once an alarm that it changes; left out: it is operation, which the journal keeps. */
  audit?: { action: string; reason: (body: T) => string | null; details: (body: T) => unknown };
}

/** What people do to alarms: for several at once, each refused by itself, and harmless to repeat. */
export function alarmActRoutes(app: FastifyInstance): void {
  const { engine, database, alarmPolicy } = app.services;
  const { maxShelvingMs } = alarmPolicy;

  const route = <T extends Type.TSchema & { static?: ActBase }>(
    name: string,
    { roles, body: schema, act }: { roles: readonly Role[]; body: T; act: Act<Type.Static<T> & ActBase> },
  ) => {
    typed(app).post(
      `/api/alarms/${name}`,
      { config: { roles }, schema: { body: schema, response: replies(AlarmActResult) } },
      (request) => {
        const body = request.body as Type.Static<T> & ActBase;
        const user = request.session?.username ?? '';
        return engine.command(async (context) => {
          const answer = await once(context.db, { name, user, nowMs: context.work.nowMs, body }, async () => {
            await act.check?.(context.db, body, user);
            return perform(context, { body, act, user });
          });
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
    act: {
      check: async (db, { approver }, user) => {
        const allowed = await approversFor(db, user);
        if (allowed.includes(approver)) return;
        throw new AccessError(
          400,
          'INVALID_REQUEST',
          `approver "${approver}" may not approve; allowed: ${allowed.join(', ')}`,
          'approver',
        );
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

/** Who may be named: somebody else who could do it; where nobody else is, oneself. */
async function approversFor(db: Db, user: string): Promise<string[]> {
  const able = (await listUsers(db)).filter(
    ({ role, disabled }) => !disabled && engineers.some((each) => each === role),
  );
  const others = able.filter(({ username }) => username !== user);
  return (others.length > 0 ? others : able).map(({ username }) => username);
}

/** An act with an id is done once; sent again it gets the answer of then. */
async function once(
  db: Db,
  { name, user, nowMs, body }: { name: string; user: string; nowMs: number; body: ActBase },
  perform: () => Promise<ActAnswer>,
): Promise<ActAnswer> {
  if (body.actId === undefined) return perform();
  const key = { user, act: body.actId, nowMs };
  const request = JSON.stringify([name, body]);
  const held = await findAct(db, key);
  if (held === null) {
    const answer = await perform();
    await saveAct(db, key, { request, answer });
    return answer;
  }
  if (held.request === request) return held.answer;
  throw new AccessError(
    409,
    'ACT_ID_USED',
    `actId "${body.actId}" was another request of yours; give each act its own`,
    'actId',
  );
}
