import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { demoPlant } from './file/demo-plant.ts';
import { scenariosByRule, uncoveredRules } from './mutations.ts';
import { scenarioNames } from './options.ts';

const list = fileURLToPath(new URL('./uncovered-rules.txt', import.meta.url));

test('every rule that a device of the demo building can raise is expected by a scenario, but for a list that only shrinks', async () => {
  const listed = readFileSync(list, 'utf8').split('\n').filter(Boolean);
  const uncovered = uncoveredRules(scenarioNames(), await demoPlant());
  const advice = 'npm run --silent scenario -- --uncovered > tests/scenario/uncovered-rules.txt';
  expect(
    listed.filter((rule) => !uncovered.includes(rule)),
    `covered or unknown by now: ${advice}`,
  ).toEqual([]);
  expect(
    uncovered.filter((rule) => !listed.includes(rule)),
    'write a scenario that expects an alarm of it',
  ).toEqual([]);
});

test('a rule is covered by whoever expects an alarm of it, whichever equipment it is of', () => {
  const definition = {} as never;
  const alarms = new Map([
    ['pump-1/x#h', { rule: 'pump/x#h', definition }],
    ['pump-2/x#h', { rule: 'pump/x#h', definition }],
    ['gw#offline', { rule: 'gateway#offline', definition }],
  ]);
  const found = scenariosByRule([{ name: 'one', alarms: ['pump-2/x#h', 'pump-1/x#h'] }], { alarms });
  expect([...found]).toEqual([
    ['pump/x#h', ['one']],
    ['gateway#offline', []],
  ]);
});
