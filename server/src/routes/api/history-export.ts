import { createReadStream, type ReadStream } from 'node:fs';
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { HistoryExportQuery } from '@plantroom/contracts';
import type { FastifyInstance } from 'fastify';
import Type from 'typebox';
import { writeParquet } from '../../historian/export/write-parquet.ts';
import { AccessError } from '../../plugins/app/auth.ts';
import { exportSlots } from './export-slots.ts';
import { notFound, replies, typed } from './replies.ts';

/** Each reads for minutes and needs disk for its file; more are asked to come back. */
const mostAtOnce = 2;

const File = Type.Unsafe<ReadStream>({ type: 'string', format: 'binary', description: 'a Parquet file' });

/** History as a file. It is written to disk first: then what fails has a status of its own, and no memory grows with the range. */
export function historyExportRoutes(app: FastifyInstance): void {
  const { engine, historian } = app.services;
  const take = exportSlots(mostAtOnce);

  const pointsOf = ({ point, equipment }: HistoryExportQuery): string[] => {
    if (point === undefined && equipment === undefined) return [...engine.plant.points.keys()].sort();
    const wanted = new Set(point === undefined ? [] : [point].flat());
    for (const id of equipment === undefined ? [] : [equipment].flat()) {
      if (!engine.plant.equipment.has(id)) throw notFound('equipment', id);
      for (const each of engine.plant.points.keys()) if (each.startsWith(`${id}/`)) wanted.add(each);
    }
    return [...wanted].sort();
  };

  typed(app).get(
    '/api/points/history/export',
    { schema: { querystring: HistoryExportQuery, response: replies(File) } },
    async ({ query }, reply) => {
      const { from, to, resolution, aggregate = 'raw' } = query;
      if (to <= from) throw new AccessError(400, 'INVALID_REQUEST', `to (${to}) must be after from (${from})`, 'to');
      if (aggregate !== 'raw' && resolution === undefined) {
        throw new AccessError(400, 'INVALID_REQUEST', `aggregate "${aggregate}" needs a resolution, ms`, 'resolution');
      }
      const points = pointsOf(query);
      const giveBack = take();
      const folder = await mkdtemp(join(tmpdir(), 'plantroom-export-')).catch((error: unknown) => {
        giveBack();
        throw error;
      });
      const left = new AbortController();
      const leave = (): void => left.abort(new Error('the client has gone'));
      reply.raw.once('close', leave);
      const cleanUp = async (): Promise<void> => {
        reply.raw.off('close', leave);
        await rm(folder, { recursive: true, force: true });
        giveBack();
      };
      try {
        const path = join(folder, 'history.parquet');
        const range = {
          fromMs: from,
          toMs: to,
          aggregate,
          ...(resolution === undefined ? {} : { resolutionMs: resolution }),
        };
        await writeParquet({ historian, points, range, path, signal: left.signal });
        const { size } = await stat(path);
        const file = createReadStream(path);
        file.once('close', () => void cleanUp());
        return await reply
          .type('application/vnd.apache.parquet')
          .header('content-length', size)
          .header('content-disposition', `attachment; filename="history-${from}-${to}.parquet"`)
          .send(file);
      } catch (error) {
        await cleanUp();
        throw error;
      }
    },
  );
}
