import { ProblemsError } from '@plantroom/contracts';
import { loadCatalog } from '@plantroom/device-profiles';
import { expect, test } from 'vitest';
import { parseSite } from './read-site-file.ts';
import { siteGroups } from './site-suppression.ts';

const { classes } = loadCatalog().catalog;
const site = (suppression: string): string => `
site: hq
name: { zh: 总部, en: Head office }
timeZone: Asia/Shanghai
suppression:
${suppression}
spaces:
  - { id: room, kind: room, name: { zh: 机房, en: Room } }
equipment:
  - { id: tank-1, class: tank, space: room, name: { zh: 水箱, en: Tank } }
  - { id: set-1, class: booster-pump-set, space: room, dependsOn: [tank-1], name: { zh: 泵组, en: Set } }
`;
const read = (suppression: string) => parseSite('site.yaml', site(suppression), new Set(classes.keys()), classes);
function problemsOf(suppression: string): string[] {
  try {
    read(suppression);
    return [];
  } catch (error) {
    if (!(error instanceof ProblemsError)) throw error;
    return error.problems.map(({ path, line, message }) => `${line} ${path}: ${message}`);
  }
}

test('a site adds groups to alarms and takes those of the class away', () => {
  const model = read(`  add:
    - { alarm: 'tank-1/level#level-very-low', over: [dependants], alarms: { rules: [inlet-pressure-low] }, settle: 5min }
    - { alarm: 'tank-1/level#level-very-low', over: [equipment] }
  remove:
    - { alarm: 'set-1/alarm-code#fault' }`);
  const { add, removed } = siteGroups(model);
  expect(add.get('hq/tank-1/level#level-very-low')).toEqual([
    { over: ['dependants'], alarms: { rules: ['inlet-pressure-low'] }, settleMs: 300_000 },
    { over: ['equipment'], settleMs: 60_000 },
  ]);
  expect([...removed]).toEqual(['hq/set-1/alarm-code#fault']);
});

test('alarms and equipment that are not there are told together, with their lines and what there is', () => {
  const problems = problemsOf(`  add:
    - { alarm: 'tank-2/level#level-very-low', over: [dependants] }
  remove:
    - { alarm: 'tank-1/level#level-verylow' }`);
  expect(problems).toEqual([
    expect.stringMatching(/^7 \/suppression\/add\/0\/alarm: .*tank-2.*tank-1/),
    expect.stringMatching(/^9 \/suppression\/remove\/0\/alarm: .*level-verylow.*level-very-low/),
  ]);
});

test('an edge that does not exist and a settling time that is none are refused', () => {
  expect(problemsOf(`  add: [{ alarm: 'tank-1/level#level-low', over: [upstream] }]`).join()).toContain('/over');
  expect(problemsOf(`  add: [{ alarm: 'tank-1/level#level-low', over: [parts], settle: soon }]`).join()).toContain(
    '/settle',
  );
});
