import type { Readable } from 'node:stream';
import { JournalExportQuery, type JournalFilter, JournalPage, JournalQuery } from '@plantroom/contracts';
import type { FastifyInstance } from 'fastify';
import Type from 'typebox';
import { journalFile } from '../../kpi/journal-file.ts';
import { AccessError } from '../../plugins/app/auth.ts';
import { type JournalSelection, readJournal, scanJournal } from '../../repositories/journal-repository.ts';
import { findTestMode } from '../../repositories/test-mode-repository.ts';
import { exportSlots } from './export-slots.ts';
import { leaving } from './leaving.ts';
import { notFound, replies, typed } from './replies.ts';

/** Each reads for minutes; more are asked to come back. */
const mostAtOnce = 2;

const File = Type.Unsafe<Readable>({ type: 'string', format: 'binary', description: 'a CSV or XLSX file' });
const mediaTypes = {
  csv: 'text/csv; charset=utf-8',
  xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
};

/** Search in the journal, and the journal as a file. */
export function alarmJournalRoutes(app: FastifyInstance): void {
  const { engine, catalog, database, logger } = app.services;
  const take = exportSlots(mostAtOnce);

  const selectionOf = async ({ system, ...filter }: JournalFilter): Promise<JournalSelection> => {
    const { from, to } = filter;
    if (from !== undefined && to !== undefined && to <= from) {
      throw new AccessError(400, 'INVALID_REQUEST', `to (${to}) must be after from (${from})`, 'to');
    }
    const { test } = filter;
    const mode = test === undefined ? null : await findTestMode(database.db, test);
    if (test !== undefined && mode === null) throw notFound('test mode', test);
    const tested = mode === null ? {} : { tested: mode.equipment };
    if (system === undefined) return { ...filter, ...tested };
    const classes = [...catalog.classes].filter(([, each]) => each.system === system).map(([id]) => id);
    return { ...filter, ...tested, classes };
  };

  typed(app).get(
    '/api/alarms/journal',
    { schema: { querystring: JournalQuery, response: replies(JournalPage) } },
    async ({ query: { after, limit, ...filter } }, reply) => {
      const page = { ...(after === undefined ? {} : { after }), ...(limit === undefined ? {} : { limit }) };
      const signal = leaving(reply);
      return readJournal(database.db, { ...(await selectionOf(filter)), ...page }, signal);
    },
  );

  typed(app).get(
    '/api/alarms/journal/export',
    { schema: { querystring: JournalExportQuery, response: replies(File) } },
    async ({ query }, reply) => {
      const { format, lang = 'zh-CN', ...filter } = query;
      const selection = await selectionOf(filter);
      const giveBack = take();
      const file = journalFile({
        format,
        language: lang,
        rows: scanJournal(database.db, selection, leaving(reply)),
        equipmentName: (id) => engine.plant.equipment.get(id)?.name,
        zoneOf: (alarm) => engine.plant.sites.get(alarm.split('/')[0] ?? '')?.timeZone ?? 'UTC',
      });
      file.once('error', (error) => logger.warn({ err: error }, 'an export of the journal ended early'));
      file.once('close', giveBack);
      void reply
        .type(mediaTypes[format])
        .header('content-disposition', `attachment; filename="alarm-journal.${format}"`);
      return file;
    },
  );
}
