import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('../..', import.meta.url));

export interface NamedTest {
  file: string;
  title: string;
}

/** docs/sparkplug.md as data. */
export interface RequirementTable {
  tests: Map<string, NamedTest>;
  /** `shown`: keys of tests, or why the requirement does not apply. */
  requirements: { id: string; asks: string; where: string; shown: string }[];
}

export function requirementTable(): RequirementTable {
  const rows = readFileSync(join(root, 'docs/sparkplug.md'), 'utf8')
    .split('\n')
    .filter((line) => line.startsWith('| ') && !/^\| (id|key) /.test(line))
    .map((line) =>
      line
        .slice(1, -1)
        .split(' | ')
        .map((cell) => cell.trim()),
    );
  const table: RequirementTable = { tests: new Map(), requirements: [] };
  for (const [first = '', second = '', third = '', fourth = ''] of rows) {
    if (first.startsWith('`'))
      table.requirements.push({ id: first.replaceAll('`', ''), asks: second, where: third, shown: fourth });
    else table.tests.set(first, { file: second.replaceAll('`', ''), title: third });
  }
  return table;
}
