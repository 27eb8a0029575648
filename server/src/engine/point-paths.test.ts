import { expect, test } from 'vitest';
import { testDefinition } from '../domain/test-helpers/definition.ts';
import { type EquipmentPlace, Plant, type PointPlace } from './plant.ts';
import { pointFinder, reachOf, toDefine } from './point-paths.ts';

const text = { zh: '测试', en: 'test' };
const equipment = (id: string, over: Partial<EquipmentPlace> = {}): EquipmentPlace => ({
  id: `hq/${id}`,
  site: 'hq',
  class: id.split('-')[0] ?? id,
  name: text,
  space: null,
  parent: null,
  dependsOn: [],
  origin: 'site-file',
  ...over,
});
const point = (id: string): PointPlace => ({
  id: `hq/${id}`,
  equipment: `hq/${id.split('/')[0]}`,
  class: null,
  unit: null,
  lane: 'live',
  silenceMs: null,
  derived: false,
  write: null,
  gateway: 'hq/edge',
  device: 'hq/edge/box',
});
const plant = new Plant();
plant.apply({
  equipment: [
    equipment('zone-1', { dependsOn: ['hq/meter-1', 'hq/ahu-1'] }),
    equipment('zone-2', { dependsOn: [{ oneOf: ['hq/ahu-1', 'hq/ahu-2'], needs: 1 }] }),
    equipment('ahu-1', { dependsOn: ['hq/chiller-1'] }),
    equipment('chiller-1'),
    equipment('pump-1', { parent: 'hq/set-1' }),
    equipment('set-1'),
    equipment('meter-1'),
  ],
  points: [point('zone-1/temperature'), point('ahu-1/run-mode'), point('chiller-1/running'), point('set-1/enabled')],
});

test.each([
  ['zone-1', 'temperature', 'hq/zone-1/temperature'],
  ['zone-1', 'humidity', null],
  ['pump-1', 'parent/enabled', 'hq/set-1/enabled'],
  ['set-1', 'parent/enabled', null],
  ['zone-1', 'depends-on:ahu/run-mode', 'hq/ahu-1/run-mode'],
  ['zone-1', 'depends-on:ahu/depends-on:chiller/running', 'hq/chiller-1/running'],
  ['zone-1', 'depends-on:boiler/running', null],
  ['zone-2', 'depends-on:ahu/depends-on:chiller/running', 'hq/chiller-1/running'],
])('from %s the path %s leads to %s', (from, path, to) => {
  expect(pointFinder(plant, `hq/${from}`)(path)).toBe(to);
});

test('rules are looked at again when a point comes that they may name, others are not', () => {
  const far = reachOf([
    testDefinition({ enabledWhen: { when: { point: 'depends-on:ahu/depends-on:chiller/running', is: [true] } } }),
  ]);
  const near = reachOf([testDefinition({ condition: { type: 'mismatch', feedback: 'running' } })]);
  expect([far, near, reachOf([testDefinition()])]).toEqual(['far', 'near', null]);
  const reaches = new Map([
    ['hq/zone-1', far],
    ['hq/zone-2', far],
    ['hq/pump-1', near],
  ]);
  const concerned = (...points: string[]) => [...toDefine(plant, { points: points.map(point) }, reaches)];
  expect(concerned('chiller-1/running')).toEqual(['hq/zone-1', 'hq/zone-2']);
  expect(concerned('pump-1/running')).toEqual(['hq/pump-1']);
  expect(concerned('meter-1/power')).toEqual(['hq/zone-1']);
  expect(concerned('set-1/enabled')).toEqual([]);
});
