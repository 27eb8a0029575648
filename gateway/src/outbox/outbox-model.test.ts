import { type Reading, silentLogger, VirtualClock } from '@plantroom/contracts';
import fc from 'fast-check';
import { afterAll, expect, test } from 'vitest';
import { openMemoryOutbox } from './memory-outbox.ts';
import { type Outbox, type StoredLane, storedLanes } from './outbox.ts';
import { outboxOptions } from './outbox-contract.ts';
import type { OutboxOptions } from './outbox-options.ts';
import { openSqliteOutbox } from './sqlite-outbox.ts';
import { OutboxFolders, uplinks } from './test-helpers/field-book.ts';

const folders = new OutboxFolders();
afterAll(() => folders.remove());

type Step =
  | { do: 'append'; lane: StoredLane; count: number }
  | { do: 'commit'; uplink: string; lane: StoredLane; share: number }
  | { do: 'read'; lane: StoredLane; share: number; most: number }
  | { do: 'advance'; ms: number }
  | { do: 'reopen' };

const lane = fc.constantFrom<StoredLane>('safety', 'live', 'live', 'live');
const share = fc.double({ min: 0, max: 1, noNaN: true });
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({ do: fc.constant('append' as const), lane, count: fc.integer({ min: 1, max: 60 }) }),
  },
  {
    weight: 3,
    arbitrary: fc.record({ do: fc.constant('commit' as const), uplink: fc.constantFrom(...uplinks), lane, share }),
  },
  {
    weight: 3,
    arbitrary: fc.record({ do: fc.constant('read' as const), lane, share, most: fc.integer({ min: 1, max: 90 }) }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant('advance' as const),
      ms: fc.constantFrom(1, 100, 999, 1000, 30_000, 3_600_000),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('reopen' as const) }) },
);

/** The outbox as anybody would write it down: everything in two lists. */
class Model {
  readonly produced: Record<StoredLane, Reading[]> = { safety: [], live: [] };
  readonly committed = Object.fromEntries(uplinks.map((uplink) => [uplink, { safety: 0, live: 0 }]));

  done(of: StoredLane): number {
    return Math.min(...uplinks.map((uplink) => this.committed[uplink]?.[of] ?? 0));
  }
}

function play(steps: readonly Step[], open: (options: OutboxOptions) => Outbox, bounds: Partial<OutboxOptions>): void {
  const clock = new VirtualClock();
  const options = outboxOptions({ clock, logger: silentLogger, ...bounds });
  const model = new Model();
  let outbox = open(options);
  const bounded = bounds.maxBytes !== undefined || bounds.maxAgeMs !== undefined;
  for (const now of steps) {
    if (now.do === 'advance') clock.advance(now.ms);
    else if (now.do === 'reopen') {
      outbox.close();
      outbox = open(options);
    } else if (now.do === 'append') {
      const first = model.produced[now.lane].length;
      const readings = Array.from({ length: now.count }, (_, i): Reading => {
        const point = `tower/p${i % 5}/${now.lane}`;
        return { point, value: first + i, quality: 'good', wireTimeMs: clock.nowMs() + i };
      });
      expect(outbox.append(now.lane, readings)).toBe(first + now.count);
      model.produced[now.lane].push(...readings);
    } else if (now.do === 'commit') {
      const to = Math.round(model.produced[now.lane].length * now.share);
      outbox.commit(now.uplink, now.lane, to);
      const held = model.committed[now.uplink];
      if (held !== undefined) held[now.lane] = Math.max(held[now.lane], to);
    } else {
      const from = Math.round(model.produced[now.lane].length * now.share);
      const slice = outbox.read(now.lane, from, now.most);
      expect(slice?.readings.length ?? 0).toBeLessThanOrEqual(now.most);
      // Nothing of it is gone before all have it.
      if (!bounded && from >= model.done(now.lane))
        expect(slice?.readings ?? []).toEqual(model.produced[now.lane].slice(from, from + now.most));
    }
    check(outbox, model, bounds);
  }
  for (const each of storedLanes) checkContents(outbox, model, each);
  outbox.close();
}

function check(outbox: Outbox, model: Model, { maxBytes }: Partial<OutboxOptions>): void {
  for (const each of storedLanes) {
    expect(outbox.position(each)).toBe(model.produced[each].length);
    for (const uplink of uplinks) expect(outbox.committed(uplink, each)).toBe(model.committed[uplink]?.[each]);
  }
  const { bytes, dropped } = outbox.stats();
  // The newest batch of each lane stays, whatever it takes.
  if (maxBytes !== undefined) expect(bytes).toBeLessThanOrEqual(maxBytes + 2_000);
  // Safety goes only when there is no telemetry left but the newest batch.
  if (dropped.safety > 0 && maxBytes !== undefined)
    expect(outbox.holes().some((hole) => hole.lane === 'safety')).toBe(true);
}

/** What some uplink still needs is there as it was, in order, or within a hole that names the uplink; and holes count no more than is missing. */
function checkContents(outbox: Outbox, model: Model, of: StoredLane): void {
  const there = new Set<number>();
  let last = -1;
  for (let from = 0; ; ) {
    const slice = outbox.read(of, from, 37);
    if (slice === undefined) break;
    for (const reading of slice.readings) {
      const position = Number(reading.value);
      expect(reading).toEqual(model.produced[of][position]);
      expect(position).toBeGreaterThan(last);
      last = position;
      there.add(position);
    }
    from = slice.to;
  }
  const holes = outbox.holes().filter((hole) => hole.lane === of);
  for (const uplink of uplinks)
    for (let p = model.committed[uplink]?.[of] ?? 0; p < model.produced[of].length; p++)
      if (!there.has(p) && !holes.some((h) => h.first <= p && p < h.next && h.uplinks.includes(uplink)))
        throw new Error(`${of} ${p} is missing for ${uplink} and no hole tells`);
  const missing = model.produced[of].length - there.size;
  const told = holes.reduce((sum, { count }) => sum + (count ?? 0), 0);
  expect(told).toBeLessThanOrEqual(missing);
  let needed = 0;
  for (let p = model.done(of); p < model.produced[of].length; p++) if (!there.has(p)) needed++;
  expect(told).toBeGreaterThanOrEqual(needed);
}

const steps = fc.array(step, { minLength: 5, maxLength: 60 });
const withoutReopen = steps.map((all) => all.filter((each) => each.do !== 'reopen'));

test.each([
  ['unbounded', {}],
  ['bounded by bytes', { maxBytes: 6_000 }],
  ['bounded by age', { maxAgeMs: 3_000_000 }],
  ['bounded by both', { maxBytes: 9_000, maxAgeMs: 40_000_000 }],
])('memory, %s: whatever is done in whatever order, it says what a list would say', (_, bounds) => {
  fc.assert(
    fc.property(withoutReopen, (all) => play(all, openMemoryOutbox, bounds)),
    { numRuns: 150, seed: 3 },
  );
});

test.each([
  ['unbounded', {}],
  ['bounded by bytes', { maxBytes: 6_000 }],
  ['bounded by age', { maxAgeMs: 3_000_000 }],
])(
  'SQLite, %s: the same, over openings too',
  (_, bounds) => {
    fc.assert(
      fc.property(steps, (all) => {
        const file = folders.newFile();
        play(all, (options) => openSqliteOutbox(file, options), bounds);
      }),
      { numRuns: 25, seed: 3 },
    );
  },
  60_000,
);
