import type { AlarmDefinition, SuppressionGroup } from '@plantroom/contracts';
import { describe, expect, test } from 'vitest';
import { testDefinition } from '../test-helpers/definition.ts';
import type { AlarmPlace, GraphNode, PlantGraph } from './plant-graph.ts';
import { possibleCauses } from './possible-causes.ts';
import { deadlocked } from './suppressor.ts';

const nodes: Record<string, GraphNode> = {
  grid: { class: 'meter', parent: null, dependsOn: [] },
  feeder: { class: 'meter', parent: null, dependsOn: ['grid'] },
  set: { class: 'pump-set', parent: null, dependsOn: ['feeder'] },
  pump: { class: 'pump', parent: 'set', dependsOn: [] },
  valve: { class: 'actuator', parent: 'pump', dependsOn: ['valve'] },
  zone: { class: 'zone', parent: null, dependsOn: [{ oneOf: ['set', 'valve'], needs: 1 }] },
};
const definition = (equipment: string, rule: string, over: Partial<AlarmDefinition> = {}): AlarmDefinition =>
  testDefinition({ id: `${equipment}/x#${rule}`, source: `${equipment}/x`, equipment, ...over });
const group = (over: SuppressionGroup['over'], rest: Partial<SuppressionGroup> = {}): SuppressionGroup => ({
  over,
  settleMs: 1000,
  ...rest,
});
const graphOf = (alarms: readonly AlarmDefinition[], place: Partial<AlarmPlace> = {}): PlantGraph => ({
  node: (id) => nodes[id],
  placeOf: ({ equipment }) => ({
    device: null,
    connection: null,
    gateway: null,
    equipment: equipment === null ? [] : [equipment],
    ...place,
  }),
  interlocksOf: (id) => (id === 'set' ? ['panel'] : []),
  suppressorsOf: (owner) => alarms.filter((one) => (one.equipment ?? one.source) === owner && one.suppresses),
  alarmOf: (equipment, rule) => alarms.find((one) => one.equipment === equipment && one.id.endsWith(`#${rule}`)),
});
const causesOf = (child: AlarmDefinition, cause: AlarmDefinition, place?: Partial<AlarmPlace>): string[] =>
  possibleCauses(graphOf([cause, child], place), child).map(({ id }) => id);

describe('over its edges an alarm suppresses', () => {
  const child = definition('pump', 'flow-low');

  test.each([
    ['equipment', 'pump', true],
    ['equipment', 'set', false],
    ['parts', 'set', true],
    ['parts', 'pump', false],
    ['dependants', 'feeder', true],
    ['dependants', 'grid', true],
    ['dependants', 'set', false],
    ['dependants', 'valve', false],
    ['interlocked', 'panel', true],
    ['interlocked', 'set', false],
    ['dependants', 'panel', false],
  ] as const)('%s: from %s %s', (over, owner, isCause) => {
    const cause = definition(owner, 'stopped', { suppresses: [group([over])] });
    expect(causesOf(child, cause)).toEqual(isCause ? [cause.id] : []);
  });

  test('each of several alternatives, and what is above them', () => {
    const [zone, over] = [definition('zone', 'warm'), { suppresses: [group(['dependants'])] }];
    expect(causesOf(zone, definition('set', 'stopped', over))).toHaveLength(1);
    expect(causesOf(zone, definition('grid', 'stopped', over))).toHaveLength(1);
    expect(causesOf(zone, definition('tank', 'stopped', over))).toHaveLength(0);
  });

  test.each(['device', 'connection', 'gateway'] as const)('what is read through its %s', (over) => {
    const cause = testDefinition({ id: 'link#offline', source: 'link', equipment: null, suppresses: [group([over])] });
    expect(causesOf(child, cause, { [over]: 'link' })).toEqual(['link#offline']);
    expect(causesOf(child, cause, { [over]: 'other' })).toEqual([]);
  });

  test('parts of parts, and an equipment that depends on itself is no trouble', () => {
    const cause = definition('set', 'stopped', { suppresses: [group(['parts'])] });
    expect(causesOf(definition('valve', 'stuck'), cause)).toEqual([cause.id]);
  });

  test('the alarm of a device only when all that it serves hangs on the cause', () => {
    const cause = definition('feeder', 'lost', { suppresses: [group(['dependants'])] });
    const offline = testDefinition({ id: 'box#offline', source: 'box', equipment: null });
    expect(causesOf(offline, cause, { equipment: ['pump', 'set'] })).toEqual([cause.id]);
    expect(causesOf(offline, cause, { equipment: ['pump', 'grid'] })).toEqual([]);
    expect(causesOf(offline, cause, { equipment: [] })).toEqual([]);
  });
});

test('only what its selection allows, the longest settling time of the groups that do, never itself, never life safety', () => {
  const suppresses = [
    group(['equipment'], { alarms: { rules: ['flow-low', 'stopped'] }, settleMs: 5000 }),
    group(['equipment'], { alarms: { classes: ['pump'], conditions: ['limit'] } }),
  ];
  const cause = definition('pump', 'stopped', { suppresses });
  const of = (child: AlarmDefinition) => possibleCauses(graphOf([cause, child]), child);
  expect(of(definition('pump', 'flow-low'))).toEqual([{ id: cause.id, settleMs: 5000, overDependants: false }]);
  expect(of(definition('pump', 'hot'))).toMatchObject([{ settleMs: 1000 }]);
  expect(of(definition('pump', 'hot', { condition: { type: 'non-zero' } }))).toEqual([]);
  expect(of(definition('pump', 'flow-low', { lifeSafety: true }))).toEqual([]);
  expect(of(cause)).toEqual([]);
});

test('what hides an alarm, and what only withholds its order, are told apart', () => {
  const cause = definition('pump', 'stopped', {
    suppresses: [
      group(['equipment'], { alarms: { rules: ['flow-low'] } }),
      group(['equipment'], { alarms: { rules: ['hot'] }, hides: 'order' }),
    ],
  });
  const of = (rule: string, what: 'alarm' | 'order', over: Partial<AlarmDefinition> = {}) => {
    const child = definition('pump', rule, over);
    return possibleCauses(graphOf([cause, child]), child, what).length;
  };
  expect([of('flow-low', 'alarm'), of('flow-low', 'order')]).toEqual([1, 0]);
  expect([of('hot', 'alarm'), of('hot', 'order')]).toEqual([0, 1]);
  expect(of('hot', 'order', { lifeSafety: true })).toBe(0);
});

test('of a ring of waits one is let go, and none that is merely behind it or waits for something else', () => {
  const waits = (of: Record<string, string[]>) => deadlocked(new Map(Object.entries(of)));
  expect(waits({ c: ['b'], b: ['a'], a: ['b'] })).toBe('b');
  expect(waits({ b: ['a'], a: ['elsewhere'] })).toBeUndefined();
  expect(waits({})).toBeUndefined();
});
