import {
  FloodQuery,
  type JournalRow,
  type PositionFlood,
  PositionFlood as PositionFloodSchema,
  page,
} from '@plantroom/contracts';
import type { FastifyInstance } from 'fastify';
import { floodOf, floodSource } from '../../engine/flood-desk.ts';
import { readJournal } from '../../repositories/journal-repository.ts';
import { leaving } from './leaving.ts';
import { notFound, replies, typed } from './replies.ts';

const usualLimit = 50;

/** Floods of alarms at operating positions: those that go on, and the past ones as the journal has them. */
export function alarmFloodRoutes(app: FastifyInstance): void {
  const { engine, operations, database, clock } = app.services;
  typed(app).get(
    '/api/alarms/floods',
    { schema: { querystring: FloodQuery, response: replies(page(PositionFloodSchema)) } },
    async ({ query: { site, position, after, limit = usualLimit } }, reply) => {
      if (!engine.plant.sites.has(site)) throw notFound('site', site);
      const positions = operations.positionsOf(site).filter(({ id }) => position === undefined || id === position);
      if (position !== undefined && positions.length === 0) throw notFound('position', position);
      const signal = leaving(reply);
      const rows: { row: JournalRow; view: PositionFlood }[] = [];
      for (const { id, name } of positions) {
        const alarm = floodSource({ site, position: id });
        const wanted = {
          alarm,
          action: 'flood-ended' as const,
          limit: limit + 1,
          ...(after === undefined ? {} : { after }),
        };
        for (const row of (await readJournal(database.db, wanted, signal)).items) {
          const view = floodOf(row, name);
          if (view !== null) rows.push({ row, view });
        }
      }
      rows.sort((a, b) => b.row.seq - a.row.seq);
      const past = rows.slice(0, limit);
      const going = after === undefined ? engine.floods.open(clock.nowMs()) : [];
      return {
        items: [
          ...going.filter((flood) => flood.site === site && (position === undefined || flood.position === position)),
          ...past.map(({ view }) => view),
        ],
        next: rows.length > limit ? String(past.at(-1)?.row.seq) : null,
      };
    },
  );
}
