import { Alarm, AlarmQuery, page } from '@plantroom/contracts';
import type { FastifyInstance } from 'fastify';
import { replies, typed } from './replies.ts';

export function alarmRoutes(app: FastifyInstance): void {
  const { engine } = app.services;
  typed(app).get(
    '/api/alarms',
    { schema: { querystring: AlarmQuery, response: replies(page(Alarm)) } },
    ({ query }) => {
      const entries = query.all === true || query.state === 'NORM' ? engine.book.all() : engine.book.standing();
      const items = [...entries]
        .map((entry) => entry.alarm)
        .filter(
          (alarm) =>
            (query.site === undefined || alarm.source.startsWith(`${query.site}/`)) &&
            (query.equipment === undefined || alarm.equipment === query.equipment) &&
            (query.state === undefined || alarm.state === query.state) &&
            (query.priority === undefined || alarm.priority === query.priority) &&
            (query.cause === undefined || alarm.firstOut === query.cause || alarm.suppressedBy.includes(query.cause)),
        );
      return Promise.resolve({ items, next: null });
    },
  );
}
