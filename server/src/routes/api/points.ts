import {
  EquipmentDetail,
  HistoryQuery,
  HistorySeries,
  LimitRemoval,
  limitKinds,
  literals,
  type PointLimit,
  PointLimitChange,
} from '@plantroom/contracts';
import type { FastifyInstance } from 'fastify';
import Type from 'typebox';
import { AccessError } from '../../plugins/app/auth.ts';
import { deleteLimit, saveLimit } from '../../repositories/alarm-repository.ts';
import { appendAudit } from '../../repositories/audit-repository.ts';
import { equipmentDetail } from '../../views/plant-views.ts';
import { engineers, notFound, replies, typed } from './replies.ts';

const Params = Type.Object({
  site: Type.String(),
  equipment: Type.String(),
  point: Type.String(),
  kind: literals(limitKinds),
});
const limitUrl = '/api/points/:site/:equipment/:point/limits/:kind';

/** History, and the limits that engineers set. */
export function pointRoutes(app: FastifyInstance): void {
  const { engine, historian, catalog, current, clock, outboxes } = app.services;
  typed(app).get(
    '/api/points/history',
    {
      schema: {
        querystring: HistoryQuery,
        response: replies(Type.Object({ series: Type.Array(HistorySeries) })),
      },
    },
    async ({ query }) => {
      const { from, to, resolution, aggregate = 'raw', limit = 20_000 } = query;
      if (to <= from) throw new AccessError(400, 'INVALID_REQUEST', `to (${to}) must be after from (${from})`, 'to');
      if (aggregate !== 'raw' && resolution === undefined) {
        throw new AccessError(400, 'INVALID_REQUEST', `aggregate "${aggregate}" needs a resolution, ms`, 'resolution');
      }
      const series = await historian.query({
        points: [query.point].flat(),
        fromMs: from,
        toMs: to,
        aggregate,
        limit,
        ...(resolution === undefined ? {} : { resolutionMs: resolution }),
      });
      return {
        series: series.map((each) => {
          const place = engine.plant.points.get(each.point);
          if (place === undefined) return each;
          const missing = outboxes.historyHoles(place.gateway, place.lane, { fromMs: from, toMs: to });
          return { ...each, holes: [...each.holes, ...missing].sort((a, b) => a.fromMs - b.fromMs) };
        }),
      };
    },
  );

  /** Replaces the limits of the equipment and answers it anew; without `limit` the kind is removed. */
  const change = async (
    params: Type.Static<typeof Params>,
    { limit, reason, user, backtest }: { limit: PointLimit | null; reason: string; user: string; backtest?: string },
  ) => {
    const owner = `${params.site}/${params.equipment}`;
    const point = `${owner}/${params.point}`;
    const place = engine.plant.equipment.get(owner);
    const known = engine.plant.points.has(point) || catalog.classes.get(place?.class ?? '')?.points[params.point];
    if (place === undefined || !known) throw notFound('point', point);
    await engine.command(async ({ db, afterCommit }) => {
      const isThis = (held: { point: string; limit: PointLimit }) =>
        held.point === point && held.limit.kind === params.kind;
      const before = engine.settings.limitsOf(owner).find(isThis)?.limit ?? null;
      if (limit === null && before === null) throw notFound(`limit ${params.kind} of`, point);
      const atMs = clock.nowMs();
      if (limit === null) await deleteLimit(db, point, params.kind);
      else await saveLimit(db, { point, limit, by: user, atMs });
      const action = limit === null ? 'limit.remove' : 'limit.set';
      const tried = backtest === undefined ? {} : { backtest };
      const details = { before, after: limit, ...tried };
      await appendAudit(db, { atMs, user, action, subject: point, reason, details });
      afterCommit(() => {
        const others = engine.settings.limitsOf(owner).filter((held) => !isThis(held));
        engine.settings.replaceLimits(owner, limit === null ? others : [...others, { point, limit, by: user, atMs }]);
        return [engine.defineEquipment(owner)];
      });
    });
    return equipmentDetail({ engine, catalog, current }, place);
  };

  const config = { roles: engineers };
  typed(app).put(
    limitUrl,
    { config, schema: { params: Params, body: PointLimitChange, response: replies(EquipmentDetail) } },
    ({ params, body, session }) => {
      if (body.kind !== params.kind) {
        throw new AccessError(
          400,
          'INVALID_REQUEST',
          `kind "${body.kind}" is not the address's "${params.kind}"`,
          'kind',
        );
      }
      const { backtest, ...limit } = body;
      const by = { user: session?.username ?? '', reason: body.reason };
      return change(params, { limit, ...by, ...(backtest === undefined ? {} : { backtest }) });
    },
  );
  typed(app).delete(
    limitUrl,
    { config, schema: { params: Params, querystring: LimitRemoval, response: replies(EquipmentDetail) } },
    ({ params, query, session }) =>
      change(params, { limit: null, reason: query.reason, user: session?.username ?? '' }),
  );
}
