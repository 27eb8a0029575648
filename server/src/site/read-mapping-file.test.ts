import { fileURLToPath } from 'node:url';
import type { ProblemsError } from '@plantroom/contracts';
import { loadCatalog } from '@plantroom/device-profiles';
import { expect, test } from 'vitest';
import { parseMapping, readMappingFile } from './read-mapping-file.ts';

const { classes } = loadCatalog({ folders: [], profiles: new Set(), classes: 'all' }).catalog;
const file = (...entries: string[]): string =>
  `site: tower\npoints:\n${entries.map((entry) => `  - { ${entry} }\n`).join('')}`;
const source = 'group: G, node: N, device: D';
const ahu = 'class: ahu, point: supply-temperature';

function problemsOf(text: string): string[] {
  try {
    parseMapping('map.yaml', text, classes);
  } catch (error) {
    return (error as ProblemsError).problems.map(({ line, path, message }) => `${line} ${path} ${message}`);
  }
  return [];
}

test('an entry is read with its defaults, its unit, its values and its time-out', () => {
  const text = file(
    `group: G, node: N, metric: Uptime, equipment: ahu-1, ${ahu}`,
    `${source}, metric: "AHU-{n}/T", equipment: "ahu-{n}", ${ahu}, unit: degF, timeout: 2min, site: annex`,
  );
  expect(parseMapping('map.yaml', text, classes)).toMatchObject([
    { site: 'tower', device: null, timeoutMs: null, classPoint: { unit: 'degC' } },
    { site: 'annex', device: 'D', timeoutMs: 120_000, unit: 'degF' },
  ]);
});

test.each([
  [`${source}, metric: a, equipment: e, class: ahuu, point: x`, '/points/0/class "ahuu" is not a class'],
  [`${source}, metric: a, equipment: e, class: ahu, point: suply-temperature`, 'did you mean "supply-temperature"'],
  [`${source}, metric: a, equipment: e, ${ahu}, unit: kPa`, '/points/0/unit "kPa" is not a unit of supply-temperature'],
  [`${source}, metric: a, equipment: e, ${ahu}, unit: furlong`, '"furlong"'],
  [`${source}, metric: "a{n}", equipment: "e-{m}", ${ahu}`, '/points/0/equipment "{m}" is not in group, node'],
  [`${source}, metric: "a{n", equipment: e, ${ahu}`, '/points/0/metric "a{n" has a brace that is no placeholder'],
  [`group: G/H, node: N, metric: a, equipment: e, ${ahu}`, '/points/0/group "G/H" is no Sparkplug id'],
  [`${source}, metric: a, equipment: AHU 1, ${ahu}`, '/points/0/equipment "AHU 1" is no id'],
  [`${source}, metric: a, equipment: e, ${ahu}, timeout: soon`, '/points/0/timeout'],
  [
    `${source}, metric: a, equipment: e, class: ahu, point: user-mode, values: { X: 99 }`,
    '99 is not a value of user-mode',
  ],
  [`${source}, metric: a, equipment: e, ${ahu}, colour: red`, 'colour'],
])('%s is refused with place, value and what is allowed', (entry, message) => {
  const [problem, ...more] = problemsOf(file(entry));
  expect(problem).toMatch(/^3 /);
  expect(problem).toContain(message);
  expect(more).toEqual([]);
});

test('all faults of a file are told together, a repeated metric among them', () => {
  const entry = `${source}, metric: a, equipment: e, ${ahu}`;
  const problems = problemsOf(file(entry, entry, `${source}, metric: b, equipment: e, class: none, point: x`));
  expect(problems).toHaveLength(2);
  expect(problems[0]).toContain('4 /points/1 the same metric as in points/0');
});

test('the example is sound', () => {
  const file = fileURLToPath(new URL('../../examples/foreign-nodes.yaml', import.meta.url));
  expect(readMappingFile(file, classes).length).toBeGreaterThan(3);
});

test('text that is no YAML and a file that is not there are one problem with the name of the file', () => {
  expect(problemsOf('points: [')).toHaveLength(1);
  expect(() => readMappingFile('/nowhere/map.yaml', classes)).toThrow(/map\.yaml/);
});
