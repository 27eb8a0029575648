import { type Alarm, type Language, languages, textIn } from '@plantroom/contracts';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import Type, { type Static } from 'typebox';
import { itemLines, itemTitle } from '../../notifications/domain/message-texts.ts';
import type { AcknowledgeLink } from '../../notifications/links.ts';
import { useLink } from '../../repositories/notification-call-repository.ts';
import { typed } from '../api/replies.ts';
import { type AcknowledgePage, acknowledgePage } from './acknowledge-page.ts';

const Token = Type.Object({ token: Type.String({ maxLength: 100 }) });
const maxComment = 500;
/** By link and not by address: a whole crew stands behind one, and what is signed cannot be guessed. */
const rateLimit = {
  max: 30,
  timeWindow: 60_000,
  keyGenerator: ({ params }: FastifyRequest) => (params as Static<typeof Token>).token,
};
const statusOf: Record<AcknowledgePage['outcome'], number> = {
  ask: 200,
  done: 200,
  used: 410,
  expired: 410,
  acknowledged: 200,
  over: 200,
  unknown: 404,
};

/**
 * The page behind the link of a message about life: it shows the alarm and acknowledges it under the person's name, once. Opening it
 * changes nothing, because messengers open links by themselves to show what is behind them.
 */
export function acknowledgeRoutes(app: FastifyInstance): void {
  const { notifications, engine, database, clock } = app.services;
  const { links } = notifications.notifier;

  const preferred = (header: string | undefined): Language =>
    languages.find((each) => header?.includes(each.slice(0, 2))) ?? 'zh-CN';
  const find = async (token: string) => {
    const link = await links.find(database.db, token);
    const person = link === null ? undefined : notifications.book.config.people.get(link.person);
    // Whoever is no longer told of alarms answers for none either.
    return link === null || !person?.enabled ? null : { link, person };
  };
  const alarmOf = ({ alarm: id, occurrence }: AcknowledgeLink): Alarm | null => {
    const alarm = engine.book.get(id)?.alarm;
    return alarm === undefined || alarm.occurrence !== occurrence ? null : alarm;
  };
  const outcomeOf = (link: AcknowledgeLink): AcknowledgePage['outcome'] => {
    if (link.usedMs !== null) return 'used';
    if (clock.nowMs() >= link.expiresMs) return 'expired';
    const alarm = alarmOf(link);
    if (alarm === null || alarm.state === 'NORM') return 'over';
    return alarm.flags.acked ? 'acknowledged' : 'ask';
  };
  const view = (link: AcknowledgeLink, language: Language): AcknowledgePage['alarm'] => {
    const alarm = alarmOf(link);
    // Whoever finds an old link in a log learns nothing from it.
    if (alarm === null || clock.nowMs() >= link.expiresMs) return null;
    const facts = notifications.factsOf(alarm);
    const item = { kind: 'alarm' as const, facts, link: null, now: null };
    return { title: itemTitle(item, language), lines: itemLines(item, language), acknowledgedBy: alarm.ackedBy };
  };
  const send = (reply: FastifyReply, page: AcknowledgePage) =>
    reply
      .code(statusOf[page.outcome])
      .headers({
        'cache-control': 'no-store',
        'referrer-policy': 'no-referrer',
        'content-security-policy':
          "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; frame-ancestors 'none'",
      })
      .type('text/html; charset=utf-8')
      .send(acknowledgePage(page));
  const unknown = (reply: FastifyReply, header: string | undefined) =>
    send(reply, { language: preferred(header), outcome: 'unknown', alarm: null, person: null });

  // Forms without a script are sent so; only this route takes them.
  app.register((scope, _options, done) => {
    scope.addContentTypeParser(
      'application/x-www-form-urlencoded',
      { parseAs: 'string', bodyLimit: 8192 },
      (_request, body, parsed) => parsed(null, Object.fromEntries(new URLSearchParams(String(body)))),
    );
    typed(scope).get(
      '/ack/:token',
      { config: { roles: 'public', rateLimit }, schema: { hide: true, params: Token } },
      async (request, reply) => {
        const found = await find(request.params.token);
        if (found === null) return unknown(reply, request.headers['accept-language']);
        const { link, person } = found;
        return send(reply, {
          language: person.language,
          outcome: outcomeOf(link),
          alarm: view(link, person.language),
          person: person.name,
        });
      },
    );
    typed(scope).post(
      '/ack/:token',
      {
        config: { roles: 'public', rateLimit },
        schema: {
          hide: true,
          params: Token,
          body: Type.Object({ comment: Type.Optional(Type.String({ maxLength: maxComment })) }),
        },
      },
      async (request, reply) => {
        const found = await find(request.params.token);
        if (found === null) return unknown(reply, request.headers['accept-language']);
        const { link, person } = found;
        const outcome = outcomeOf(link);
        if (outcome !== 'ask')
          return send(reply, {
            language: person.language,
            outcome,
            alarm: view(link, person.language),
            person: person.name,
          });
        const said = request.body.comment?.trim() ?? '';
        const byLink = textIn(
          { zh: '通过通知链接确认', en: 'acknowledged by the link of a notification' },
          person.language,
        );
        const comment = said === '' ? byLink : `${said} · ${byLink}`;
        const done = await engine.command(async ({ db, work }) => {
          const entry = engine.book.get(link.alarm);
          if (entry === undefined) return false;
          const { occurrence, flags } = work.view(entry).alarm;
          // Somebody else may have been faster than this form.
          if (occurrence !== link.occurrence || flags.acked) return false;
          if (!(await useLink(db, link.id, clock.nowMs()))) return false;
          work.apply(entry, { type: 'acknowledge', user: person.user ?? person.name, comment });
          return true;
        });
        return send(reply, {
          language: person.language,
          outcome: done ? 'done' : outcomeOf(link) === 'over' ? 'over' : 'acknowledged',
          alarm: view(link, person.language),
          person: person.name,
        });
      },
    );
    done();
  });
}
