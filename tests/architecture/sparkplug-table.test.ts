import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { mutations } from '../mutations/mutations.ts';
import { requirementTable, root } from '../mutations/requirement-table.ts';

const read = (file: string): string => readFileSync(join(root, file), 'utf8');
const { tests, requirements } = requirementTable();
/** Names of all requirements of Sparkplug 3.0 for topics, messages, payloads and behaviour. */
const known = read('tests/architecture/sparkplug-ids.txt').trim().split('\n');

test('each requirement of Sparkplug 3.0 is in the table, once, and nothing else', () => {
  expect(known.length).toBeGreaterThan(290);
  expect(requirements.map(({ id }) => id).toSorted()).toEqual(known.toSorted());
});

test('each says what it asks, where it is kept and which test shows it, or why it does not apply', () => {
  for (const { id, asks, where, shown } of requirements) {
    expect(asks, id).toMatch(/\w/);
    if (shown.startsWith('does not apply: ')) continue;
    expect(where, id).toMatch(/\w/);
    for (const key of shown.split(' ')) expect(tests.has(key), `${id}: ${key}`).toBe(true);
  }
});

test('each test of the table is in its file, and some requirement needs it', () => {
  const needed = new Set(requirements.flatMap(({ shown }) => shown.match(/\b[A-Z]\d+\b/g) ?? []));
  for (const [key, { file, title }] of tests) {
    expect(existsSync(join(root, file)), file).toBe(true);
    expect(read(file), `${file}: ${title}`).toContain(`'${title}'`);
    expect(needed.has(key), key).toBe(true);
  }
});

test('each mutation breaks one place that is there, against a requirement whose test it names', () => {
  for (const { requirement, file, from, test: key } of mutations) {
    expect(read(file).split(from), `${file}: ${from}`).toHaveLength(2);
    const shown = requirements.find(({ id }) => id === requirement)?.shown ?? '';
    expect(shown.split(' '), requirement).toContain(key);
  }
});
