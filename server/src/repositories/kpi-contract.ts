import { sql } from 'kysely';
import { describe, expect, test } from 'vitest';
import type { KpiRow } from '../domain/kpi/alarm-track.ts';
import { appendAudit } from './audit-repository.ts';
import type { Db } from './database.ts';
import { appendJournal, type JournalWrite } from './journal-repository.ts';
import { auditedChanges, lastNameOf, scanForKpis } from './kpi-repository.ts';
import { journalEntry } from './test-helpers/journal-entry.ts';
import { onDatabase } from './test-helpers/on-database.ts';

/** What every database engine must do alike for the KPIs. `url` gives the address of an empty database each time it is called. */
export function describeKpis(engine: string, url: () => Promise<string>): void {
  const withDatabase = (run: (db: Db) => Promise<void>) => onDatabase(url, ({ db }) => run(db));
  const entry = (alarm: string, recordedMs: number, more: Partial<JournalWrite> = {}): JournalWrite =>
    journalEntry(`hq/${alarm}`, recordedMs, {
      equipment: 'hq/p',
      name: { zh: '名', en: `name ${recordedMs}` },
      atMs: recordedMs - 1,
      ...more,
    });
  const over = { action: 'returned', stateBefore: 'ACKED', stateAfter: 'NORM' } as const;
  const read = async (db: Db, fromMs: number, toMs: number): Promise<string[]> => {
    const found: KpiRow[] = [];
    for await (const rows of scanForKpis(db, { site: 'hq', fromMs, toMs })) found.push(...rows);
    return found.map(({ alarm, recordedMs }) => `${alarm.slice(3)} ${recordedMs}`);
  };

  describe(`rows for KPIs on ${engine}`, () => {
    test('what stood at the start comes first, since it was normal last; then the period of the site alone', () =>
      withDatabase(async (db) => {
        await appendJournal(db, [
          entry('a#1', 10),
          entry('a#1', 20, over),
          entry('a#1', 30),
          entry('b#1', 35),
          entry('a#1', 40, { action: 'acknowledged', stateBefore: 'UNACK', stateAfter: 'ACKED', user: 'li' }),
          entry('b#1', 45, over),
          entry('c#1', 100),
          { ...entry('x', 105), alarm: 'hq2/x#1' },
          entry('a#1', 110, { ...over, details: { workOrder: 'WO-000001' } }),
          entry('c#1', 200, over),
        ]);
        expect(await read(db, 100, 200)).toEqual(['a#1 30', 'a#1 40', 'c#1 100', 'a#1 110']);
        expect(await read(db, 0, 1_000)).toHaveLength(9);
        // Nothing came in the period: what stood at its start stands all through it.
        expect(await read(db, 50, 100)).toEqual(['a#1 30', 'a#1 40']);
        expect(await read(db, 300, 400)).toEqual([]);
        const portions = scanForKpis(db, { site: 'hq', fromMs: 110, toMs: 111 });
        const all: KpiRow[] = [];
        for await (const rows of portions) all.push(...rows);
        expect(all.at(-1)).toEqual({
          alarm: 'hq/a#1',
          equipment: 'hq/p',
          action: 'returned',
          stateBefore: 'ACKED',
          stateAfter: 'NORM',
          priority: 'high',
          atMs: 109,
          recordedMs: 110,
          historical: false,
          user: null,
          details: { workOrder: 'WO-000001' },
        });
      }));

    test('an empty journal has nothing', () =>
      withDatabase(async (db) => {
        expect(await read(db, 0, 100)).toEqual([]);
      }));

    test('an alarm has the name that it had last, and the audit its changes', () =>
      withDatabase(async (db) => {
        await appendJournal(db, [entry('a#1', 10), entry('a#1', 20), entry('a#1', 30, { name: null })]);
        expect(await lastNameOf(db, 'hq/a#1')).toEqual({ zh: '名', en: 'name 20' });
        expect(await lastNameOf(db, 'hq/b#1')).toBeUndefined();
        const change = { user: 'li', action: 'limit.set', reason: null, details: null };
        for (const atMs of [5, 10, 20]) await appendAudit(db, { ...change, atMs, subject: `hq/p/${atMs}` });
        expect(await auditedChanges(db, { fromMs: 5, toMs: 20 })).toEqual([
          { subject: 'hq/p/5', atMs: 5 },
          { subject: 'hq/p/10', atMs: 10 },
        ]);
      }));

    test('changes of a period are found by their time: the audit is not read as a whole', () =>
      withDatabase(async (db) => {
        if (engine !== 'SQLite') await sql`set enable_seqscan = off`.execute(db);
        const asked = sql`select subject, at_ms from audit where at_ms >= 5 and at_ms < 20 order by at_ms`;
        const explain = engine === 'SQLite' ? sql`explain query plan ${asked}` : sql`explain ${asked}`;
        const { rows } = await explain.execute(db);
        expect(JSON.stringify(rows)).toContain('audit_time');
      }));
  });
}
