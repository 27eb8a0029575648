import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { fireFacts, testFacts } from '../test-helpers/messages.ts';
import { gather, type Notice } from './gather.ts';
import type { NoticeFlood } from './notice-flood.ts';

const floods: NoticeFlood[] = ['a', 'b'].map((id) => ({
  id,
  position: { zh: id, en: id },
  beganMs: 1000,
  endedMs: null,
}));

const notices: fc.Arbitrary<Notice[]> = fc
  .array(
    fc.record({
      rank: fc.constantFrom(0 as const, 1 as const, 2 as const),
      flood: fc.constantFrom(null, ...floods),
      dueMs: fc.nat({ max: 10 }),
      person: fc.constantFrom('an', 'bo'),
    }),
    { maxLength: 30 },
  )
  .map((all) =>
    all.map(({ rank, flood, dueMs, person }, at): Notice => {
      const id = `hq/e${at}/x#y`;
      const facts =
        rank === 0 ? fireFacts({ alarm: id }) : testFacts({ alarm: id, priority: rank === 1 ? 'critical' : 'high' });
      return {
        id,
        call: `${at}.p`,
        kind: 'alarm',
        held: false,
        flood: rank === 2 ? flood : null,
        person,
        contact: 0,
        channel: 'hook',
        address: person,
        language: 'en',
        rank,
        createdMs: 0,
        dueMs: rank === 2 ? dueMs : 0,
        facts,
        link: null,
      };
    }),
  );

describe('gathering', () => {
  test('with room, all that is urgent goes out at once and alone, whatever floods', () => {
    fc.assert(
      fc.property(notices, fc.boolean(), (all, byAddress) => {
        const out = gather(all, { nowMs: 0, room: () => Number.POSITIVE_INFINITY, byAddress });
        for (const urgent of all.filter(({ rank }) => rank < 2)) {
          const mine = out.filter((each) => each.notices.includes(urgent));
          expect(mine.map((each) => [each.notices.length, each.summary])).toEqual([[1, null]]);
        }
      }),
    );
  });

  test('a summary is of one flood; nothing goes out twice, and nothing is left once all is due', () => {
    fc.assert(
      fc.property(notices, (all) => {
        const out = gather(all, { nowMs: 10, room: () => Number.POSITIVE_INFINITY, byAddress: true });
        expect(out.flatMap((each) => each.notices).toSorted((a, b) => (a.id < b.id ? -1 : 1))).toEqual(
          all.toSorted((a, b) => (a.id < b.id ? -1 : 1)),
        );
        for (const { notices: mine, summary } of out) {
          expect(new Set(mine.map(({ flood }) => flood?.id)).size).toBe(1);
          expect(summary).toBe(mine[0]?.flood === null ? null : 'flood');
        }
      }),
    );
  });
});
