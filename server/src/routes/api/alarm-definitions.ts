import { AlarmOverrideChange, AlarmSettings, AlarmSettingsQuery, LimitRemoval, Slug } from '@plantroom/contracts';
import type { FastifyInstance } from 'fastify';
import Type from 'typebox';
import { overrideFaults } from '../../domain/alarms/overrides.ts';
import { pointFinder } from '../../engine/point-paths.ts';
import { deleteLimit } from '../../repositories/alarm-repository.ts';
import { appendAudit } from '../../repositories/audit-repository.ts';
import { deleteOverride, saveOverride } from '../../repositories/override-repository.ts';
import { refuseFaults } from './faults.ts';
import { engineers, notFound, replies, typed } from './replies.ts';

/** Limits of points have their kind for a name: HH, H, L, LL. */
const Rule = Type.String({ pattern: '^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$' });
const Params = Type.Object({ site: Type.String(), equipment: Type.String(), point: Slug, rule: Rule });
type Params = Type.Static<typeof Params>;
const url = '/api/alarms/definitions/:site/:equipment/:point/:rule';

/** Management of change: what a site sets about the alarms of its equipment, with reason and audit. */
export function alarmDefinitionRoutes(app: FastifyInstance): void {
  const { engine, clock } = app.services;
  const { settings, plant } = engine;
  const listOf = (equipment: string) => {
    if (!plant.equipment.has(equipment)) throw notFound('equipment', equipment);
    return { items: settings.listOf(equipment) };
  };
  const addressOf = ({ site, equipment, point, rule }: Params) => {
    const owner = `${site}/${equipment}`;
    const source = `${owner}/${point}`;
    if (!plant.equipment.has(owner)) throw notFound('equipment', owner);
    if (!plant.points.has(source) && settings.classOf(owner)?.points[point] === undefined)
      throw notFound('point', source);
    return { owner, id: `${source}#${rule}` };
  };
  const stateOf = (owner: string, id: string) =>
    settings.listOf(owner).find(({ inForce }) => inForce.id === id) ?? null;

  typed(app).get(
    '/api/alarms/definitions',
    { schema: { querystring: AlarmSettingsQuery, response: replies(AlarmSettings) } },
    ({ query }) => Promise.resolve(listOf(query.equipment)),
  );
  const config = { roles: engineers };
  typed(app).put(
    url,
    { config, schema: { params: Params, body: AlarmOverrideChange, response: replies(AlarmSettings) } },
    async ({ params, body: { backtest, ...override }, session }) => {
      const { owner, id } = addressOf(params);
      const user = session?.username ?? '';
      await engine.command(async ({ db, afterCommit }) => {
        const faults = overrideFaults(
          { id, equipment: owner, override },
          {
            base: settings.basesOf(owner).find((base) => base.id === id),
            class: settings.classOf(owner),
            others: settings.definitionsOf(owner),
            find: pointFinder(plant, owner),
          },
        );
        refuseFaults(faults);
        const atMs = clock.nowMs();
        const stored = { id, equipment: owner, override, by: user, atMs };
        const before = stateOf(owner, id);
        await saveOverride(db, stored);
        const tried = backtest === undefined ? {} : { backtest };
        const inForceBefore = before?.inForce ?? null;
        const details = { before: before?.override ?? null, after: override, inForceBefore, ...tried };
        await appendAudit(db, { atMs, user, action: 'alarm.set', subject: id, reason: override.reason, details });
        afterCommit(() => {
          settings.replaceOverrides(owner, [...settings.overridesOf(owner).filter((held) => held.id !== id), stored]);
          return [engine.defineEquipment(owner)];
        });
      });
      return listOf(owner);
    },
  );
  typed(app).delete(
    url,
    { config, schema: { params: Params, querystring: LimitRemoval, response: replies(AlarmSettings) } },
    async ({ params, query, session }) => {
      const { owner, id } = addressOf(params);
      const user = session?.username ?? '';
      await engine.command(async ({ db, afterCommit }) => {
        const before = stateOf(owner, id);
        if (before?.changed == null) throw notFound('change of the alarm', id);
        const atMs = clock.nowMs();
        const { source, condition } = before.inForce;
        await deleteOverride(db, id);
        // A limit that was set on the point is such a change too.
        if (condition.type === 'limit') await deleteLimit(db, source, condition.kind);
        const details = { before: before.override, after: null, inForceBefore: before.inForce };
        await appendAudit(db, { atMs, user, action: 'alarm.reset', subject: id, reason: query.reason, details });
        afterCommit(() => {
          settings.replaceOverrides(
            owner,
            settings.overridesOf(owner).filter((held) => held.id !== id),
          );
          if (condition.type === 'limit')
            settings.replaceLimits(
              owner,
              settings.limitsOf(owner).filter(({ point, limit }) => point !== source || limit.kind !== condition.kind),
            );
          return [engine.defineEquipment(owner)];
        });
      });
      return listOf(owner);
    },
  );
}
