import { Alarm, AlarmActRequest, AlarmActResult, AlarmQuery, page } from '@plantroom/contracts';
import type { FastifyInstance } from 'fastify';
import { operators, replies, typed } from './replies.ts';

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
            (query.priority === undefined || alarm.priority === query.priority),
        );
      return Promise.resolve({ items, next: null });
    },
  );
  for (const [url, type] of [
    ['/api/alarms/ack', 'acknowledge'],
    ['/api/alarms/reset', 'reset'],
  ] as const) {
    typed(app).post(
      url,
      { config: { roles: operators }, schema: { body: AlarmActRequest, response: replies(AlarmActResult) } },
      ({ body, session }) => {
        const user = session?.username ?? '';
        const comment = body.comment?.trim() || null;
        return engine.command(({ work }) => {
          const result: AlarmActResult = { alarms: [], refused: [] };
          for (const id of body.ids) {
            const entry = engine.book.get(id);
            if (entry === undefined) {
              result.refused.push({ id, code: 'ALARM_UNKNOWN' });
              continue;
            }
            const { alarm, refused } = work.apply(entry, { type, user, comment });
            if (refused === undefined) result.alarms.push(alarm);
            else result.refused.push({ id, code: refused });
          }
          return Promise.resolve(result);
        });
      },
    );
  }
}
