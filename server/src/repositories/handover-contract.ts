import type { ShiftReport } from '@plantroom/contracts';
import { sql } from 'kysely';
import { describe, expect, test } from 'vitest';
import type { Db } from './database.ts';
import { findHandover, handoverOf, listHandovers, saveNotes, signLeaving, signTaking } from './handover-repository.ts';
import { onDatabase } from './test-helpers/on-database.ts';

/** What every database engine must do alike with reports of shifts. `url` gives the address of an empty database each time it is called. */
export function describeHandovers(engine: string, url: () => Promise<string>): void {
  const withDatabase = (run: (db: Db) => Promise<void>) => onDatabase(url, ({ db }) => run(db));
  const shift = (fromMs: number, notes = '') => ({
    site: 'hq',
    position: null,
    shift: 'day',
    fromMs,
    toMs: fromMs + 10,
    notes,
  });
  const report: ShiftReport = {
    madeMs: 2 ** 41,
    standing: [],
    hidden: [],
    annunciated: 3,
    acknowledged: 2,
    returned: 1,
    lifeSafety: [],
    orders: [],
    away: [],
  };

  describe(`hand-overs on ${engine}`, () => {
    test('notes change until the first signature, which keeps the report; the second ends it', () =>
      withDatabase(async (db) => {
        expect(await saveNotes(db, shift(100, 'first'))).toBe(true);
        expect(await saveNotes(db, shift(100, 'second'))).toBe(true);
        const id = (await handoverOf(db, shift(100)))?.id ?? '';
        expect(await findHandover(db, id)).toMatchObject({ notes: 'second', report: null, leftBy: null });
        expect(await signTaking(db, id, { remark: null, user: 'wang', nowMs: 1 })).toBe(false);
        expect(await signLeaving(db, id, { report, notes: 'signed', user: 'li', nowMs: 5 })).toBe(true);
        expect(await signLeaving(db, id, { report, notes: 'signed', user: 'chen', nowMs: 6 })).toBe(false);
        expect(await saveNotes(db, shift(100, 'third'))).toBe(false);
        expect(await signTaking(db, id, { remark: 'seen', user: 'wang', nowMs: 7 })).toBe(true);
        expect(await signTaking(db, id, { remark: 'again', user: 'chen', nowMs: 8 })).toBe(false);
        expect(await findHandover(db, id)).toEqual({
          id,
          ...shift(100, 'signed'),
          report,
          leftBy: 'li',
          leftMs: 5,
          takenBy: 'wang',
          takenMs: 7,
          remark: 'seen',
        });
      }));

    test('the database itself refuses to change what is signed, and to remove anything', () =>
      withDatabase(async (db) => {
        await saveNotes(db, shift(100));
        await saveNotes(db, shift(200));
        const id = (await handoverOf(db, shift(100)))?.id ?? '';
        await signLeaving(db, id, { report, notes: 'signed', user: 'li', nowMs: 5 });
        const set = (column: string, value: string) =>
          sql`update shift_handovers set ${sql.ref(column)} = ${value} where seq = ${Number(id)}`.execute(db);
        for (const column of ['notes', 'body', 'left_by', 'shift', 'position']) {
          await expect(set(column, 'x'), column).rejects.toThrow('signed');
        }
        await signTaking(db, id, { remark: null, user: 'wang', nowMs: 7 });
        for (const column of ['remark', 'taken_by']) await expect(set(column, 'x'), column).rejects.toThrow('signed');
        await expect(db.deleteFrom('shift_handovers').execute()).rejects.toThrow('append-only');
        expect((await findHandover(db, id))?.takenBy).toBe('wang');
      }));

    test('each operating position has its own, beside that of the site as a whole', () =>
      withDatabase(async (db) => {
        const at = (position: string | null, notes: string) => ({ ...shift(100, notes), position });
        for (const [position, notes] of [
          [null, 'of all'],
          ['fire', 'of the fire room'],
          ['plant', 'of the plant'],
        ] as const)
          expect(await saveNotes(db, at(position, notes))).toBe(true);
        const fire = await handoverOf(db, at('fire', ''));
        expect(fire).toMatchObject({ position: 'fire', notes: 'of the fire room' });
        await signLeaving(db, fire?.id ?? '', { report, notes: 'signed', user: 'li', nowMs: 5 });
        expect(await saveNotes(db, at('fire', 'late'))).toBe(false);
        expect(await saveNotes(db, at('plant', 'still open'))).toBe(true);
        const list = async (position?: string) =>
          (await listHandovers(db, { site: 'hq', ...(position === undefined ? {} : { position }) })).items;
        expect((await list('plant')).map(({ notes }) => notes)).toEqual(['still open']);
        expect((await list()).map(({ position }) => position)).toEqual(['plant', 'fire', null]);
      }));

    test('former ones come newest first, page by page, of one site', () =>
      withDatabase(async (db) => {
        for (const fromMs of [100, 200, 300]) await saveNotes(db, shift(fromMs));
        await saveNotes(db, { ...shift(100), site: 'other' });
        const first = await listHandovers(db, { site: 'hq', limit: 2 });
        expect(first.items.map(({ fromMs }) => fromMs)).toEqual([300, 200]);
        const rest = await listHandovers(db, { site: 'hq', limit: 2, after: first.next ?? '' });
        expect([rest.items.map(({ fromMs }) => fromMs), rest.next]).toEqual([[100], null]);
      }));
  });
}
