import {
  ChannelTestRequest,
  DeliveryPage,
  DeliveryQuery,
  NotificationChannel,
  NotificationChannelPut,
  NotificationDelivery,
  NotificationPerson,
  NotificationPersonPut,
  NotificationPolicy,
  NotificationPolicyPut,
  NotificationRoster,
  NotificationRosterPut,
  NotificationSettings,
  NotificationStatus,
  PreviewRequest,
  PreviewResult,
  page,
  RosterDuties,
  RosterDutyQuery,
  Slug,
} from '@plantroom/contracts';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import Type from 'typebox';
import { dutiesOn } from '../../notifications/domain/roster.ts';
import { listDeliveries, waitingNotices } from '../../repositories/notification-outbox-repository.ts';
import { deliveryView, waitingView } from '../../views/delivery-views.ts';
import { templateRoutes } from './notification-templates.ts';
import { engineers, notFound, replies, typed } from './replies.ts';

const base = '/api/notifications';
const Id = Type.Object({ id: Slug });
const authorOf = ({ session }: Pick<FastifyRequest, 'session'>) => ({ user: session?.username ?? '' });
const maxDutyMs = 62 * 86_400_000;

/** Who is told of alarms, by what, and what has been told. */
export function notificationRoutes(app: FastifyInstance): void {
  const { notifications, database } = app.services;
  const config = { roles: engineers };
  const of = typed(app);

  of.get(
    `${base}/status`,
    {
      schema: {
        summary: 'What keeps alarms from being told, and how much waits',
        response: replies(NotificationStatus),
      },
    },
    () => notifications.status(),
  );
  of.get(`${base}/settings`, { config, schema: { response: replies(NotificationSettings) } }, () =>
    Promise.resolve(notifications.book.config.settings),
  );
  of.put(
    `${base}/settings`,
    { config, schema: { body: NotificationSettings, response: replies(NotificationSettings) } },
    (request) => notifications.putSettings(request.body, authorOf(request)),
  );

  of.get(
    `${base}/channels`,
    { config, schema: { summary: 'Channels, without their secrets', response: replies(page(NotificationChannel)) } },
    () => list([...notifications.book.config.channels.values()].map((channel) => notifications.channelView(channel))),
  );
  of.put(
    `${base}/channels/:id`,
    {
      config,
      schema: {
        summary: 'Makes or changes a channel',
        description:
          'A secret that is left out stays, null removes it; no answer ever tells one. The kind of a channel stays.',
        params: Id,
        body: NotificationChannelPut,
        response: replies(NotificationChannel),
      },
    },
    (request) => notifications.putChannel(request.params.id, request.body, authorOf(request)),
  );
  of.post(
    `${base}/channels/:id/test`,
    {
      config: { ...config, rateLimit: { max: 10, timeWindow: 60_000 } },
      schema: {
        summary: 'Sends a test message at once, and answers how it ended',
        description: '`address`: as in a contact of that channel; empty for the group of a robot and for a webhook.',
        params: Id,
        body: ChannelTestRequest,
        response: replies(NotificationDelivery),
      },
    },
    async (request) =>
      deliveryView(await notifications.testChannel(request.params.id, request.body, authorOf(request))),
  );

  of.get(`${base}/people`, { config, schema: { response: replies(page(NotificationPerson)) } }, () =>
    list([...notifications.book.config.people.values()]),
  );
  of.put(
    `${base}/people/:id`,
    { config, schema: { params: Id, body: NotificationPersonPut, response: replies(NotificationPerson) } },
    (request) => notifications.putPerson({ id: request.params.id, ...request.body }, authorOf(request)),
  );
  of.get(`${base}/rosters`, { config, schema: { response: replies(page(NotificationRoster)) } }, () =>
    list([...notifications.book.config.rosters.values()]),
  );
  of.put(
    `${base}/rosters/:id`,
    { config, schema: { params: Id, body: NotificationRosterPut, response: replies(NotificationRoster) } },
    (request) => notifications.putRoster({ id: request.params.id, ...request.body }, authorOf(request)),
  );
  of.get(
    `${base}/rosters/:id/duty`,
    {
      config,
      schema: {
        summary: 'Shifts with their people that touch a span of at most 62 days',
        params: Id,
        querystring: RosterDutyQuery,
        response: replies(RosterDuties),
      },
    },
    ({ params: { id }, query: { from, to } }) => {
      const roster = notifications.book.config.rosters.get(id);
      if (roster === undefined) throw notFound('roster', id);
      return list(dutiesOn(roster, from, Math.min(to, from + maxDutyMs)));
    },
  );
  of.get(`${base}/policies`, { config, schema: { response: replies(page(NotificationPolicy)) } }, () =>
    list([...notifications.book.config.policies.values()]),
  );
  of.put(
    `${base}/policies/:id`,
    { config, schema: { params: Id, body: NotificationPolicyPut, response: replies(NotificationPolicy) } },
    (request) => notifications.putPolicy({ id: request.params.id, ...request.body }, authorOf(request)),
  );
  for (const [path, kind] of [
    ['channels', 'channel'],
    ['people', 'person'],
    ['rosters', 'roster'],
    ['policies', 'policy'],
  ] as const) {
    of.delete(
      `${base}/${path}/:id`,
      {
        config,
        schema: {
          summary: `Removes a ${kind}; 409 while something names it`,
          params: Id,
          response: { 204: Type.Null() },
        },
      },
      async (request, reply) => {
        await notifications.remove(kind, request.params.id, authorOf(request));
        return reply.code(204).send(null);
      },
    );
  }
  of.post(
    `${base}/preview`,
    {
      config,
      schema: {
        summary: 'Who would be told, by what and when, if such an alarm were announced',
        body: PreviewRequest,
        response: replies(PreviewResult),
      },
    },
    ({ body }) => Promise.resolve(notifications.preview(body)),
  );

  templateRoutes(app);

  of.get(
    `${base}/deliveries`,
    {
      config,
      schema: {
        summary:
          'Messages with their receipts, newest first; `state=waiting`: alarms that are not in a message yet; `state=dead`: dead letters',
        querystring: DeliveryQuery,
        response: replies(DeliveryPage),
      },
    },
    async ({ query }) => {
      if (query.state === 'waiting') {
        const waiting = await waitingNotices(database.db);
        return {
          items: waiting.filter(({ channel }) => (query.channel ?? channel) === channel).map(waitingView),
          next: null,
        };
      }
      const { items, next } = await listDeliveries(database.db, query);
      return { items: items.map(deliveryView), next };
    },
  );
  of.post(
    `${base}/deliveries/:id/retry`,
    {
      config,
      schema: {
        summary: 'Sends a dead letter again, under the id that it had',
        params: Type.Object({ id: Type.String({ maxLength: 100 }) }),
        response: replies(NotificationDelivery),
      },
    },
    async (request) => deliveryView(await notifications.sendAgain(request.params.id, authorOf(request))),
  );
}

const list = <T>(items: T[]) => Promise.resolve({ items, next: null });
