import type { Supply } from '@plantroom/contracts';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Edges, FeederBed } from './test-helpers/feeder-bed.ts';

const feeders = ['f-a', 'f-b', 'f-c'];
const cars = ['car-1', 'car-2'];
/** Some that are needed, or two or three of which one or two are. */
const supplies: fc.Arbitrary<Supply[]> = fc.oneof(
  fc.subarray(feeders),
  fc
    .tuple(fc.subarray(feeders, { minLength: 2 }), fc.integer({ min: 1, max: 2 }))
    .map(([oneOf, needs]) => [{ oneOf, needs: Math.min(needs, oneOf.length - 1) }]),
);
const edges: fc.Arbitrary<Edges> = fc
  .tuple(...[...feeders, ...cars].map(() => supplies))
  .map((all) => Object.fromEntries([...feeders, ...cars].map((name, i) => [name, all[i] ?? []])));
const points = [...feeders.map((f) => `${f}/dead`), ...cars.flatMap((c) => [`${c}/fault`, `${c}/trapped`])];
/** What a gateway tells of one point, so many seconds after what it told before; now and then a restart of the server. */
const event = fc.record({
  afterS: fc.integer({ min: 0, max: 40 }),
  point: fc.constantFrom(...points),
  value: fc.boolean(),
  restart: fc.integer({ min: 0, max: 19 }).map((n) => n === 0),
});
type Told = { afterS: number; point: string; value: boolean; restart: boolean };

async function play(
  graph: Edges,
  events: readonly Told[],
  { suppresses, look }: { suppresses?: []; look?: (bed: FeederBed) => void },
): Promise<{ safety: string[]; raised: string[]; heard: string[] }> {
  const bed = await FeederBed.open(graph, suppresses);
  const values: Record<string, boolean> = Object.fromEntries(points.map((point) => [point, false]));
  await bed.tell(values);
  let s = 1;
  for (const { afterS, point, value, restart } of events) {
    for (const endS = s + afterS; s < endS; s++) {
      await bed.upTo(s);
      look?.(bed);
    }
    if (restart) {
      await bed.restart();
      await bed.connect();
    }
    values[point] = value;
    await bed.tell(restart ? values : { [point]: value });
    look?.(bed);
  }
  await bed.upTo(s + 120);
  look?.(bed);
  const journal = await bed.journal();
  const safety = journal
    .filter(({ alarm }) => alarm.endsWith('#trapped'))
    .map(({ alarm, action, stateAfter, atMs, recordedMs }) => `${alarm} ${action} ${stateAfter} ${atMs} ${recordedMs}`);
  const raised = journal.flatMap(({ alarm, action, atMs }) =>
    action === 'activated' || action === 'reactivated' ? [`${alarm} ${atMs}`] : [],
  );
  const heard = bed.announced.filter((source) => source.endsWith('/trapped'));
  await bed.close();
  return { safety, raised: raised.sort(), heard };
}

test('whatever depends on whatever and whatever happens, life safety is told exactly as without suppression', async () => {
  await fc.assert(
    fc.asyncProperty(edges, fc.array(event, { maxLength: 14 }), async (graph, events) => {
      const look = (bed: FeederBed): void => {
        for (const entry of bed.engine.book.all()) {
          if (!entry.definition.lifeSafety) continue;
          expect(entry.held).toBeNull();
          expect(entry.alarm.suppressedBy).toEqual([]);
          expect(entry.alarm.flags.active).toBe(entry.state.active);
        }
      };
      const [hidden, plain] = [await play(graph, events, { look }), await play(graph, events, { suppresses: [] })];
      expect(hidden.safety).toEqual(plain.safety);
      expect(hidden.heard).toEqual(plain.heard);
      // Nothing hidden goes unlogged either.
      expect(hidden.raised).toEqual(plain.raised);
    }),
    { numRuns: 40 },
  );
});

test('what is suppressed has a visible alarm that stands for it, or had one within the settling time', async () => {
  await fc.assert(
    fc.asyncProperty(edges, fc.array(event, { maxLength: 14 }), async (graph, events) => {
      const look = (bed: FeederBed): void => {
        const nowMs = bed.clock.nowMs();
        for (const { alarm, state } of bed.engine.book.all()) {
          if (!alarm.flags.suppressed || !state.holds) continue;
          const causes = alarm.suppressedBy.map((id) => bed.engine.book.get(id)?.alarm);
          const explains = causes.some(
            (cause) =>
              cause !== undefined &&
              !cause.flags.suppressed &&
              (cause.flags.active || nowMs <= (cause.returnedMs ?? 0) + 62_000),
          );
          expect(explains, `${alarm.id} at ${nowMs} by ${alarm.suppressedBy}`).toBe(true);
        }
      };
      await play(graph, events, { look });
    }),
    { numRuns: 40 },
  );
});
