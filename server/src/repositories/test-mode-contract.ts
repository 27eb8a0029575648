import { describe, expect, test } from 'vitest';
import { endTestMode, requestTest } from '../domain/test-modes/test-mode.ts';
import { openDatabase } from './database.ts';
import {
  findTestMode,
  findTestModeAct,
  insertTestMode,
  listTestModes,
  loadTestModes,
  nextTestModeNumber,
  updateTestMode,
} from './test-mode-repository.ts';

const dayMs = 86_400_000;
const mode = (number: number) => {
  const asked = {
    id: `test-${number}`,
    site: 'hq',
    equipment: [`hq/zone-${number}`],
    reason: '年度检测',
    workOrder: null,
    untilMs: 3_600_000,
    user: 'li',
  };
  const { mode: made } = requestTest(asked, { open: [], nowMs: 0 });
  if (made === undefined) throw new Error('the request is a good one');
  return made;
};

/** What every database engine must do alike with test modes. */
export function describeTestModes(engine: string, url: () => Promise<string>): void {
  describe(`test modes on ${engine}`, () => {
    test('they are found by id and act, listed newest first, and those over are kept as long as late data may come', async () => {
      const database = await openDatabase(await url());
      const { db } = database;
      try {
        expect(await nextTestModeNumber(db)).toBe(1);
        for (const number of [1, 2, 3]) {
          const act = number === 2 ? { act: 'once', request: '{}' } : null;
          await insertTestMode(db, mode(number), { number, act });
        }
        expect(await nextTestModeNumber(db)).toBe(4);
        const over = endTestMode(mode(1), { user: 'li', comment: null, nowMs: 1_000 });
        await updateTestMode(db, over);
        expect(await findTestMode(db, 'test-1')).toEqual(over);
        expect(await findTestMode(db, 'test-9')).toBeNull();
        expect(await findTestModeAct(db, { user: 'li', act: 'once' })).toEqual({ mode: mode(2), request: '{}' });
        expect(await findTestModeAct(db, { user: 'wang', act: 'once' })).toBeNull();
        await expect(insertTestMode(db, mode(4), { number: 4, act: { act: 'once', request: '{}' } })).rejects.toThrow();
        const page = await listTestModes(db, { limit: 2 });
        expect(page.items.map(({ id }) => id)).toEqual(['test-3', 'test-2']);
        expect((await listTestModes(db, { after: page.next ?? '' })).items).toEqual([over]);
        expect((await listTestModes(db, { site: 'hq', limit: 1 })).items.map(({ id }) => id)).toEqual(['test-3']);
        // Signs of the pattern language are taken as they are.
        for (const site of ['h', 'h_', '%']) expect((await listTestModes(db, { site })).items, site).toEqual([]);
        expect((await listTestModes(db, { state: 'open' })).items.map(({ id }) => id)).toEqual(['test-3', 'test-2']);
        expect((await loadTestModes(db, dayMs)).map(({ id }) => id)).toEqual(['test-1', 'test-2', 'test-3']);
        expect((await loadTestModes(db, 40 * dayMs)).map(({ id }) => id)).toEqual(['test-2', 'test-3']);
      } finally {
        await database.close();
      }
    });
  });
}
