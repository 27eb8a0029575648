import { ProblemsError } from '@plantroom/contracts';
import { loadCatalog } from '@plantroom/device-profiles';
import { expect, test } from 'vitest';
import { parseSite } from './read-site-file.ts';
import { siteLifeSafety } from './site-life-safety.ts';

const { classes } = loadCatalog().catalog;
const read = (lifeSafety: string) =>
  parseSite(
    'site.yaml',
    `site: hq
name: { zh: 总部, en: Head office }
timeZone: Asia/Shanghai
lifeSafety: ${lifeSafety}
spaces:
  - { id: room, kind: room, name: { zh: 配电室, en: Switch room } }
equipment:
  - { id: leak-1, class: leak-detector, space: room, name: { zh: 漏水, en: Leak } }
  - { id: zone-1, class: fire-zone, space: room, name: { zh: 探测区, en: Zone } }
`,
    new Set(classes.keys()),
    classes,
  );

test('a leak in a switch room is about life when the site says so', () => {
  expect([...siteLifeSafety(read("['leak-1/water-leak#water-leak']"))]).toEqual(['hq/leak-1/water-leak#water-leak']);
  expect([...siteLifeSafety(read('[]'))]).toEqual([]);
});

test.each([
  ["['leak-9/water-leak#water-leak']", /^4 \/lifeSafety\/0: .*leak-9.*leak-1/],
  ["['leak-1/water-leak#leak']", /^4 \/lifeSafety\/0: .*water-leak#leak.*water-leak#water-leak/],
  ["['leak-1/battery#battery-low']", /^4 \/lifeSafety\/0: "leak-1\/battery#battery-low" waits for 10min.*5s at most/],
  ["['zone-1/fire#fire']", /^4 \/lifeSafety\/0: "zone-1\/fire#fire" is of life safety by its class/],
])('%s is refused with what is allowed', (list, pattern) => {
  let told: string[] = [];
  try {
    read(list);
  } catch (error) {
    if (!(error instanceof ProblemsError)) throw error;
    told = error.problems.map(({ path, line, message }) => `${line} ${path}: ${message}`);
  }
  expect(told).toEqual([expect.stringMatching(pattern)]);
});
