import {
  AlarmKpiQuery,
  AlarmKpiReport,
  OperatingPosition,
  OperatingPositionQuery,
  page,
  Shift,
  ShiftQuery,
} from '@plantroom/contracts';
import type { FastifyInstance } from 'fastify';
import { alarmKpis } from '../../kpi/alarm-kpis.ts';
import { leaving } from './leaving.ts';
import { notFound, replies, typed } from './replies.ts';

/** How alarms were in a period, and who watches what and when. */
export function alarmKpiRoutes(app: FastifyInstance): void {
  const { engine, operations } = app.services;
  const known = (site: string): string => {
    if (!engine.plant.sites.has(site)) throw notFound('site', site);
    return site;
  };
  typed(app).get(
    '/api/alarms/kpis',
    { schema: { querystring: AlarmKpiQuery, response: replies(AlarmKpiReport) } },
    ({ query }, reply) => alarmKpis(app.services, query, leaving(reply)),
  );
  typed(app).get(
    '/api/alarms/positions',
    { schema: { querystring: OperatingPositionQuery, response: replies(page(OperatingPosition)) } },
    ({ query }) => Promise.resolve({ items: [...operations.positionsOf(known(query.site))], next: null }),
  );
  typed(app).get('/api/shifts', { schema: { querystring: ShiftQuery, response: replies(page(Shift)) } }, ({ query }) =>
    Promise.resolve({ items: [...operations.shiftsOf(known(query.site))], next: null }),
  );
}
