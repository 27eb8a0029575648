import { describe, expect, test } from 'vitest';
import { loadCatalog } from './load-catalog.ts';

const { classes } = loadCatalog().catalog;
const groups = [...classes].flatMap(([name, { alarms }]) =>
  Object.entries(alarms).flatMap(([rule, { suppresses = [] }]) =>
    suppresses.map((group, at) => ({ owner: name, what: `${name}/${rule} ${at}`, group })),
  ),
);

test('classes have suppression groups', () => {
  expect(groups.length).toBeGreaterThan(5);
});

describe.each(groups)('$what', ({ owner, group: { over, alarms } }) => {
  const named = over.every((edge) => edge === 'equipment') ? [owner] : (alarms?.classes ?? [...classes.keys()]);

  test('names classes and rules that there are', () => {
    const rules = named.flatMap((name) => Object.keys(classes.get(name)?.alarms ?? { [`no class ${name}`]: {} }));
    for (const rule of alarms?.rules ?? []) expect(rules).toContain(rule);
    for (const name of alarms?.classes ?? []) expect([...classes.keys()]).toContain(name);
  });

  test('each class that it names has one of its rules, and none of them is life safety', () => {
    for (const name of alarms?.classes ?? []) {
      const mine = (alarms?.rules ?? [])
        .map((rule) => classes.get(name)?.alarms[rule])
        .filter((one) => one !== undefined);
      if (alarms?.rules !== undefined) expect(mine.length, name).toBeGreaterThan(0);
      for (const one of mine) expect(one.lifeSafety ?? false).toBe(false);
    }
  });
});
