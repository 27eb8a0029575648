import {
  Device,
  Equipment,
  EquipmentDetail,
  Gateway,
  PointQuery,
  PointWithValue,
  ProfileSummary,
  page,
  Site,
  Space,
  UnmappedMetric,
} from '@plantroom/contracts';
import type { FastifyInstance } from 'fastify';
import Type from 'typebox';
import { equipmentDetail, equipmentView, gatewayView, pointViews, withValue } from '../../views/plant-views.ts';
import { notFound, replies, typed } from './replies.ts';

const SiteQuery = Type.Object({ site: Type.Optional(Type.String()) });
const all = <T>(items: Iterable<T>) => Promise.resolve({ items: [...items], next: null });

/** What there is: sites, spaces, equipment, points with values, gateways, devices, profiles. */
export function plantRoutes(app: FastifyInstance): void {
  const { engine, catalog, current, profiles, gatewayCounts, outboxes, unmappedMetrics } = app.services;
  const { plant } = engine;
  const sources = { engine, catalog, current };
  const ofSite =
    (site: string | undefined) =>
    (item: { site: string }): boolean =>
      site === undefined || item.site === site;
  const schema = <T extends Type.TSchema>(item: T) => ({ querystring: SiteQuery, response: replies(page(item)) });

  typed(app).get('/api/sites', { schema: { response: replies(page(Site)) } }, () => all(plant.sites.values()));
  typed(app).get('/api/spaces', { schema: schema(Space) }, ({ query }) =>
    all([...plant.spaces.values()].filter(ofSite(query.site))),
  );
  typed(app).get('/api/equipment', { schema: schema(Equipment) }, ({ query }) =>
    all([...plant.equipment.values()].filter(ofSite(query.site)).map((place) => equipmentView(sources, place))),
  );
  typed(app).get(
    '/api/equipment/:site/:equipment',
    {
      schema: {
        params: Type.Object({ site: Type.String(), equipment: Type.String() }),
        response: replies(EquipmentDetail),
      },
    },
    ({ params }) => {
      const id = `${params.site}/${params.equipment}`;
      const place = plant.equipment.get(id);
      if (place === undefined) throw notFound('equipment', id);
      return Promise.resolve(equipmentDetail(sources, place));
    },
  );
  typed(app).get(
    '/api/points',
    { schema: { querystring: PointQuery, response: replies(page(PointWithValue)) } },
    ({ query }) => {
      const ids = query.id === undefined ? null : new Set([query.id].flat());
      const places = [...plant.equipment.values()].filter(
        (place) => ofSite(query.site)(place) && (query.equipment === undefined || place.id === query.equipment),
      );
      const points = places.flatMap((place) => pointViews(sources, place));
      return all(points.filter((p) => ids === null || ids.has(p.id)).map((p) => withValue(p, current)));
    },
  );
  typed(app).get('/api/gateways', { schema: schema(Gateway) }, ({ query }) =>
    all(
      [...plant.gateways.values()]
        .filter(ofSite(query.site))
        .map((place) => gatewayView(engine, place, { counts: gatewayCounts(place.id), outbox: outboxes.of(place.id) })),
    ),
  );
  typed(app).get('/api/devices', { schema: schema(Device) }, ({ query }) =>
    all([...plant.devices.values()].filter((d) => query.site === undefined || d.id.startsWith(`${query.site}/`))),
  );
  typed(app).get('/api/unmapped-metrics', { schema: schema(UnmappedMetric) }, ({ query }) =>
    all(unmappedMetrics().filter(({ gateway }) => query.site === undefined || gateway.startsWith(`${query.site}/`))),
  );
  typed(app).get('/api/profiles', { schema: { response: replies(page(ProfileSummary)) } }, () => profiles().then(all));
}
