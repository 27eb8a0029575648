import { ProblemsError } from '@plantroom/contracts';
import { expect, test } from 'vitest';
import { parseSite } from './read-site-file.ts';
import { siteInterlocks } from './site-interlocks.ts';

const read = (interlocks: string) =>
  parseSite(
    'site.yaml',
    `site: hq
name: { zh: 总部, en: Head office }
timeZone: Asia/Shanghai
interlocks:
${interlocks}
spaces:
  - { id: hall, kind: room, name: { zh: 大厅, en: Hall } }
equipment:
  - { id: panel-1, class: fire-panel, space: hall, name: { zh: 主机, en: Panel } }
  - { id: car-1, class: elevator, space: hall, name: { zh: 一号梯, en: Car 1 } }
  - { id: car-2, class: elevator, space: hall, name: { zh: 二号梯, en: Car 2 } }
`,
    new Set(['fire-panel', 'elevator']),
  );

test('each equipment has what switches it', () => {
  const model = read(`  - { by: panel-1, equipment: [car-1, car-2] }
  - { by: car-2, equipment: [car-1] }`);
  expect(Object.fromEntries(siteInterlocks(model))).toEqual({
    'hq/car-1': ['hq/panel-1', 'hq/car-2'],
    'hq/car-2': ['hq/panel-1'],
  });
});

test.each([
  ['  - { by: panel-9, equipment: [car-1] }', /^5 \/interlocks\/0\/by: "panel-9" is not known here.*panel-1/],
  ['  - { by: panel-1, equipment: [car-9] }', /^5 \/interlocks\/0\/equipment\/0: "car-9" is not known here/],
  ['  - { by: panel-1, equipment: [panel-1] }', /^5 \/interlocks\/0\/equipment\/0: "panel-1" does not switch itself/],
])('%s is refused with what is allowed', (interlocks, pattern) => {
  let told: string[] = [];
  try {
    read(interlocks);
  } catch (error) {
    if (!(error instanceof ProblemsError)) throw error;
    told = error.problems.map(({ path, line, message }) => `${line} ${path}: ${message}`);
  }
  expect(told).toEqual([expect.stringMatching(pattern)]);
});
