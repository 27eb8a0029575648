import { globSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { expect, test } from 'vitest';

const root = resolve(import.meta.dirname, '../..');
const sources = globSync('server/src/**/*.ts', { cwd: root })
  .sort()
  .filter((file) => !/\.test\.ts$|-contract\.ts$|\/test-helpers\//.test(file))
  .map((file) => ({ file, text: readFileSync(`${root}/${file}`, 'utf8') }));

const filesWith = (pattern: RegExp): string[] =>
  sources.filter(({ text }) => pattern.test(text)).map(({ file }) => file);

test.each(['alarm_journal', 'work_order_events', 'audit'])('no code changes or removes rows of %s', (table) => {
  expect(filesWith(new RegExp(`insertInto\\('${table}'\\)`))).toHaveLength(1);
  expect(
    filesWith(
      new RegExp(
        `(updateTable|deleteFrom|replaceInto|mergeInto|dropTable)\\(\\s*'${table}'|upsert\\([^)]*'${table}'|(update|delete\\s+from|truncate(\\s+table)?|drop\\s+table)\\s+"?${table}\\b`,
        'i',
      ),
    ),
  ).toEqual([]);
});

test('the journal is written in one place', () => {
  expect(filesWith(/insertInto\('alarm_journal'\)/)).toEqual(['server/src/repositories/journal-repository.ts']);
  expect(filesWith(/\bappendJournal\(/)).toEqual([
    'server/src/engine/committer.ts',
    'server/src/repositories/journal-repository.ts',
  ]);
});
