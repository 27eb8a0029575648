import { expect, test } from 'vitest';
import { demoPlant } from './file/demo-plant.ts';
import { scenariosByRule, uncoveredRules } from './mutations.ts';
import { scenarioNames } from './options.ts';

test('every rule that a device of the demo building can raise is expected by a scenario', async () => {
  const uncovered = uncoveredRules(scenarioNames(), await demoPlant());
  expect(uncovered, 'write a scenario that expects an alarm of it').toEqual([]);
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
