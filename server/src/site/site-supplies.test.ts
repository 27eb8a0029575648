import { ProblemsError } from '@plantroom/contracts';
import { describe, expect, test } from 'vitest';
import { Plant } from '../engine/plant.ts';
import { sitePatch } from '../engine/registration.ts';
import { parseSite } from './read-site-file.ts';

const site = (dependsOn: string): string => `
site: hq
name: { zh: 总部, en: Head office }
timeZone: Asia/Shanghai
spaces:
  - { id: room, kind: room, name: { zh: 机房, en: Room } }
equipment:
  - { id: chiller-1, class: chiller, space: room, name: { zh: 冷机, en: Chiller } }
  - { id: chiller-2, class: chiller, space: room, name: { zh: 冷机, en: Chiller } }
  - { id: meter, class: meter, space: room, name: { zh: 电表, en: Meter } }
  - id: ahu
    class: ahu
    space: room
    name: { zh: 机组, en: Unit }
    dependsOn: ${dependsOn}
`;
const classes = new Set(['chiller', 'meter', 'ahu']);
const read = (dependsOn: string) => parseSite('site.yaml', site(dependsOn), classes);

test('what an equipment hangs on is one or several of which some are enough; left out, one is', () => {
  const { equipment = [] } = sitePatch(new Plant(), read('[meter, { oneOf: [chiller-1, chiller-2] }]'));
  expect(equipment.at(-1)?.dependsOn).toEqual(['hq/meter', { oneOf: ['hq/chiller-1', 'hq/chiller-2'], needs: 1 }]);
});

test('the same file again changes nothing', () => {
  const plant = new Plant();
  const model = read('[{ oneOf: [chiller-1, chiller-2, meter], needs: 2 }]');
  plant.apply(sitePatch(plant, model));
  expect(sitePatch(plant, model).equipment).toEqual([]);
});

describe('one error, with its line, for', () => {
  const shape =
    /is neither the id of an equipment nor \{ oneOf: \[id, id\], needs: 1 \} with two or more different ids/;
  test.each([
    ['a number', '[7]', '', shape],
    ['alternatives of one', '[{ oneOf: [chiller-1] }]', '', shape],
    ['alternatives that are the same', '[{ oneOf: [chiller-1, chiller-1] }]', '', shape],
    ['none that is needed', '[{ oneOf: [chiller-1, chiller-2], needs: 0 }]', '', shape],
    ['half a machine', '[{ oneOf: [chiller-1, chiller-2], needs: 1.5 }]', '', shape],
    ['a slip of the pen', '[{ oneof: [chiller-1, chiller-2] }]', '', shape],
    ['alternatives in alternatives', '[{ oneOf: [chiller-1, { oneOf: [chiller-2, meter] }] }]', '', shape],
    ['as many as there are', '[{ oneOf: [chiller-1, chiller-2], needs: 2 }]', '/needs', /needs is 2; allowed: 1 to 1/],
    ['one that is not there', '[{ oneOf: [chiller-1, chiller-3] }]', '/oneOf/1', /"chiller-3" is not known here/],
    ['the equipment itself', '[{ oneOf: [ahu, chiller-1] }]', '/oneOf/0', /"ahu" cannot stand in for what it depends/],
    ['one that is needed anyway', '[{ oneOf: [chiller-1, meter] }, meter]', '/oneOf/1', /"meter" is needed anyway/],
    ['a single one that is not there', '[chiller-3]', '', /"chiller-3" is not known here/],
  ])('%s', (_, dependsOn, path, message) => {
    let problems: ProblemsError['problems'] = [];
    try {
      read(dependsOn);
    } catch (error) {
      if (error instanceof ProblemsError) problems = error.problems;
    }
    expect(problems).toEqual([
      {
        source: 'site.yaml',
        path: `/equipment/3/dependsOn/0${path}`,
        line: 15,
        message: expect.stringMatching(message),
      },
    ]);
  });
});
