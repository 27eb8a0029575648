import type { AlarmDefinition, Supply } from '@plantroom/contracts';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { testDefinition } from '../test-helpers/definition.ts';
import type { PlantGraph } from './plant-graph.ts';
import { type Explaining, reaching, type Standing } from './reach.ts';

type Edges = Record<string, { parent?: string; dependsOn?: Supply[] }>;

const lost = (equipment: string): AlarmDefinition =>
  testDefinition({ id: `${equipment}/x#lost`, source: `${equipment}/x`, equipment });
/** Those of `tells` have an alarm of the rule themselves. */
const graphOf = (edges: Edges, tells: readonly string[] = []): PlantGraph => ({
  node: (id) => edges[id] && { class: 'meter', parent: edges[id].parent ?? null, dependsOn: edges[id].dependsOn ?? [] },
  placeOf: () => ({ equipment: [], device: null, connection: null, gateway: null }),
  interlocksOf: () => [],
  suppressorsOf: () => [],
  alarmOf: (equipment, rule) => (rule === 'lost' && tells.includes(equipment) ? lost(equipment) : undefined),
});
const cause = (equipment: string, standing: Standing = 'is', told: Standing = 'is'): Explaining => ({
  definition: lost(equipment),
  standing,
  hasTold: () => told,
});
const of = (map: ReadonlyMap<string, Standing>): Record<string, Standing> =>
  Object.fromEntries([...map].map(([id, standing]) => [id.split('/')[0], standing]));

test('a way is open where what lies between has told of the same or cannot tell of it', () => {
  const edges: Edges = { pump: { parent: 'set' }, set: { dependsOn: ['feeder'] }, feeder: { dependsOn: ['grid'] } };
  const reached = (tells: string[], told: Standing) =>
    of(reaching(graphOf({ ...edges, grid: {} }, tells), 'pump', [cause('grid', 'is', told)])).grid;
  expect(reached(['feeder', 'grid'], 'is')).toBe('is');
  expect(reached(['feeder', 'grid'], 'may')).toBe('may');
  expect(reached(['feeder', 'grid'], 'not') ?? 'not').toBe('not');
  expect(reached(['grid'], 'not')).toBe('is');
  // It does not hang on itself: what it tells of itself closes no way.
  expect(reached(['pump', 'grid'], 'not')).toBe('is');
});

describe('of alternatives', () => {
  const chillers = ['a', 'b', 'c'];
  const zone = (needs: number, more: Edges = {}): PlantGraph =>
    graphOf({ a: {}, b: {}, c: {}, zone: { dependsOn: [{ oneOf: chillers, needs }] }, ...more });
  const all = (standings: Standing[], needs: number): Record<string, Standing> =>
    of(
      reaching(
        zone(needs),
        'zone',
        standings.map((standing, i) => cause(chillers[i] ?? '', standing)),
      ),
    );

  test.each<[needs: number, standings: Standing[], a: Standing]>([
    [1, ['is', 'not', 'not'], 'not'],
    [1, ['is', 'is', 'not'], 'not'],
    [1, ['is', 'is', 'is'], 'is'],
    [1, ['is', 'is', 'may'], 'may'],
    [1, ['may', 'may', 'may'], 'may'],
    [2, ['is', 'not', 'not'], 'not'],
    [2, ['is', 'is', 'not'], 'is'],
    [2, ['is', 'may', 'not'], 'may'],
    [2, ['is', 'may', 'may'], 'may'],
    // A third whose loss nobody knows adds nothing to what is certain.
    [2, ['is', 'is', 'may'], 'is'],
  ])('that %i of have to work and are lost: %j, the first explains: %s', (needs, standings, a) => {
    expect(all(standings, needs).a ?? 'not').toBe(a);
  });

  test('each that is lost is a cause, one that is not is none', () => {
    expect(all(['is', 'is', 'not'], 2)).toEqual({ a: 'is', b: 'is' });
    expect(all(['is', 'is', 'may'], 2)).toEqual({ a: 'is', b: 'is', c: 'may' });
  });

  test('two that hang on one meter are lost with it, and one that is lost by itself with one that has lost its meter', () => {
    const two = (a: string, b: string, causes: string[]) =>
      of(
        reaching(
          graphOf({
            a: { dependsOn: [a] },
            b: { dependsOn: [b] },
            meter: {},
            other: {},
            ahu: { dependsOn: [{ oneOf: ['a', 'b'], needs: 1 }] },
            zone: { dependsOn: ['ahu'] },
          }),
          'zone',
          causes.map((id) => cause(id)),
        ),
      );
    expect(two('meter', 'meter', ['meter'])).toEqual({ meter: 'is' });
    expect(two('meter', 'other', ['meter'])).toEqual({});
    expect(two('meter', 'other', ['meter', 'b'])).toEqual({ meter: 'is', b: 'is' });
  });

  test('those that stand in for each other in a ring do not explain themselves', () => {
    const ring = graphOf({
      a: { dependsOn: [{ oneOf: ['b', 'c'], needs: 1 }] },
      b: { dependsOn: [{ oneOf: ['a', 'c'], needs: 1 }] },
      c: {},
    });
    expect(of(reaching(ring, 'a', [cause('a'), cause('b')]))).toEqual({});
    expect(of(reaching(ring, 'a', [cause('b'), cause('c')]))).toEqual({ b: 'is', c: 'is' });
  });
});

const names = ['n0', 'n1', 'n2', 'n3', 'n4', 'n5'];
const supply: fc.Arbitrary<Supply> = fc.oneof(
  fc.constantFrom(...names),
  fc
    .subarray(names, { minLength: 2, maxLength: 4 })
    .chain((oneOf) => fc.record({ oneOf: fc.constant(oneOf), needs: fc.integer({ min: 1, max: oneOf.length - 1 }) })),
);
const plants: fc.Arbitrary<Edges> = fc
  .tuple(...names.map(() => fc.array(supply, { maxLength: 2 })))
  .map((all) => Object.fromEntries(names.map((name, i) => [name, { dependsOn: all[i] ?? [] }])));
const someLost = fc.subarray(names.slice(1));

test('whatever hangs on whatever, an equipment suffers exactly when one that it needs or too many alternatives do', () => {
  fc.assert(
    fc.property(plants, someLost, (edges, gone) => {
      // Begins with what is lost itself and adds what cannot work without it, until nothing is added.
      const out = new Set(gone);
      const isMissing = (each: Supply): boolean =>
        typeof each === 'string' ? out.has(each) : each.oneOf.filter((id) => !out.has(id)).length < each.needs;
      for (let size = -1; size < out.size; ) {
        size = out.size;
        for (const name of names) if (edges[name]?.dependsOn?.some(isMissing)) out.add(name);
      }
      const suffers = edges.n0?.dependsOn?.some(isMissing) ?? false;
      const reached = reaching(
        graphOf(edges),
        'n0',
        gone.map((name) => cause(name)),
      );
      expect([...reached.values()].includes('is')).toBe(suffers);
    }),
    { numRuns: 500 },
  );
});

test('one more that is lost, or may be, never explains less', () => {
  const rank = { not: 0, may: 1, is: 2 };
  const more = fc.record({ name: fc.constantFrom(...names.slice(1)), standing: fc.constantFrom('may', 'is') });
  fc.assert(
    fc.property(plants, someLost, more, (edges, gone, { name, standing }) => {
      const before = gone.filter((one) => one !== name).map((one) => cause(one));
      const [few, many] = [before, [...before, cause(name, standing as Standing)]].map((causes) =>
        reaching(graphOf(edges), 'n0', causes),
      );
      for (const [id, was] of few ?? []) expect(rank[many?.get(id) ?? 'not']).toBeGreaterThanOrEqual(rank[was]);
    }),
    { numRuns: 500 },
  );
});
