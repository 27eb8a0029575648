import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Database, openDatabase } from '../repositories/database.ts';
import { appendJournal, type JournalWrite, readJournal } from '../repositories/journal-repository.ts';
import { FloodDesk, type FloodPlace, type FloodPlaces } from './flood-desk.ts';
import { UnitOfWork } from './unit-of-work.ts';

const minuteMs = 60_000;
const startMs = 100 * minuteMs;
const place = (position: string): FloodPlace => ({ site: 'hq', position, name: { zh: position, en: position } });
const positions = [place('desk'), place('plant')] as const;
/** Pumps are the second one's. */
const places: FloodPlaces = {
  all: () => positions,
  placeOf: (alarm) => positions[alarm.includes('pump') ? 1 : 0],
  systemOf: (equipment) => (equipment.includes('pump') ? 'water' : 'power'),
};

type Kind = 'told' | 'suppressed' | 'test' | 'historical' | 'returned';
interface Unit {
  waitMs: number;
  alarms: { pump: boolean; kind: Kind }[];
  restarts: boolean;
}

const unit: fc.Arbitrary<Unit> = fc.record({
  waitMs: fc.oneof(fc.constantFrom(0, 1, minuteMs, 5 * minuteMs), fc.integer({ min: 0, max: 12 * minuteMs })),
  alarms: fc.array(
    fc.record({
      pump: fc.boolean(),
      kind: fc.constantFrom<Kind[]>('told', 'told', 'told', 'suppressed', 'test', 'historical', 'returned'),
    }),
    { maxLength: 40 },
  ),
  restarts: fc.boolean(),
});

const entry = ({ pump, kind }: Unit['alarms'][number], at: number, nowMs: number): JournalWrite => {
  const equipment = pump ? `hq/pump-${at % 5}` : `hq/meter-${at % 5}`;
  return {
    alarm: `${equipment}/x#${at}`,
    equipment,
    name: null,
    lifeSafety: false,
    occurrence: null,
    action: kind === 'returned' ? 'returned' : 'activated',
    stateBefore: 'NORM',
    stateAfter: kind === 'suppressed' ? 'DSUPR' : 'UNACK',
    priority: 'high',
    atMs: nowMs,
    recordedMs: nowMs,
    historical: kind === 'historical',
    user: null,
    comment: null,
    details: kind === 'test' ? { test: 'test-1' } : null,
    value: null,
  };
};

const burst: Unit = {
  waitMs: 0,
  alarms: Array.from({ length: 11 }, () => ({ pump: true, kind: 'told' })),
  restarts: true,
};

/** What the journal says of floods and what is known of them at the end, with the restarts or without. */
async function run(units: readonly Unit[], mayRestart: boolean) {
  const database: Database = await openDatabase(':memory:');
  const { db } = database;
  try {
    let nowMs = startMs;
    let desk = new FloodDesk();
    await desk.restore(db, places, nowMs);
    for (const { waitMs, alarms, restarts } of units) {
      nowMs += waitMs;
      const work = new UnitOfWork(nowMs);
      work.journal.push(...alarms.map((each, at) => entry(each, at, nowMs)));
      desk.settle(work);
      await appendJournal(db, work.journal);
      desk.take(work.floods);
      if (!mayRestart || !restarts) continue;
      desk = new FloodDesk();
      await desk.restore(db, places, nowMs);
    }
    const rows = (await readJournal(db, { limit: 1000 })).items;
    return {
      told: rows.filter(({ details }) => details?.flood !== undefined).map(({ seq: _, ...row }) => row),
      open: desk.open(nowMs),
      isWaiting: desk.isWaiting,
    };
  } finally {
    await database.close();
  }
}

test('wherever the server restarts, the journal and the state are those of one that never did', async () => {
  let floods = 0;
  await fc.assert(
    fc.asyncProperty(fc.array(unit, { maxLength: 14 }), async (units) => {
      const [whole, restarted] = [await run(units, false), await run(units, true)];
      floods += whole.told.length;
      expect(restarted).toEqual(whole);
    }),
    // One that floods and ends, whatever chance brings.
    { numRuns: 60, examples: [[[burst, { waitMs: 12 * minuteMs, alarms: [], restarts: true }]]] },
  );
  expect(floods).toBeGreaterThan(0);
});
