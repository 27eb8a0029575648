import { sql } from 'kysely';
import { describe, expect, test } from 'vitest';
import type { Database } from './database.ts';
import {
  appendJournal,
  type JournalSelection,
  type JournalWrite,
  readJournal,
  scanJournal,
} from './journal-repository.ts';
import { savePlant } from './plant-repository.ts';
import { journalEntry } from './test-helpers/journal-entry.ts';
import { onDatabase } from './test-helpers/on-database.ts';

/** What every database engine must do alike with the journal. `url` gives the address of an empty database each time it is called. */
export function describeJournal(engine: string, url: () => Promise<string>): void {
  const withDatabase = (run: (database: Database) => Promise<void>) => onDatabase(url, run);
  const entry = (recordedMs: number, more: Partial<JournalWrite> = {}): JournalWrite =>
    journalEntry('hq/pump-1/discharge-pressure#low', recordedMs, {
      name: { zh: '出水压力低', en: 'Discharge pressure low' },
      ...more,
    });
  const equipment = (id: string, of: { class: string; name: { zh: string; en: string } }) => ({
    id,
    site: 'hq',
    space: null,
    parent: null,
    dependsOn: [],
    origin: 'site-file' as const,
    ...of,
  });

  describe(`journal on ${engine}`, () => {
    test('it only grows: the database refuses to change or remove an entry', () =>
      withDatabase(async ({ db, engine: kind }) => {
        await appendJournal(db, [entry(1), entry(2, { historical: true }), entry(3)]);
        if (kind === 'postgres') {
          await expect(sql`truncate alarm_journal`.execute(db)).rejects.toThrow('append-only');
        }
        await expect(db.updateTable('alarm_journal').set({ comment: 'no' }).execute()).rejects.toThrow('append-only');
        await expect(db.deleteFrom('alarm_journal').execute()).rejects.toThrow('append-only');
        expect((await readJournal(db, {})).items.map((item) => [item.seq, item.comment])).toEqual([
          [3, null],
          [2, null],
          [1, null],
        ]);
      }));

    test('pages go from the newest to the oldest without a gap, also over entries that come meanwhile', () =>
      withDatabase(async ({ db }) => {
        await appendJournal(db, [
          entry(1),
          entry(2, { historical: true, value: 4.5, details: { cause: 'power' } }),
          entry(3),
        ]);
        const first = await readJournal(db, { limit: 2 });
        expect(first.items).toEqual([
          { seq: 3, ...entry(3) },
          { seq: 2, ...entry(2, { historical: true, value: 4.5, details: { cause: 'power' } }) },
        ]);
        await appendJournal(db, [entry(4)]);
        const rest = await readJournal(db, { limit: 2, after: first.next ?? '' });
        expect(rest).toMatchObject({ items: [{ seq: 1 }], next: null });
      }));

    test('a portion is no boundary: what is rare is found across a long journal, both ways', () =>
      withDatabase(async ({ db }) => {
        const rare = [1, 5_000, 5_001, 12_345, 16_000];
        const all = Array.from({ length: 16_000 }, (_, at) =>
          entry(at + 1, rare.includes(at + 1) ? { action: 'reset', user: 'li' } : {}),
        );
        await appendJournal(db, all);
        const found: number[] = [];
        for (let after: string | undefined; ; ) {
          const page = await readJournal(db, { action: 'reset', limit: 2, ...(after === undefined ? {} : { after }) });
          found.push(...page.items.map(({ seq }) => seq));
          if (page.next === null) break;
          after = page.next;
        }
        expect(found).toEqual(rare.toReversed());
        const scanned: number[] = [];
        for await (const rows of scanJournal(db, { action: ['reset', 'closed'] })) {
          scanned.push(...rows.map(({ seq }) => seq));
        }
        expect(scanned).toEqual(rare);
        let count = 0;
        let largest = 0;
        for await (const rows of scanJournal(db, { equipment: 'hq/pump-1' })) {
          count += rows.length;
          largest = Math.max(largest, rows.length);
        }
        expect([count, largest]).toEqual([16_000, 5_000]);
      }));

    test('a search that nobody waits for ends', () =>
      withDatabase(async ({ db }) => {
        await appendJournal(db, [entry(1)]);
        const gone = AbortSignal.abort(new Error('gone'));
        await expect(readJournal(db, {}, gone)).rejects.toThrow('gone');
        await expect(scanJournal(db, {}, gone).next()).rejects.toThrow('gone');
      }));

    test('of a test mode: what is marked with it on its equipment, and what it has left standing', () =>
      withDatabase(async ({ db }) => {
        const zone = { alarm: 'hq/zone-1/fire#fire', equipment: 'hq/zone-1' };
        await appendJournal(db, [
          entry(100, { ...zone, details: { test: 'test-1' } }),
          entry(200, { ...zone, details: { test: 'test-12' } }),
          entry(300, { ...zone, action: 'test-ended', details: { cause: 'test-1' } }),
          entry(400, { ...zone, comment: '"test":"test-1"' }),
          entry(500, { details: { test: 'test-1' } }),
          entry(600, zone),
        ]);
        const found = async (selection: JournalSelection) =>
          (await readJournal(db, selection)).items.map(({ seq }) => seq).reverse();
        expect(await found({ test: 'test-1' })).toEqual([1, 3, 5]);
        expect(await found({ test: 'test-1', tested: ['hq/zone-1'] })).toEqual([1, 3]);
        expect(await found({ test: 'test-1', tested: [] })).toEqual([]);
        expect(await found({ test: 'test-1', tested: ['hq/zone-1'], action: ['test-ended'] })).toEqual([3]);
      }));

    test('each filter finds its entries, and together they must all hold', () =>
      withDatabase(async ({ db }) => {
        await savePlant(db, {
          equipment: [
            equipment('hq/pump-1', { class: 'pump', name: { zh: '一号加压泵', en: 'Booster pump ONE' } }),
            equipment('hq/lift-1', { class: 'elevator', name: { zh: '一号电梯', en: 'Elevator one' } }),
          ],
        });
        const lift = {
          alarm: 'hq/lift-1/entrapment#on',
          equipment: 'hq/lift-1',
          name: { zh: '困人', en: 'Entrapment' },
        };
        await appendJournal(db, [
          entry(100),
          entry(200, { ...lift, lifeSafety: true, priority: 'critical' }),
          entry(300, { ...lift, action: 'acknowledged', user: 'Wang', comment: '50% 电梯_已到场', atMs: 250 }),
          entry(400, { atMs: 50, historical: true }),
          entry(500, { alarm: 'hq/gw#offline', equipment: null, name: null, priority: 'medium' }),
          entry(600, { alarm: 'other/pump-1/x#low', equipment: 'other/pump-1' }),
        ]);
        const found = async (selection: JournalSelection) =>
          (await readJournal(db, selection)).items.map(({ seq }) => seq).reverse();
        expect(await found({})).toEqual([1, 2, 3, 4, 5, 6]);
        // Names in both languages, equipment, id, user, comment; whatever the case; all words.
        expect(await found({ q: '困人' })).toEqual([2, 3]);
        expect(await found({ q: 'ENTRAP' })).toEqual([2, 3]);
        expect(await found({ q: '加压泵' })).toEqual([1, 4]);
        expect(await found({ q: 'booster one' })).toEqual([1, 4]);
        expect(await found({ q: 'wang 到场' })).toEqual([3]);
        expect(await found({ q: 'gw#off' })).toEqual([5]);
        expect(await found({ q: 'zh' })).toEqual([]);
        // Signs of the pattern language are taken as they are.
        expect(await found({ q: '50%' })).toEqual([3]);
        expect(await found({ q: '%' })).toEqual([3]);
        expect(await found({ q: '_' })).toEqual([3]);
        expect(await found({ q: '\\' })).toEqual([]);
        expect(await found({ classes: ['elevator'] })).toEqual([2, 3]);
        expect(await found({ classes: [] })).toEqual([]);
        expect(await found({ site: 'other' })).toEqual([6]);
        expect(await found({ alarm: 'hq/gw#offline' })).toEqual([5]);
        expect(await found({ equipment: 'hq/pump-1' })).toEqual([1, 4]);
        expect(await found({ priority: ['critical', 'medium'] })).toEqual([2, 5]);
        expect(await found({ action: 'acknowledged' })).toEqual([3]);
        expect(await found({ lifeSafety: true })).toEqual([2]);
        expect(await found({ lifeSafety: false })).toEqual([1, 3, 4, 5, 6]);
        expect(await found({ historical: true })).toEqual([4]);
        expect(await found({ historical: false, equipment: 'hq/pump-1' })).toEqual([1]);
        // The start of a period is in it, its end is not; each clock for itself.
        expect(await found({ from: 200, to: 400 })).toEqual([2, 3]);
        expect(await found({ clock: 'happened', to: 200 })).toEqual([1, 4]);
        expect(await found({ clock: 'happened', from: 250, to: 251 })).toEqual([3]);
        expect(await found({ from: 700 })).toEqual([]);
        expect(await found({ q: '困人', action: 'activated', from: 100, site: 'hq' })).toEqual([2]);
      }));

    test('an entry from before names were kept is served without one', () =>
      withDatabase(async ({ db }) => {
        await appendJournal(db, [entry(1, { name: null })]);
        const { seq: _, ...row } = await db.selectFrom('alarm_journal').selectAll().executeTakeFirstOrThrow();
        await db
          .insertInto('alarm_journal')
          .values({ ...row, life_safety: null })
          .execute();
        expect((await readJournal(db, {})).items[0]).toEqual({ seq: 2, ...entry(1, { name: null }) });
        expect((await readJournal(db, { lifeSafety: false })).items).toHaveLength(2);
      }));
  });
}
