import { globSync, readFileSync } from 'node:fs';
import { stripTypeScriptTypes } from 'node:module';
import { resolve } from 'node:path';
import { expect, test } from 'vitest';

const root = resolve(import.meta.dirname, '../..');

/** What Node's own parser refuses although the test runner takes it: the process would not start. */
const refusedBy = (text: string): string | null => {
  try {
    stripTypeScriptTypes(text);
    return null;
  } catch (error) {
    return String(error).split('\n')[0] ?? '';
  }
};

test('Node reads every source as it is', () => {
  const files = globSync('{contracts,device-profiles,gateway,server,simulators,scripts,tests}/**/*.ts', {
    cwd: root,
    exclude: (path) => /node_modules|(^|\/)dist(\/|$)/.test(path),
  });
  expect(files.length).toBeGreaterThan(500);
  const refused = files.flatMap((file) => {
    const why = refusedBy(readFileSync(`${root}/${file}`, 'utf8'));
    return why === null ? [] : [`${file}: ${why}`];
  });
  expect(refused).toEqual([]);
});

test('and refuses what the test runner takes', () => {
  expect(refusedBy('for (const of of [(n: number) => n]) of(1);')).not.toBeNull();
});
